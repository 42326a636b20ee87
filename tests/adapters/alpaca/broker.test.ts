import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AlpacaBrokerParts, createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { nextSession } from '#domain/market/calendar';
import { type Instant, instant, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import type { BrokerReport, ConnectionChange, Fault, IdentifiedOrder, SnapshotAnswer } from '#ports/broker';
import { composeClientOrderId } from '#ports/clientOrderId';
import type { Clock } from '#ports/clock';
import { smallExchange } from '#support/embeddedAccount';

const KEY = { keyId: 'PKBROKER', secret: 'secret', controlToken: 'control' };
const JOURNAL = 'abcdefgh';

let exchange: Exchange;
let server: AlpacaServer;
let broker: ReturnType<typeof createAlpacaBroker>;
let reports: BrokerReport[] = [];
let connections: ConnectionChange[] = [];
/** Where the two clocks met: the wall's instant and the exchange's. */
let clockBegun = 0;
let clockBase = 0;
let counted: { readonly method: string; readonly path: string; readonly at: number }[] = [];

/** Expirations and strikes around the money. */
function strikes(right: 'call' | 'put' = 'put'): readonly string[] {
  const spot = exchange.market.quoteOf('SPY')?.bid ?? 0;
  return exchange.market
    .contracts({ underlyings: ['SPY'], right, strikeFrom: spot - 30, strikeTo: spot + 30 })
    .filter(({ expiration }) => expiration === '2026-01-30')
    .map(({ symbol }) => symbol);
}

let orders = 0;
const idOf = (): string => {
  orders += 1;
  return composeClientOrderId(JOURNAL, `i${orders}`, 1, '0123456789abcdef');
};
/** A butterfly: one of the outer strikes bought each, two of the middle one sold. */
function butterfly(netLimit: number, change: Partial<IdentifiedOrder> = {}): IdentifiedOrder {
  const [low = '', , middle = '', , high = ''] = strikes();
  const clientOrderId = idOf();
  return {
    intentId: String(orders),
    attempt: 1,
    clientOrderId,
    assetClass: 'option',
    underlying: 'SPY',
    legs: [
      { symbol: low, side: 'buy', ratio: 1, intent: 'buyToOpen' },
      { symbol: middle, side: 'sell', ratio: 2, intent: 'sellToOpen' },
      { symbol: high, side: 'buy', ratio: 1, intent: 'buyToOpen' },
    ],
    contracts: 1,
    netLimit,
    timeInForce: 'day',
    purpose: 'open',
    ...change,
  };
}

beforeEach(async () => {
  exchange = smallExchange();
  const until = plusMs(nextSession(exchange.now()).open, 1_800_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  clockBegun = Date.now();
  clockBase = exchange.now();
  const clock: Clock = {
    now: () => instant(clockBase + Date.now() - clockBegun),
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - clock.now()));
      return () => clearTimeout(timer);
    },
  };
  const venue = embeddedVenue(server.url);
  const gateway = createGateway({
    venue,
    ...KEY,
    clock,
    settings: {
      timeoutMs: 5_000,
      scheduler: { perMinute: 100, reserved: 10, maxConcurrent: 6, reservedConcurrent: 2 },
    },
    jitter: () => 0,
  });
  counted = [];
  const realFetch = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const path = new URL(input instanceof Request ? input.url : String(input)).pathname;
    counted.push({ method: init?.method ?? 'GET', path, at: Date.now() });
    return realFetch(input, init);
  });
  const parts: AlpacaBrokerParts = {
    gateway,
    venue,
    clock,
    immediate: true,
    journalId: JOURNAL,
    stream: { authenticationMs: 5_000, slowRetryMs: 500, renewMs: 100 },
    thread: null,
  };
  broker = createAlpacaBroker(parts);
  reports = [];
  connections = [];
  broker.onReport((report) => reports.push(report));
  broker.onConnection((change) => connections.push(change));
  await broker.start();
});
afterEach(async () => {
  await broker.stop();
  vi.restoreAllMocks();
  await server.close();
});

const posts = () => counted.filter(({ method, path }) => method === 'POST' && path === '/v2/orders').length;
const said = <Kind extends BrokerReport['kind']>(kind: Kind) =>
  vi.waitFor(
    () => {
      const found = reports.find((report): report is Extract<BrokerReport, { kind: Kind }> => report.kind === kind);
      if (!found) throw new Error(`${kind} was not said; heard: ${reports.map((report) => report.kind).join()}`);
      return found;
    },
    { timeout: 8_000 },
  );
const move = (seconds: number): void => {
  const target = plusMs(exchange.now(), seconds * 1000);
  while (exchange.now() < target) exchange.advanceTo(target);
};
const snapshot = async (
  activitiesSince: Instant | null = null,
): Promise<Extract<SnapshotAnswer, { kind: 'snapshot' }>['snapshot']> => {
  const answer = await new Promise<SnapshotAnswer>((resolve) => {
    const stop = broker.onSnapshot((given) => {
      stop();
      resolve(given);
    });
    broker.requestSnapshot({ requestId: 's', activitiesSince, closedSince: instant(0) });
  });
  if (answer.kind !== 'snapshot') throw new Error(answer.fault.message);
  return answer.snapshot;
};

describe('an order through the official kit', () => {
  it('travels with its signs and ratios, fills leg by leg, and is told the same by the stream, a look-up and a snapshot', async () => {
    const order = butterfly(-3);
    broker.send(order);
    await said('orderAccepted');
    move(5);
    const filled = await said('orderFilled');
    expect(filled.netPrice).toBeLessThan(0);
    expect(filled.netPrice).toBeGreaterThanOrEqual(-3);
    expect(filled.legs.map(({ contracts }) => contracts)).toEqual([1, -2, 1]);
    const cash = filled.legs.reduce((sum, { contracts, price }) => sum - contracts * price, 0);
    expect(cash).toBeCloseTo(filled.netPrice, 6);

    broker.lookUp(order.clientOrderId);
    const { order: known } = await said('orderLookedUp');
    expect(known?.legs.map(({ ratio, side }) => `${side} ${ratio}`)).toEqual(['buy 1', 'sell 2', 'buy 1']);
    expect(known).toMatchObject({ status: 'filled', netLimit: -3, filledNetPrice: filled.netPrice, filledContracts: 1 });

    const { closedOrders, positions, account } = await snapshot();
    expect(closedOrders).toEqual([known]);
    expect(positions.map(({ quantity }) => quantity).sort()).toEqual([-2, 1, 1]);
    expect(account).toMatchObject({ isPaper: true, optionsLevel: 3, tradingBlocked: false });
  });

  it('is told by activities without an amount, and one that is published late is found by reading some time back', async () => {
    exchange.faults.use([{ kind: 'lateActivity', subject: 'FILL', times: 1, delayMs: 60_000 }]);
    broker.send(butterfly(-3));
    await said('orderAccepted');
    move(5);
    await said('orderFilled');
    const early = (await snapshot()).activities;
    expect(early.map(({ kind }) => kind)).toEqual(['fill', 'fill']);
    const newest = instant(Math.max(...early.map(({ at }) => at)));
    move(61);
    const since = plusMs(newest, -3 * 86_400_000);
    const { activities } = await snapshot(since);
    expect(activities).toHaveLength(3);
    const moved = activities.reduce((sum, { netCash }) => sum + netCash, 0);
    const fills = exchange.desk.ledger().filter(({ kind }) => kind === 'fill');
    expect(moved).toBe(fills.reduce((sum, { cash }) => sum + cash, 0));
  });

  it('is refused in the broker’s own code and words', async () => {
    const naked = butterfly(1, {
      legs: [{ symbol: strikes('call').at(-1) ?? '', side: 'sell', ratio: 1, intent: 'sellToOpen' }],
    });
    broker.send(naked);
    expect(await said('orderRejected')).toMatchObject({
      code: '40310000',
      message: 'account not eligible to trade uncovered option contracts',
    });
  });

  it('is cancelled by its client id when the broker’s own was never heard', async () => {
    const order = butterfly(-0.01);
    broker.send(order);
    await said('orderAccepted');
    move(1);
    broker.cancel(order.clientOrderId, null);
    await vi.waitFor(() => expect(counted.some(({ method }) => method === 'DELETE')).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    move(2);
    expect(await said('orderCancelled')).toMatchObject({ clientOrderId: order.clientOrderId, filledContracts: 0 });
  });

  it('changed by another hand is told, and the order in its place is seen', async () => {
    const [symbol = ''] = strikes();
    const legs = [{ symbol, side: 'buy', ratio: 1, intent: 'buyToOpen' }] as const;
    const order = butterfly(-0.01, { legs, contracts: 2 });
    broker.send(order);
    const { brokerOrderId } = await said('orderAccepted');
    move(2);
    expect(exchange.desk.replace(brokerOrderId, { netLimit: -0.02 }).kind).toBe('accepted');
    move(1);
    const { order: ours } = await said('orderLookedUp');
    const { order: successor } = await said('externalOrderSeen');
    expect(ours).toMatchObject({ clientOrderId: order.clientOrderId, status: 'replaced', replacedBy: successor.brokerOrderId });
    expect(successor).toMatchObject({ contracts: 2, netLimit: -0.02, status: expect.not.stringMatching('replaced') });
    expect(successor.clientOrderId).not.toBe(order.clientOrderId);
  });

  it.each([
    ['buy', 'buyToOpen', 97.95, 'The order says to buy and be paid 97.95: it was not sent.'],
    ['sell', 'sellToClose', -1.2, 'The order says to sell and pay 1.20: it was not sent.'],
  ] as const)('whose limit contradicts its side (%s) does not leave', async (side, intent, netLimit, message) => {
    const [symbol = ''] = strikes();
    broker.send(butterfly(netLimit, { legs: [{ symbol, side, ratio: 1, intent }] }));
    expect(await said('submissionFailed')).toMatchObject({ certainty: 'notSent', fault: { message, retryable: false } });
    expect(posts()).toBe(0);
  });

  it('of another hand is seen, in full', async () => {
    exchange.faults.use([{ kind: 'manualTradeElsewhere', times: 1 }]);
    move(120);
    const { order } = await said('externalOrderSeen');
    expect(order.clientOrderId.startsWith(`sd-${JOURNAL}`)).toBe(false);
    expect(order.legs.length).toBeGreaterThan(0);
  });
});

describe('an answer that cannot be read', () => {
  /** From now on the answers to `method` under `path` are these texts, whatever the broker did. */
  function answers(method: string, path: string, text: string): void {
    const inner = vi.mocked(globalThis.fetch).getMockImplementation() ?? fetch;
    vi.mocked(globalThis.fetch).mockImplementation(async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const answer = await inner(input, init);
      return (init?.method ?? 'GET') === method && url.pathname.startsWith(path)
        ? new Response(text, { status: 200, headers: { 'Content-Type': 'application/json' } })
        : answer;
    });
  }

  it.each([
    ['nothing', '', 'order: expected an object'],
    ['a list', '[]', 'order: expected an object'],
    ['a word', '"ok"', 'order: expected an object'],
    ['another order', '{"id":"x","client_order_id":"other"}', "order: client_order_id is 'other'"],
    ['no broker id', null, 'order: id is missing'],
  ])('to an order (%s) leaves it in doubt, and it is sent once', async (_story, text, message) => {
    const order = butterfly(-0.01);
    answers('POST', '/v2/orders', text ?? JSON.stringify({ client_order_id: order.clientOrderId }));
    broker.send(order);
    const failed = await said('submissionFailed');
    expect(failed).toMatchObject({ clientOrderId: order.clientOrderId, certainty: 'inDoubt' });
    expect(failed.fault.message).toContain(message);
    expect(posts()).toBe(1);
    expect(exchange.desk.orders({ status: 'all' })).toHaveLength(1);
    broker.lookUp(order.clientOrderId);
    expect((await said('orderLookedUp')).order?.clientOrderId).toBe(order.clientOrderId);
  });

  it('to a look-up is a look-up that failed, never an absence and never a combination without legs', async () => {
    const order = butterfly(-0.01);
    broker.send(order);
    const { brokerOrderId } = await said('orderAccepted');
    const whole = {
      id: brokerOrderId,
      client_order_id: order.clientOrderId,
      status: 'new',
      order_class: 'mleg',
      filled_qty: '0',
    };
    for (const [body, message] of [
      [{ ...whole, qty: '1' }, 'legs are missing'],
      [{ ...whole, qty: '1', client_order_id: 'other' }, 'client_order_id'],
      [{ ...whole, legs: [{ symbol: 'X', side: 'buy' }] }, 'qty is missing'],
      [{ ...whole, qty: '1', filled_qty: '2', legs: [{ symbol: 'X', side: 'buy' }] }, 'filled_qty is 2 of 1'],
      [{ ...whole, qty: '1', legs: [{ symbol: 'X' }] }, 'side is missing'],
    ] as const) {
      reports = [];
      answers('GET', '/v2/orders', JSON.stringify(body));
      broker.lookUp(order.clientOrderId);
      expect((await said('lookUpFailed')).fault.message).toContain(message);
      expect(reports).toHaveLength(1);
    }
  });

  it('to the question which order to cancel refuses the cancel', async () => {
    const order = butterfly(-0.01);
    broker.send(order);
    await said('orderAccepted');
    answers('GET', '/v2/orders', '{}');
    broker.cancel(order.clientOrderId, null);
    expect((await said('cancelRefused')).fault.message).toContain('client_order_id');
    expect(counted.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('to a look at the account fails it and names the field; an empty answer is no empty account', async () => {
    answers('GET', '/v2/positions', '[{"symbol":"SPY"}]');
    await expect(snapshot()).rejects.toThrow('position SPY: qty is missing');
    answers('GET', '/v2/positions', '');
    await expect(snapshot()).rejects.toThrow('positions: expected a list');
    answers('GET', '/v2/positions', '[]');
    answers(
      'GET',
      '/v2/account/activities',
      JSON.stringify(Array.from({ length: 100 }, () => ({ id: 'a', activity_type: 'FEE' }))),
    );
    await expect(snapshot()).rejects.toThrow('the same page again');
  });
});

describe('an order on a bad line is never sent twice', () => {
  it.each([
    ['the answer is lost after acceptance', 'timeoutAfterAccept', 'inDoubt', 1],
    ['the line breaks before acceptance', 'timeoutBeforeAccept', 'inDoubt', 0],
    ['the connection is reset', 'connectionReset', 'inDoubt', 0],
    ['the server fails', 'serverError', 'inDoubt', 0],
    ['a proxy answers with a page', 'malformedBody', 'inDoubt', 1],
    ['the broker asks for patience', 'rateLimited', 'notSent', 0],
  ] as const)(
    '%s',
    async (_story, kind, certainty, atTheBroker) => {
      exchange.faults.use([{ kind, subject: 'POST /v2/orders', times: 1 }]);
      const order = butterfly(-0.01);
      broker.send(order);
      expect(await said('submissionFailed')).toMatchObject({ clientOrderId: order.clientOrderId, certainty });
      // Long enough for any kit's own retries.
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect(posts()).toBe(1);
      expect(exchange.desk.orders({ status: 'all' })).toHaveLength(atTheBroker);
      broker.lookUp(order.clientOrderId);
      const looked = await said('orderLookedUp');
      expect(looked.order?.clientOrderId ?? null).toBe(atTheBroker === 1 ? order.clientOrderId : null);
    },
    20_000,
  );

  /** The broker says 429: what is sent in the next one to two seconds waits in our own queue. */
  async function untilBudgetIsUsedUp(): Promise<void> {
    const brokersNow = instant(clockBase + Date.now() - clockBegun);
    while (exchange.now() < brokersNow) exchange.advanceTo(brokersNow);
    exchange.faults.use([{ kind: 'rateLimited', subject: 'GET /v2/account', times: 1 }]);
    await expect(snapshot()).rejects.toThrow();
  }
  /** Past every reset that a 429 may have named. */
  const waitOut = () => new Promise((resolve) => setTimeout(resolve, 3_000));

  it.each(['open', 'close'] as const)(
    'an order (%s) that waits here is not sent once the kill switch is thrown',
    async (purpose) => {
      await untilBudgetIsUsedUp();
      let held: Fault | null = null;
      const order = butterfly(-0.01, { purpose });
      broker.send(order, () => held);
      held = { code: 'killSwitch', message: 'The kill switch is HALTED; the order was not sent.', retryable: false };
      await waitOut();
      expect(posts()).toBe(0);
      expect(await said('submissionFailed')).toMatchObject({
        certainty: 'notSent',
        fault: held,
        clientOrderId: order.clientOrderId,
      });
      expect(connections.some(({ state }) => state === 'disconnected')).toBe(false);
    },
    20_000,
  );

  it('an order that waits here is over as soon as it is taken back: nothing is asked of the broker', async () => {
    await untilBudgetIsUsedUp();
    const order = butterfly(-0.01);
    broker.send(order);
    broker.cancel(order.clientOrderId, null);
    const answer = await said('submissionFailed');
    expect(answer).toMatchObject({ clientOrderId: order.clientOrderId, certainty: 'notSent', fault: { retryable: true } });
    await waitOut();
    expect(counted.filter(({ method, path }) => method !== 'GET' || path.includes('by_client_order_id'))).toEqual([]);
    expect(exchange.desk.orders({ status: 'all' })).toHaveLength(0);
  }, 20_000);

  it('an order that still waits here is not proved absent by a look-up that does not find it', async () => {
    await untilBudgetIsUsedUp();
    const order = butterfly(-0.01);
    broker.send(order);
    broker.lookUp(order.clientOrderId);
    expect((await said('lookUpFailed')).fault.status).toBe(404);
    await said('orderAccepted');
    expect(reports.some(({ kind }) => kind === 'orderLookedUp')).toBe(false);
  }, 20_000);

  it('waits for the reset that a 429 names, cancels included, and not a second longer', async () => {
    const order = butterfly(-0.01);
    broker.send(order);
    const { brokerOrderId } = await said('orderAccepted');
    exchange.faults.use([{ kind: 'rateLimited', subject: 'GET /v2/account', times: 1 }]);
    // The broker's clock stands unless it is moved; it names a whole second, one to two seconds after its now.
    const before = Date.now();
    const brokersNow = instant(clockBase + before - clockBegun);
    while (exchange.now() < brokersNow) exchange.advanceTo(brokersNow);
    const reset = clockBegun + (Math.ceil(brokersNow / 1000) + 1) * 1000 - clockBase;
    await expect(snapshot()).rejects.toThrow();
    const limitedAt = counted.find(({ path, at }) => path === '/v2/account' && at >= before)?.at ?? 0;
    broker.cancel(order.clientOrderId, brokerOrderId);
    const erased = await vi.waitFor(
      () => {
        const found = counted.find(({ method }) => method === 'DELETE');
        if (!found) throw new Error('no cancel yet');
        return found;
      },
      { timeout: 5_000 },
    );
    expect(limitedAt).toBeLessThan(reset);
    // A timer may be a millisecond early by its own rounding, and a busy machine late.
    expect(erased.at).toBeGreaterThanOrEqual(reset - 2);
    expect(erased.at).toBeLessThan(reset + 1_000);
  }, 20_000);

  it('says when the broker cannot be reached, gives up entries that wait, and says when it is back', async () => {
    exchange.faults.use([{ kind: 'serverError', subject: 'GET /v2' }]);
    await expect(snapshot()).rejects.toThrow();
    exchange.faults.use([]);
    await snapshot();
    const states = connections.filter(({ channel }) => channel === 'broker').map(({ state }) => state);
    expect(states.at(-2)).toBe('disconnected');
    expect(states.at(-1)).toBe('connected');
  });
});
