import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { accountAgrees, keepEveningAudit } from '#app/desk/eveningAudit';
import { openWireSession } from '#app/simulation/wireSession';
import { cents, instant, isoDate, plusMs } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil, type SimulatedSession } from '#modes/simulated';
import type { AccountSnapshot, Broker, BrokerOrder, SnapshotAnswer } from '#ports/broker';
import type { Deliverable } from '#ports/deliverable';
import type { DayAudit, JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { MarketData } from '#ports/marketData';
import { auditOfDay, type EveningBooks } from '#research/audit/dayAudit';
import { EAGER_SETTINGS, UNIVERSE } from '#support/eagerSettings';

const START = isoDate('2026-01-05');
const settings = EAGER_SETTINGS;

interface Evening {
  readonly snapshot: AccountSnapshot;
  readonly books: EveningBooks;
  readonly told: readonly DayAudit[];
  readonly rows: readonly JournalRow[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-evening-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One day of trading that ends with its audit, whoever carries the orders. */
async function evening(
  name: string,
  broker: Broker & Deliverable,
  feed: MarketData & Deliverable,
  time: SimulatedSession['time'],
): Promise<Evening> {
  const journal = openJournal(join(folder, `${name}.db`), { create: true, journalId: 'evening0' });
  const told: DayAudit[] = [];
  let last: AccountSnapshot | null = null;
  broker.onSnapshot((answer) => {
    if (answer.kind === 'snapshot') last = answer.snapshot;
  });
  const keeper = keepEveningAudit({
    broker,
    journal,
    account: 'PA3SIM000001',
    now: () => time.now(),
    agrees: () => accountAgrees(engine.view()),
    ordersBetween: () => Promise.resolve([]),
    clockToleranceMs: () => 1_000,
    onAudited(audit) {
      told.push(audit);
      runtime.post({ kind: 'dayAudited', at: time.now(), audit });
    },
    onError(_, error) {
      throw error;
    },
  });
  const { engine, runtime, start } = assemble({
    settings,
    broker,
    feed,
    journal,
    latch: memoryLatch(),
    mode: 'paper',
    account: 'PA3SIM000001',
    build: 'test',
    now: () => time.now(),
    onJournalled: (facts) => keeper.takeFacts(facts),
    onCrash: (error) => {
      throw error;
    },
  });
  await broker.start();
  await feed.start();
  start();
  await runUntil({ runtime, time, adapters: [broker, feed], onTime() {} }, plusMs(time.now(), 14 * 3_600_000));
  runtime.stop();
  await broker.stop();
  await feed.stop();
  const rows = [...journal.reader.rows(1)];
  const head = journal.writer.head();
  journal.close();
  if (!last) throw new Error('nobody looked at the account');
  return {
    snapshot: last,
    books: { date: START, journalId: 'evening0', snapshot: last, rows, head, clockToleranceMs: 1_000 },
    told,
    rows,
  };
}

const market = () =>
  createExchange({ seed: 3, start: START, settings: { market: { underlyings: UNIVERSE, historySessions: 40 } } });

describe('the evening’s audit', () => {
  let embedded: Evening;
  beforeAll(async () => {
    const exchange = market();
    embedded = await evening('embedded', new EmbeddedBroker(exchange), new EmbeddedFeed(exchange), exchange);
  }, 60_000);

  const withOrders = (change: (order: BrokerOrder, index: number) => BrokerOrder[]): EveningBooks => {
    const { snapshot } = embedded.books;
    return { ...embedded.books, snapshot: { ...snapshot, closedOrders: snapshot.closedOrders.flatMap(change) } };
  };
  const first = (): BrokerOrder => {
    const filled = embedded.books.snapshot.closedOrders.find(({ status }) => status === 'filled');
    if (!filled) throw new Error('nothing was filled');
    return filled;
  };

  it('proves a day’s orders once, puts it on record and names the head of the chain', () => {
    expect(embedded.told).toHaveLength(1);
    const [audit] = embedded.told;
    expect(audit).toMatchObject({ date: START, unintended: 0, duplicates: 0, lost: 0, findings: [] });
    expect(audit?.orders).toBeGreaterThan(3);
    expect(audit?.filledUnits).toBeGreaterThan(0);
    const row = embedded.rows.find(({ seq }) => seq === audit?.head.seq);
    expect(row?.hash.slice(0, 12)).toBe(audit?.head.hash12);
    expect(embedded.rows.filter(({ fact }) => fact.kind === 'DayAudited')).toHaveLength(1);
  });

  it('finds an order under our name that nobody intended, one of another size, and one sent before its intent', () => {
    const foreign = { ...first(), clientOrderId: 'sd-evening0-i9999-1-0123456789ab' };
    expect(auditOfDay(withOrders((order) => (order === first() ? [order, foreign] : [order]))).unintended).toBe(1);
    const larger = withOrders((order) => (order === first() ? [{ ...order, contracts: order.contracts + 1 }] : [order]));
    expect(auditOfDay(larger).findings[0]).toContain('units instead of');
    const early = withOrders((order) =>
      order === first() ? [{ ...order, submittedAt: instant(order.submittedAt - 5_000) }] : [order],
    );
    expect(auditOfDay(early).findings[0]).toContain('the intent was written after the order');
  });

  it('takes a broker’s clock that is a little behind for what it is', () => {
    const behind = withOrders((order) => [{ ...order, submittedAt: instant(order.submittedAt - 900) }]);
    expect(auditOfDay(behind).unintended).toBe(0);
  });

  it('finds a fill that the journal lost, and one that it invented', () => {
    const lost = withOrders((order) =>
      order === first() ? [{ ...order, filledContracts: order.filledContracts + 1 }] : [order],
    );
    expect(auditOfDay(lost).lost).toBe(1);
    const invented = withOrders((order) =>
      order === first() ? [{ ...order, filledContracts: 0, status: 'cancelled' }] : [order],
    );
    expect(auditOfDay(invented).lost).toBe(1);
  });

  it('finds an order that was sent twice', () => {
    expect(
      auditOfDay(withOrders((order) => (order === first() ? [order, { ...order, brokerOrderId: 'again' }] : [order]))).duplicates,
    ).toBe(1);
  });

  it('leaves alone what belongs to another journal or another day', () => {
    const elsewhere = { ...first(), clientOrderId: 'sd-another1-i1-1-0123456789ab' };
    const earlier = {
      ...first(),
      submittedAt: instant(first().submittedAt - 86_400_000),
      clientOrderId: 'sd-evening0-i9999-1-0123456789ab',
    };
    const audit = auditOfDay(withOrders((order) => (order === first() ? [order, elsewhere, earlier] : [order])));
    expect(audit).toMatchObject({ unintended: 0, duplicates: 0, lost: 0 });
  });

  it('asks an account for its own orders alone: what paper filled on that day is not lost at the live broker', async () => {
    const journal = openJournal(join(folder, 'accounts.db'), { create: true, journalId: 'evening0' });
    const told: DayAudit[] = [];
    let answer: (found: SnapshotAnswer) => void = () => {};
    const [start] = embedded.rows.filter(({ fact }) => fact.kind === 'SessionStarted');
    const closed = embedded.rows.find(({ fact }) => fact.kind === 'DayClosed');
    if (start?.fact.kind !== 'SessionStarted' || closed?.fact.kind !== 'DayClosed') throw new Error('no session, no close');
    const keeper = keepEveningAudit({
      broker: {
        onSnapshot(listener) {
          answer = listener;
          return () => {};
        },
      },
      journal,
      account: '847LIVE',
      now: () => closed.at,
      agrees: () => true,
      ordersBetween: () => Promise.reject(new Error('nothing of this account was missed')),
      clockToleranceMs: () => 1_000,
      onAudited: (audit) => told.push(audit),
      onError(_, error) {
        throw error;
      },
    });
    const { at } = closed;
    const paper = embedded.rows.filter(({ fact }) => fact.kind !== 'DayAudited').map((row) => ({ at: row.at, fact: row.fact }));
    const live: JournalFact[] = [
      { ...start.fact, mode: 'live', account: '847LIVE' },
      { kind: 'DayOpened', date: START, startEquity: cents(12_500_000) },
    ];
    journal.writer.append(paper, { durable: false });
    journal.writer.append(
      live.map((fact) => ({ at, fact })),
      { durable: false },
    );
    answer({ kind: 'snapshot', requestId: 's', snapshot: { ...embedded.snapshot, openOrders: [], closedOrders: [] } });
    keeper.takeFacts([closed.fact]);
    await Promise.resolve();
    journal.close();
    expect(told).toMatchObject([{ date: START, orders: 0, lost: 0, findings: [] }]);
  });

  it('proves the same day over Alpaca’s protocol', async () => {
    const keys = { keyId: 'PKEVENING', secret: 'evening-secret', controlToken: 'evening-control' };
    const server = await createAlpacaServer({ exchange: market(), ...keys, port: 0 });
    try {
      const session = await openWireSession({ url: server.url, ...keys }, 'evening0');
      const { told } = await evening('wire', session.broker, session.feed, session);
      expect(told).toMatchObject([{ unintended: 0, duplicates: 0, lost: 0, findings: [] }]);
      expect(told[0]?.orders).toBe(embedded.told[0]?.orders);
    } finally {
      await server.close();
    }
  }, 120_000);
});
