import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { nextSession } from '#domain/market/calendar';
import { instant, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import type { BrokerReport, IdentifiedOrder, SnapshotAnswer } from '#ports/broker';
import { composeClientOrderId } from '#ports/clientOrderId';
import type { Clock } from '#ports/clock';
import { smallExchange } from '#support/embeddedAccount';
import { type FaultyWire, openFaultyWire } from '#support/faultyWire';
import { QUIET_FEED } from '#support/quietFeed';
import { type Asking, NAMED_FAULTS, type NamedFault } from './namedFaults.ts';

const KEY = { keyId: 'PKFAULTS', secret: 'secret', controlToken: 'control' };
const JOURNAL = 'abcdefgh';
const TIMEOUT_MS = 500;

let exchange: Exchange;
let server: AlpacaServer;
let wire: FaultyWire;
let put = '';
let held = '';
const unhandled: unknown[] = [];
const note = (error: unknown): void => {
  unhandled.push(error);
};

const move = (seconds: number): void => {
  const target = plusMs(exchange.now(), seconds * 1000);
  while (exchange.now() < target) exchange.advanceTo(target);
};

let orders = 0;
function order(symbol: string, purpose: 'open' | 'close', netLimit: number): IdentifiedOrder {
  orders += 1;
  const leg =
    purpose === 'open' ? ({ side: 'buy', intent: 'buyToOpen' } as const) : ({ side: 'sell', intent: 'sellToClose' } as const);
  return {
    intentId: String(orders),
    attempt: 1,
    clientOrderId: composeClientOrderId(JOURNAL, `i${orders}`, 1, '0123456789abcdef'),
    assetClass: 'option',
    underlying: 'SPY',
    legs: [{ symbol, ratio: 1, ...leg }],
    contracts: 1,
    netLimit,
    timeInForce: 'day',
    purpose,
  };
}

/** A program with a fresh line: the broker and the feed over the real kit, and what they say. */
function open() {
  const base = exchange.now();
  const begun = Date.now();
  const clock: Clock = {
    now: () => instant(base + Date.now() - begun),
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - clock.now()));
      return () => clearTimeout(timer);
    },
  };
  const venue = { ...embeddedVenue(wire.url), updatesUrl: embeddedVenue(server.url).updatesUrl };
  const scheduler = { perMinute: 180, reserved: 20, maxConcurrent: 6, reservedConcurrent: 2 };
  const gateway = createGateway({ venue, ...KEY, clock, settings: { timeoutMs: TIMEOUT_MS, scheduler }, jitter: () => 0 });
  const broker = createAlpacaBroker({
    gateway,
    venue,
    clock,
    immediate: true,
    thread: null,
    journalId: JOURNAL,
    stream: { authenticationMs: 5_000, slowRetryMs: 500, renewMs: 100 },
  });
  const feed = createAlpacaFeed({
    gateway,
    clock,
    ...QUIET_FEED,
  });
  const reports: BrokerReport[] = [];
  broker.onReport((report) => reports.push(report));
  return { broker, feed, reports };
}

beforeAll(async () => {
  process.on('unhandledRejection', note);
  exchange = smallExchange();
  const until = plusMs(nextSession(exchange.now()).open, 1_800_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  wire = await openFaultyWire(server.url);
  const spot = exchange.market.quoteOf('SPY')?.bid ?? 0;
  const puts = exchange.market
    .contracts({ underlyings: ['SPY'], right: 'put', strikeFrom: spot - 30, strikeTo: spot - 10 })
    .filter(({ expiration }) => expiration === '2026-01-30')
    .map(({ symbol }) => symbol);
  put = puts[0] ?? '';
  held = puts[1] ?? '';
  const line = open();
  await line.broker.start();
  line.broker.send({ ...order(held, 'open', -9), contracts: NAMED_FAULTS.length });
  await heard(line.reports, 'orderAccepted');
  move(5);
  await vi.waitFor(() => expect(exchange.desk.positions()).toHaveLength(1), { timeout: 5_000 });
  await line.broker.stop();
});
afterEach(() => wire.use('', null));
afterAll(async () => {
  process.off('unhandledRejection', note);
  await wire.close();
  await server.close();
});

type Answer = { readonly kind: string; readonly text: string; readonly certainty?: string };

/** Asks, and answers with the one thing that came of it. */
async function outcomeOf(
  line: ReturnType<typeof open>,
  { asking, on, fault }: NamedFault,
): Promise<Answer & { readonly id: string }> {
  const { broker, feed, reports } = line;
  const resting = order(put, 'open', -0.01);
  const needsOrder: readonly Asking[] = ['cancel', 'cancelUnheard', 'lookUp', 'snapshot'];
  let brokerOrderId = '';
  if (needsOrder.includes(asking)) {
    broker.send(resting);
    brokerOrderId = (await heard(reports, 'orderAccepted')).brokerOrderId;
    reports.length = 0;
  }
  wire.use(on, fault);
  const id = resting.clientOrderId;
  const reported = async (): Promise<Answer & { id: string }> => {
    const report = await vi.waitFor(
      () => {
        const [first] = reports.filter((one) => one.kind !== 'orderWorking');
        if (!first) throw new Error('nothing was said');
        return first;
      },
      { timeout: 5_000, interval: 10 },
    );
    return {
      id,
      kind: report.kind,
      text: JSON.stringify(report),
      ...('certainty' in report ? { certainty: report.certainty } : {}),
    };
  };
  switch (asking) {
    case 'send':
      broker.send(resting);
      return reported();
    case 'cancel':
      broker.cancel(id, brokerOrderId);
      return reported();
    case 'cancelUnheard':
      broker.cancel(id, null);
      return reported();
    case 'lookUp':
      broker.lookUp(id);
      return reported();
    case 'exercise':
      broker.exercise(held, 'exercise');
      return reported();
    case 'snapshot': {
      const answer = await new Promise<SnapshotAnswer>((resolve) => {
        broker.onSnapshot(resolve);
        broker.requestSnapshot({ requestId: 's', activitiesSince: null, closedSince: instant(0) });
      });
      return { id, kind: answer.kind, text: JSON.stringify(answer) };
    }
    case 'chain':
    case 'history': {
      const answer = await new Promise<{ readonly missing: readonly unknown[] }>((resolve) => {
        feed.onChains(resolve);
        feed.onHistory(resolve);
        const window = { minDaysToExpiration: 20, maxDaysToExpiration: 45, strikesWithin: 0.1 };
        if (asking === 'chain') feed.requestChains({ requestId: 'r', underlyings: ['SPY'], window });
        else feed.requestHistory({ requestId: 'r', underlyings: ['SPY'], days: 20 });
      });
      return { id, kind: answer.missing.length > 0 ? 'missing' : 'found', text: JSON.stringify(answer.missing) };
    }
    case 'quotes': {
      const quotes = await new Promise((resolve) => {
        feed.onQuotes(resolve);
        feed.requestQuotes(['SPY']);
      });
      return { id, kind: 'quotes', text: JSON.stringify(quotes) };
    }
  }
}

function heard<Kind extends BrokerReport['kind']>(reports: readonly BrokerReport[], kind: Kind) {
  return vi.waitFor(
    () => {
      const found = reports.find((report): report is Extract<BrokerReport, { kind: Kind }> => report.kind === kind);
      if (!found) throw new Error(`${kind} was not said; heard: ${reports.map((report) => report.kind).join()}`);
      return found;
    },
    { timeout: 5_000, interval: 10 },
  );
}

describe('the named faults of the REST wire', () => {
  it('are more than sixty', () => {
    expect(NAMED_FAULTS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(NAMED_FAULTS.map((fault) => [`${fault.asking}: ${fault.name}`, fault] as const))(
    '%s',
    async (_name, fault) => {
      const line = open();
      const { broker, reports } = line;
      try {
        const outcome = await outcomeOf(line, fault);
        expect(outcome).toMatchObject({
          kind: fault.expect.kind,
          ...(fault.expect.certainty ? { certainty: fault.expect.certainty } : {}),
        });
        if (fault.expect.says) expect(outcome.text).toMatch(fault.expect.says);
        if (fault.asking === 'send') {
          // Once on the wire, whatever came back, and at most once at the broker.
          expect(wire.asked().filter((name) => name.startsWith('POST /v2/orders'))).toHaveLength(1);
          expect(
            exchange.desk.orders({ status: 'all' }).filter(({ clientOrderId }) => clientOrderId === outcome.id),
          ).toHaveLength(fault.atBroker ?? 0);
        }
        // Nobody's answer stops an exit: it goes while the fault stands elsewhere, and at once after one of its own.
        if (fault.on.startsWith('POST /v2/orders')) wire.use('', null);
        reports.length = 0;
        broker.send(order(held, 'close', 90));
        await heard(reports, 'orderAccepted');
        expect(unhandled).toEqual([]);
      } finally {
        await broker.stop();
      }
    },
    20_000,
  );
});
