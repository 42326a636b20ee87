import { describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { instant } from '#domain/units';
import type { FaultScript } from '#exchange/faults';
import type { BrokerReport, IdentifiedOrder, SnapshotAnswer } from '#ports/broker';
import type { TradingHalt } from '#ports/marketData';
import { naturalNet, runOn, runToTime, smallExchange } from '#support/embeddedAccount';

const [P650, P645] = ['SPY260130P00650000', 'SPY260130P00645000'];
const LEGS = [
  { symbol: P650, side: 'sell', ratio: 1, intent: 'sellToOpen' },
  { symbol: P645, side: 'buy', ratio: 1, intent: 'buyToOpen' },
] as const;

function desk(faults: FaultScript = []) {
  const exchange = smallExchange({ faults });
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const reports: BrokerReport[] = [];
  const snapshots: SnapshotAnswer[] = [];
  broker.onReport((report) => reports.push(report));
  broker.onSnapshot((answer) => snapshots.push(answer));
  void broker.start();
  void feed.start();
  runToTime(exchange, '2026-01-05', '10:00');
  broker.deliver();
  feed.deliver();
  const order = (attempt: number, netLimit: number): IdentifiedOrder => ({
    intentId: 'i1',
    attempt,
    clientOrderId: `sd-test-i1-${attempt}-000000000000`,
    assetClass: 'option',
    underlying: 'SPY',
    legs: LEGS,
    contracts: 2,
    netLimit,
    timeInForce: 'day',
    purpose: 'open',
  });
  const natural = naturalNet(exchange, LEGS);
  return { exchange, broker, feed, reports, snapshots, order, natural };
}

const kinds = (reports: readonly BrokerReport[]) => reports.map(({ kind }) => kind);

describe('the embedded feed', () => {
  it('tells of a halt once, and once of its end', () => {
    const { exchange, feed } = desk();
    const told: TradingHalt[] = [];
    feed.onHalts((halts) => told.push(...halts));
    const look = () => {
      feed.requestQuotes(['SPY']);
      feed.deliver();
    };
    exchange.faults.use([{ kind: 'halt', subject: 'SPY' }]);
    look();
    look();
    expect(told).toMatchObject([{ underlying: 'SPY', halted: true, code: 'M' }]);
    exchange.faults.use([]);
    look();
    look();
    expect(told.slice(1)).toMatchObject([{ underlying: 'SPY', halted: false }]);
  });
});

describe('the embedded broker', () => {
  it('answers only when told to, acceptance first, then working, then the fill with its legs', () => {
    const { exchange, broker, reports, order, natural } = desk();
    broker.send(order(1, Math.round((natural - 0.3) * 100) / 100));
    expect(reports).toEqual([]);
    expect(broker.deliver()).toBe(true);
    expect(kinds(reports)).toEqual(['orderAccepted']);
    runOn(exchange, 5);
    broker.deliver();
    expect(kinds(reports)).toEqual(['orderAccepted', 'orderWorking', 'orderFilled']);
    const fill = reports[2];
    if (fill?.kind !== 'orderFilled') throw new Error('no fill');
    expect(fill).toMatchObject({ contracts: 2, cumulativeContracts: 2, complete: true });
    const cash = fill.legs.reduce((sum, { contracts, price }) => sum - contracts * Math.round(price * 100), 0);
    expect(cash).toBe(Math.round(fill.netPrice * 100) * 2);
    expect(broker.deliver()).toBe(false);
  });

  it('reports refusals, cancels, look-ups and snapshots in the port’s words', () => {
    const { exchange, broker, reports, snapshots, order, natural } = desk();
    broker.send(order(1, Math.round((natural + 2) * 100) / 100));
    broker.send(order(1, Math.round((natural + 2) * 100) / 100));
    runOn(exchange, 1);
    broker.lookUp('sd-test-i1-1-000000000000');
    broker.lookUp('sd-test-i9-1-000000000000');
    broker.cancel('sd-test-i1-1-000000000000', null);
    runOn(exchange, 1);
    broker.cancel('sd-test-i1-1-000000000000', null);
    broker.requestSnapshot({ requestId: 'r1', activitiesSince: null, closedSince: instant(0) });
    broker.deliver();
    expect(kinds(reports)).toEqual([
      'orderAccepted',
      'orderRejected',
      'orderWorking',
      'orderLookedUp',
      'orderLookedUp',
      'orderCancelled',
      'cancelRefused',
    ]);
    expect(reports[1]).toMatchObject({ code: '40010001', brokerOrderId: null });
    expect(reports[3]).toMatchObject({ order: { status: 'working', filledContracts: 0, contracts: 2 } });
    expect(reports[4]).toMatchObject({ order: null });
    const [answer] = snapshots;
    if (answer?.kind !== 'snapshot') throw new Error('no snapshot');
    expect(answer.snapshot.account).toMatchObject({ cash: 10_000_000, equity: 10_000_000, optionsLevel: 3, isPaper: true });
    expect(answer.snapshot.openOrders).toEqual([]);
    expect(answer.snapshot.closedOrders.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('leaves an order in doubt when the answer is lost, and the order may rest all the same', () => {
    const { exchange, broker, reports, order, natural } = desk([{ kind: 'timeoutAfterAccept', times: 1 }]);
    broker.send(order(1, Math.round((natural + 2) * 100) / 100));
    broker.lookUp('sd-test-i1-1-000000000000');
    broker.deliver();
    expect(reports[0]).toMatchObject({ kind: 'submissionFailed', certainty: 'inDoubt' });
    expect(reports[1]).toMatchObject({ kind: 'orderLookedUp', order: { status: 'pending' } });
    expect(exchange.desk.orders({ status: 'open' })).toHaveLength(1);
  });

  it('never sent what the rate limit stopped', () => {
    const { exchange, broker, reports, order } = desk([{ kind: 'rateLimited' }]);
    broker.send(order(1, 1));
    broker.deliver();
    expect(reports).toMatchObject([{ kind: 'submissionFailed', certainty: 'notSent', fault: { status: 429, retryable: true } }]);
    expect(exchange.desk.orders({ status: 'all' })).toEqual([]);
  });

  it('tells of orders that another hand sent', () => {
    const { exchange, broker, reports } = desk([{ kind: 'manualTradeElsewhere', subject: 'KO', times: 1 }]);
    runOn(exchange, 120);
    broker.deliver();
    expect(new Set(kinds(reports))).toEqual(new Set(['externalOrderSeen']));
  });
});

describe('the embedded feed', () => {
  it('answers chains, history and quotes of the moment that was asked about', () => {
    const { exchange, feed } = desk();
    const seen: string[] = [];
    feed.onChains(({ chains, missing }) =>
      seen.push(`${chains.map((chain) => chain.underlying)} missing ${missing.map((each) => each.underlying)}`),
    );
    feed.onHistory(({ histories }) => seen.push(`history ${histories[0]?.bars.length}`));
    feed.onQuotes((quotes, at) => seen.push(`${quotes.length} quotes at ${at}`));
    const at = exchange.now();
    feed.requestChains({
      requestId: 'c1',
      underlyings: ['SPY', 'NONE'],
      window: { minDaysToExpiration: 5, maxDaysToExpiration: 40, strikesWithin: 0.1 },
    });
    feed.requestHistory({ requestId: 'h1', underlyings: ['KO'], days: 20 });
    feed.watch([P650, 'SPY', 'NOSUCH']);
    feed.publishWatched();
    runOn(exchange, 30);
    expect(seen).toEqual([]);
    feed.deliver();
    expect(seen).toEqual(['SPY missing NONE', 'history 20', `2 quotes at ${at}`]);
  });
});
