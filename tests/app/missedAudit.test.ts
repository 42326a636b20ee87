import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { ordersBetween } from '#adapters/brokers/alpaca/ordersBetween';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { brokerOrderOf } from '#adapters/brokers/embedded/translate';
import { systemClock } from '#adapters/clock/systemClock';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { accountAgrees, keepEveningAudit, noticeOfMissed } from '#app/desk/eveningAudit';
import { atNewYork } from '#domain/market/calendar';
import { type Instant, isoDate } from '#domain/units';
import type { EngineView } from '#engine/view';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import type { Desk } from '#host/desk';
import { missingOf, stateOf } from '#host/safety/controlState';
import { CONTROLS } from '#host/safety/controls';
import { runUntil } from '#modes/simulated';
import type { BrokerOrder } from '#ports/broker';
import type { DayAudit } from '#ports/facts';
import { missedDays } from '#research/audit/missedAudits';
import { EAGER_SETTINGS, UNIVERSE } from '#support/eagerSettings';
import { runTo } from '#support/embeddedAccount';
import { EngineDesk } from '#support/engineDesk';

const FRIDAY = isoDate('2026-01-09');
const MONDAY = isoDate('2026-01-12');
const ACCOUNT = 'PA3SIM000001';
const CLEAN = { orders: 3, filledUnits: 2, unintended: 0, duplicates: 0, lost: 0, findings: [], head: { seq: 1, hash12: '' } };

let folder = '';
let exchange: Exchange;
let journal: OpenJournal;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-missed-'));
  exchange = createExchange({ seed: 3, start: FRIDAY, settings: { market: { underlyings: UNIVERSE, historySessions: 40 } } });
  journal = openJournal(join(folder, 'journal.db'), { create: true, journalId: 'missed00' });
});
afterAll(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function ordersOn(from: Instant, until: Instant): BrokerOrder[] {
  const all = exchange.desk.orders({ status: 'all' }).map(brokerOrderOf);
  return all.filter(({ submittedAt }) => submittedAt >= from && submittedAt < until);
}

/** The desk from now until `until`; answers with what was audited, and what it knew at its start. */
async function session(until: Instant, tellOrders: (orders: readonly BrokerOrder[]) => readonly BrokerOrder[] = (all) => all) {
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const told: DayAudit[] = [];
  const failures: string[] = [];
  const keeper = keepEveningAudit({
    broker,
    journal,
    account: ACCOUNT,
    now: () => exchange.now(),
    agrees: () => accountAgrees(engine.view()),
    ordersBetween: async (from, before) => tellOrders(ordersOn(from, before)),
    clockToleranceMs: () => 1_000,
    onAudited(audit) {
      told.push(audit);
      runtime.post({ kind: 'dayAudited', at: exchange.now(), audit });
    },
    onError: (where, error) => failures.push(`${where}: ${error instanceof Error ? error.message : String(error)}`),
  });
  const { engine, runtime, start } = assemble({
    settings: EAGER_SETTINGS,
    broker,
    feed,
    journal,
    latch: memoryLatch(),
    mode: 'paper',
    account: ACCOUNT,
    build: 'test',
    now: () => exchange.now(),
    onJournalled: (facts) => keeper.takeFacts(facts),
    onCrash: (error) => {
      throw error;
    },
  });
  const missedAtStart = keeper.missed();
  await broker.start();
  await feed.start();
  start();
  await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, until);
  keeper.stop();
  runtime.stop();
  await broker.stop();
  await feed.stop();
  return { told, failures, missedAtStart, missedAtEnd: keeper.missed() };
}

describe('a Friday whose close nobody saw', () => {
  const open = () => missedDays(journal.reader, { today: MONDAY, account: ACCOUNT }).map(({ date }) => date);

  it('is missing on Monday, for its own account alone', async () => {
    const { told, missedAtStart } = await session(atNewYork(FRIDAY, '12:30'));
    expect(told).toEqual([]);
    expect(missedAtStart).toEqual([]);
    expect(ordersOn(atNewYork(FRIDAY, '00:00'), atNewYork(FRIDAY, '23:59')).length).toBeGreaterThan(3);
    runTo(exchange, atNewYork(MONDAY, '09:31'));
    expect(open()).toEqual([FRIDAY]);
    expect(missedDays(journal.reader, { today: MONDAY, account: 'PA2OTHER' })).toEqual([]);
    expect(missedDays(journal.reader, { today: FRIDAY, account: ACCOUNT })).toEqual([]);
    expect(noticeOfMissed(open())).toMatchObject({ title: 'A day was never audited', body: expect.stringContaining(FRIDAY) });
    expect(noticeOfMissed([])).toBeNull();
  });

  it('stays missing while the broker does not answer, and is not asked again at every look', async () => {
    let asked = 0;
    const { told, failures, missedAtStart, missedAtEnd } = await session(atNewYork(MONDAY, '09:36'), () => {
      asked += 1;
      throw new Error('HTTP 503');
    });
    expect(missedAtStart).toEqual([FRIDAY]);
    expect(told).toEqual([]);
    expect(failures).toEqual(['audit of a missed day: HTTP 503']);
    expect(asked).toBe(1);
    expect(missedAtEnd).toEqual([FRIDAY]);
  });

  it('leaves the control over the end of the day unknown, and named', () => {
    const control = CONTROLS.find(({ title }) => title === 'At the end of the day');
    if (!control) throw new Error('no such control');
    const seen = new EngineDesk().price('XYZ', 100).start().engine.view();
    const view: EngineView = {
      ...seen,
      now: atNewYork(MONDAY, '09:40'),
      account: { ...seen.account, number: ACCOUNT },
      lastAudit: { ...CLEAN, date: isoDate('2026-01-08') },
    };
    const desk = new Proxy<Desk>(Object.create(null), { get: () => ({ journal: journal.reader }) });
    expect(stateOf(control, view, desk)).toBe('unknown');
    expect(missingOf(control, view, desk)).toBe('Never audited, the desk was off when they closed: 2026-01-09.');
    const elsewhere = { ...view, account: { ...view.account, number: 'PA2OTHER' } };
    expect(stateOf(control, elsewhere, desk)).toBe('holding');
    expect(stateOf(control, { ...elsewhere, lastAudit: null }, desk)).toBe('builtIn');
  });

  it('is audited in the next session as soon as the account agrees, long before that day closes: once, and clean', async () => {
    // An order of a journal that an older copy has replaced: the owner was told of it when the account was looked at.
    const [first] = ordersOn(atNewYork(FRIDAY, '00:00'), atNewYork(FRIDAY, '23:59'));
    if (!first) throw new Error('nothing was sent');
    const lost = { ...first, clientOrderId: 'sd-missed00-i1-7-0123456789ab', brokerOrderId: 'lost' };
    const { clientOrderId, brokerOrderId, status, filledContracts } = lost;
    const noted = { step: 'seen', clientOrderId, brokerOrderId, underlying: null, status, filledContracts } as const;
    journal.writer.append([{ at: exchange.now(), fact: { kind: 'UnrecordedOrderNoted', ...noted } }], { durable: true });
    const { told, failures, missedAtEnd } = await session(atNewYork(MONDAY, '09:45'), (orders) => [...orders, lost]);
    expect(failures).toEqual([]);
    expect(told).toMatchObject([{ date: FRIDAY, unintended: 0, duplicates: 0, lost: 0, findings: [] }]);
    expect(told[0]?.orders).toBe(ordersOn(atNewYork(FRIDAY, '00:00'), atNewYork(FRIDAY, '23:59')).length);
    expect(told[0]?.filledUnits).toBeGreaterThan(0);
    expect(missedAtEnd).toEqual([]);
    const audited = [...journal.reader.rows(1)].filter(({ fact }) => fact.kind === 'DayAudited');
    expect(audited.map(({ fact }) => (fact.kind === 'DayAudited' ? fact.date : ''))).toEqual([FRIDAY]);
    expect(open()).toEqual([]);
  });

  it('reads Alpaca’s orders of a stretch page by page: all of them, each once', async () => {
    const keys = { keyId: 'PKMISSED', secret: 'missed-secret', controlToken: 'missed-control' };
    const server = await createAlpacaServer({ exchange, ...keys, port: 0 });
    try {
      const gateway = createGateway({
        venue: embeddedVenue(server.url),
        ...keys,
        clock: systemClock(),
        settings: { timeoutMs: 30_000, scheduler: { perMinute: null, reserved: 0, maxConcurrent: 4, reservedConcurrent: 0 } },
        jitter: () => 0,
      });
      const stretch = { from: atNewYork(FRIDAY, '00:00'), until: atNewYork(FRIDAY, '23:59') };
      const ids = (orders: readonly BrokerOrder[]) => orders.map(({ clientOrderId }) => clientOrderId).sort();
      const expected = ids(ordersOn(stretch.from, stretch.until));
      expect(ids(await ordersBetween(gateway, stretch))).toEqual(expected);
      expect(ids(await ordersBetween(gateway, stretch, 7))).toEqual(expected);
    } finally {
      await server.close();
    }
  });
});
