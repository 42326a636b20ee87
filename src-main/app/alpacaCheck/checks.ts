import { fieldOf, type Probe, type WireAnswer } from './probe.ts';
import type { CheckedSpread } from './spread.ts';

/** One point of the list: what the adapter counts on, and what this account did. */
export interface CheckedItem {
  readonly item: string;
  readonly expected: string;
  readonly seen: string;
  readonly verdict: 'same' | 'different' | 'notProvoked';
}

export interface CheckRun {
  readonly probe: Probe;
  readonly spread: CheckedSpread;
  /** Prefix of every order's id: unique to this run. */
  readonly run: string;
}

/** A credit that nobody pays for a one-strike spread: the order rests. */
const UNPAYABLE = '-0.97';
const SAFE_WAYS: readonly RegExp[] = [/^pending_new$/, /^new$/, /^accepted$/, /^pending_cancel$/];

/** Runs the whole list, one point after the other, and takes back every order that it sent. */
export async function runChecks(context: CheckRun): Promise<readonly CheckedItem[]> {
  const { probe, run } = context;
  const updates = await probe.listen();
  try {
    const items: CheckedItem[] = [];
    const first = await probe.request('POST', '/v2/orders', spreadOrder(context, `${run}-a`, 'day', UNPAYABLE));
    items.push(said('a negative limit price is a credit', '200, limit_price -0.97', first, 'limit_price'));
    items.push(compared('side of a combination', 'empty', `${String(fieldOf(first.body, 'side') ?? '') || 'empty'}`));
    items.push(rateHeaders(first));
    await probe.pause();
    const id = String(fieldOf(first.body, 'id'));
    items.push(await replaced(probe, id));
    items.push(await duplicate(context));
    items.push(await twoListeners(probe));
    await probe.request('DELETE', `/v2/orders/${id}`);
    await probe.pause();
    items.push(sequence(updates.eventsOf(`${run}-a`)));
    items.push(await gtc(context));
    items.push(await subPenny(context));
    items.push(await stopOrder(context));
    items.push(await doNotExercise(context));
    items.push({
      item: 'a combination filled in part, and its legs meanwhile',
      expected: 'whole combinations only, legs in ratio',
      seen: 'cannot be brought about by an order that must not fill',
      verdict: 'notProvoked',
    });
    return items;
  } finally {
    updates.close();
    await cancelOwn(context);
  }
}

function compared(item: string, expected: string, seen: string): CheckedItem {
  return { item, expected, seen, verdict: seen === expected ? 'same' : 'different' };
}

function said(item: string, expected: string, answer: WireAnswer, field: string): CheckedItem {
  return compared(
    item,
    expected,
    `${answer.status}, ${field} ${String(fieldOf(answer.body, field) ?? fieldOf(answer.body, 'message'))}`,
  );
}

function rateHeaders({ headers }: WireAnswer): CheckedItem {
  const names = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'].filter((name) => headers.has(name));
  return compared(
    'headers of the request budget',
    'X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset',
    names.join(', ') || 'none',
  );
}

async function replaced(probe: Probe, id: string): Promise<CheckedItem> {
  const answer = await probe.request('PATCH', `/v2/orders/${id}`, { limit_price: '-0.96' });
  const seen = answer.status >= 400 ? 'refused' : 'accepted';
  return compared('replacing a combination', 'refused', seen);
}

async function duplicate(context: CheckRun): Promise<CheckedItem> {
  const again = await context.probe.request('POST', '/v2/orders', spreadOrder(context, `${context.run}-a`, 'day', UNPAYABLE));
  return compared(
    'a client order id used twice',
    '422, 40010001',
    `${again.status}, ${String(fieldOf(again.body, 'code') ?? 'no code')}`,
  );
}

async function twoListeners(probe: Probe): Promise<CheckedItem> {
  const second = await probe.listen().catch(() => null);
  await probe.pause();
  const seen = second?.isOpen() ? 'both open' : 'the second is refused';
  second?.close();
  return compared('two update streams of one key', 'both open', seen);
}

/** Known steps only, and the cancel last. */
function sequence(events: readonly string[]): CheckedItem {
  const steps = events.slice(0, -1);
  const known = events.at(-1) === 'canceled' && steps.every((step) => SAFE_WAYS.some((way) => way.test(step)));
  return {
    item: 'events of a combination that is taken back',
    expected: 'pending_new, accepted or new, then canceled',
    seen: events.join(', ') || 'none',
    verdict: known ? 'same' : 'different',
  };
}

async function gtc(context: CheckRun): Promise<CheckedItem> {
  const answer = await context.probe.request('POST', '/v2/orders', spreadOrder(context, `${context.run}-g`, 'gtc', UNPAYABLE));
  return compared('a combination good till cancelled', 'accepted', answer.status === 200 ? 'accepted' : 'refused');
}

async function subPenny(context: CheckRun): Promise<CheckedItem> {
  const answer = await context.probe.request('POST', '/v2/orders', {
    ...singleOrder(context, `${context.run}-t`),
    type: 'limit',
    limit_price: '0.011',
  });
  return compared(
    'a limit price between two cents',
    'refused, 422',
    answer.status === 200 ? 'accepted' : `refused, ${answer.status}`,
  );
}

async function stopOrder(context: CheckRun): Promise<CheckedItem> {
  const answer = await context.probe.request('POST', '/v2/orders', {
    ...singleOrder(context, `${context.run}-s`),
    type: 'stop',
    stop_price: '900.00',
  });
  return {
    item: 'a stop order on an option (none is ever sent: stops are held by the engine)',
    expected: 'accepted or refused, never filled at once',
    seen: answer.status === 200 ? 'accepted' : `refused, ${answer.status}`,
    verdict: fieldOf(answer.body, 'status') === 'filled' ? 'different' : 'same',
  };
}

async function doNotExercise({ probe, spread }: CheckRun): Promise<CheckedItem> {
  const answer = await probe.request('POST', `/v2/positions/${spread.long}/do-not-exercise`);
  const seen = answer.status >= 400 && answer.status < 500 ? 'refused' : `status ${answer.status}`;
  return compared('do-not-exercise of a contract that is not held', 'refused', seen);
}

function spreadOrder({ spread }: CheckRun, id: string, timeInForce: 'day' | 'gtc', limit: string): unknown {
  return {
    client_order_id: id,
    order_class: 'mleg',
    qty: '1',
    type: 'limit',
    time_in_force: timeInForce,
    limit_price: limit,
    legs: [
      { symbol: spread.short, side: 'sell', ratio_qty: '1', position_intent: 'sell_to_open' },
      { symbol: spread.long, side: 'buy', ratio_qty: '1', position_intent: 'buy_to_open' },
    ],
  };
}

function singleOrder({ spread }: CheckRun, id: string): Readonly<Record<string, string>> {
  return {
    client_order_id: id,
    symbol: spread.long,
    side: 'buy',
    qty: '1',
    time_in_force: 'day',
    position_intent: 'buy_to_open',
  };
}

/** Nothing of this run stays behind. */
async function cancelOwn({ probe, run }: CheckRun): Promise<void> {
  const open = await probe.request('GET', '/v2/orders?status=open&limit=500&nested=true');
  for (const order of Array.isArray(open.body) ? open.body : []) {
    if (String(fieldOf(order, 'client_order_id')).startsWith(run))
      await probe.request('DELETE', `/v2/orders/${String(fieldOf(order, 'id'))}`);
  }
  await probe.pause();
}
