import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { truthOf } from '#app/simulation/truth';
import { cents, isoDate, plusMs } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import type { JournalRow } from '#ports/journal';
import { engineSettings } from '#ports/settings/settings';
import { audit } from '#research/audit/auditor';
import type { AuditedOrder, BrokerTruth } from '#research/audit/brokerTruth';
import { moneyDifference } from '#research/audit/money';

// Spreads must trade on this one morning, whatever the scanner thinks of them.
const settings = engineSettings.parse({ scanner: { minExpectedValueDollars: -100 } });
let folder = '';
let truth: BrokerTruth = { orders: [], ledger: [] };
let rows: readonly JournalRow[] = [];

/** One real morning on the exchange; every story below plants one fault into its records. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-auditor-'));
  const exchange = createExchange({ seed: 3, start: isoDate('2026-01-05') });
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const journal = openJournal(join(folder, 'journal.db'), { create: true, journalId: 'audited0' });
  const { runtime, start } = assemble({
    settings,
    broker,
    feed,
    journal,
    latch: memoryLatch(),
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: 'test',
    feeSchedule: exchange.settings.fees,
    now: () => exchange.now(),
    onCrash: (error) => {
      throw error;
    },
  });
  await broker.start();
  await feed.start();
  start();
  const until = plusMs(exchange.now(), 16 * 3_600_000);
  await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, until);
  runtime.stop();
  journal.flush();
  rows = [...journal.reader.rows(1)];
  journal.close();
  truth = truthOf(exchange);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filledOrder = (): AuditedOrder => {
  const order = truth.orders.find((one) => one.status === 'filled' && one.legs.length === 2);
  if (!order) throw new Error('no spread was filled');
  return order;
};
const withOrder = (change: Partial<AuditedOrder>): BrokerTruth => {
  const target = filledOrder();
  return { ...truth, orders: truth.orders.map((order) => (order === target ? { ...order, ...change } : order)) };
};
const kinds = (seen: BrokerTruth, told: readonly JournalRow[] = rows) =>
  new Set(audit(seen, told, settings).findings.map(({ kind }) => kind));

describe('the auditor', () => {
  it('finds nothing in a clean morning that traded', () => {
    expect(truth.orders.length).toBeGreaterThan(10);
    expect(audit(truth, rows, settings).findings).toEqual([]);
  });

  it('finds an order that the journal never intended', () => {
    const stranger = { ...filledOrder(), id: 'x', clientOrderId: 'sd-audited0-i9999-1-0123456789ab', filledQuantity: 0 };
    expect(kinds({ ...truth, orders: [...truth.orders, stranger] })).toContain('unintendedOrder');
  });

  it('finds an order whose size, price, legs or witness differ from its intent', () => {
    const order = filledOrder();
    expect(kinds(withOrder({ quantity: order.quantity + 1 }))).toContain('unintendedOrder');
    expect(kinds(withOrder({ netLimit: -(order.netLimit ?? 0) }))).toContain('unintendedOrder');
    const flipped = order.legs.map((leg) => ({ ...leg, side: leg.side === 'buy' ? ('sell' as const) : ('buy' as const) }));
    expect(kinds(withOrder({ legs: flipped }))).toContain('unintendedOrder');
    const forged = order.clientOrderId.replace(/.{12}$/, '000000000000');
    expect(kinds(withOrder({ clientOrderId: forged }))).toContain('unintendedOrder');
  });

  it('finds an intent that was written after its order', () => {
    expect(kinds(withOrder({ createdAt: plusMs(filledOrder().createdAt, -60_000) }))).toContain('unintendedOrder');
  });

  it('finds the same order twice, and two attempts that could fill together', () => {
    expect(kinds({ ...truth, orders: [...truth.orders, { ...filledOrder(), id: 'twin' }] })).toContain('duplicateOrder');
    const retried = truth.orders.find((order) => /-i\d+-2-/.test(order.clientOrderId));
    const first = truth.orders.find((order) => order.clientOrderId.includes(retried?.clientOrderId.split('-')[2] ?? '?'));
    if (!first || !retried) throw new Error('no order was tried twice');
    const orders = truth.orders.map((order) => (order === first ? { ...order, status: 'working' } : order));
    expect(kinds({ ...truth, orders })).toContain('duplicateOrder');
  });

  it('finds a fill that the journal does not know, and one that never was', () => {
    const isFill = ({ fact }: JournalRow): boolean => fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled';
    const lost = rows.filter((row) => !isFill(row) || row !== rows.find(isFill));
    expect(kinds(truth, lost)).toContain('lostOrder');
    expect(kinds({ ...truth, ledger: truth.ledger.filter(({ kind }) => kind !== 'fill') })).toContain('lostOrder');
  });

  it('finds a position that one of the books holds alone', () => {
    const [entry] = truth.ledger.filter(({ symbol }) => symbol !== null);
    if (!entry) throw new Error('nothing was traded');
    expect(kinds({ ...truth, ledger: [...truth.ledger, { ...entry, kind: 'transfer', quantity: 1 }] })).toContain(
      'positionMismatch',
    );
  });

  it('finds a short leg that lost its cover', () => {
    const isLong = (entry: BrokerTruth['ledger'][number]): boolean =>
      entry.symbol !== null && /\d[CP]\d{8}$/.test(entry.symbol) && entry.quantity > 0;
    const naked = truth.ledger
      .filter((entry) => !isLong(entry))
      .map((entry) => ({ ...entry, cash: (entry.cash * 0) as typeof entry.cash }));
    expect(kinds({ ...truth, ledger: naked })).toContain('nakedLeg');
  });

  it('finds a leg that another hand left alone only when nothing buys it back within a sweep', () => {
    const index = truth.ledger.findIndex(({ symbol, quantity }) => /\d[CP]\d{8}$/.test(symbol ?? '') && quantity > 0);
    const bought = truth.ledger[index];
    const short = truth.ledger.find(
      ({ executionId, clientOrderId, quantity }) =>
        clientOrderId === bought?.clientOrderId && executionId !== bought?.executionId && quantity < 0,
    );
    const order = filledOrder();
    if (!bought || !short?.symbol) throw new Error('no spread was bought');
    const at = plusMs(bought.at, 60_000);
    const noCash = { ...bought, cash: (0 * bought.cash) as typeof bought.cash };
    const sold = { ...noCash, at, quantity: -bought.quantity, clientOrderId: 'desk', executionId: 'desk' };
    const poor = truth.ledger
      .filter(({ clientOrderId }) => clientOrderId === bought.clientOrderId)
      .map((entry) => ({ ...entry, cash: noCash.cash }));
    const desk = { ...order, id: 'desk', clientOrderId: 'desk', origin: 'brokerLiquidation', createdAt: at, updatedAt: at };
    const repair = {
      ...order,
      id: 'r',
      clientOrderId: 'r',
      origin: 'client',
      createdAt: plusMs(at, 59_000),
      updatedAt: plusMs(at, 60_000),
      legs: [{ symbol: short.symbol, side: 'buy' as const, ratio: 1 }],
    };
    const told = rows.filter((row) => row.at < at);
    let after: (typeof sold)[] = [];
    let unquoted: NonNullable<BrokerTruth['unquoted']> = [];
    let lines: readonly JournalRow[] = [];
    const naked = (...orders: AuditedOrder[]) =>
      audit(
        {
          orders: [...truth.orders.filter(({ createdAt }) => createdAt < at), ...orders],
          ledger: [...poor, sold, ...after],
          unquoted,
        },
        [...told, ...lines],
        settings,
      ).nakedLegs;
    expect(naked(desk)).toBe(1);
    // What kept the repair back starts its time anew: quotes that could not be used, and a line until the row that says it is back.
    const late = { ...repair, createdAt: plusMs(at, 630_000), updatedAt: plusMs(at, 640_000) };
    expect(naked(desk, late)).toBe(1);
    unquoted = [{ underlying: short.symbol.slice(0, 1), from: plusMs(at, 30_000), until: plusMs(at, 600_000) }];
    expect(naked(desk, late)).toBe(0);
    unquoted = [{ underlying: 'another', from: plusMs(at, 30_000), until: plusMs(at, 600_000) }];
    expect(naked(desk, late)).toBe(1);
    unquoted = [];
    const line = (state: 'connected' | 'disconnected', when: number): JournalRow => ({
      seq: 0,
      at: plusMs(at, when),
      hash: '',
      fact: { kind: 'ConnectionChanged', change: { channel: 'data', state, detail: '', at: plusMs(at, when) } },
    });
    lines = [line('disconnected', -60_000), line('connected', 600_000)];
    expect(naked(desk, late)).toBe(0);
    expect(naked(desk)).toBe(1);
    lines = [];
    expect(naked(desk, repair)).toBe(0);
    // Its fee closes the event: what is uncovered is not laid at the door of our next fill, of another stock.
    const fee = { ...sold, kind: 'fee', symbol: null, quantity: 0 };
    const ours = { ...sold, at: plusMs(at, 20_000), symbol: 'KO', quantity: 100, clientOrderId: 'ours', executionId: 'ours' };
    after = [fee, ours];
    const mine = { ...order, id: 'ours', clientOrderId: 'ours', origin: 'client', legs: [] };
    expect(naked(desk, mine)).toBe(1);
    expect(naked(desk, mine, repair)).toBe(0);
    after = [];
    expect(naked(desk, { ...repair, createdAt: plusMs(at, 61_000), updatedAt: plusMs(at, 62_000) })).toBe(1);
    expect(naked({ ...desk, origin: 'client' }, repair)).toBe(1);
  });

  it('finds an opening after the kill switch, and a size beyond its limit', () => {
    const first = rows.findIndex(({ fact }) => fact.kind === 'OrderIntended');
    const before = rows[first];
    if (!before) throw new Error('nothing was intended');
    const thrown: JournalRow = {
      ...before,
      fact: { kind: 'KillStateChanged', from: 'ACTIVE', to: 'REDUCING', reason: 'test', by: 'owner' },
    };
    expect(kinds(truth, [...rows.slice(0, first), thrown, ...rows.slice(first)])).toContain('limitBreach');
    const tight = engineSettings.parse({ risk: { maxContractsPerOrder: 1 } });
    expect(audit(truth, rows, tight).limitBreaches).toBeGreaterThan(0);
  });

  it.each([
    [{ maxOrdersPerMinute: 1 }, /orders within a minute/],
    [{ maxOrdersPerDay: 1 }, /orders in a day/],
    [{ maxPositionsPerStrategy: 1 }, /positions of \w+, 1 allowed/],
    [{ maxPositionsPerExpiration: 1 }, /positions end on \d{4}-\d{2}-\d{2}, 1 allowed/],
  ] as const)('counts anew what the gate says that it counted: %j', (risk, words) => {
    const { findings } = audit(truth, rows, engineSettings.parse({ scanner: { minExpectedValueDollars: -100 }, risk }));
    expect(findings.map(({ detail }) => detail).join('\n')).toMatch(words);
    expect(audit(truth, rows, settings).findings).toEqual([]);
  });

  it('finds legs sent twice within the window, and an opening after the day’s loss', () => {
    const at = rows.findIndex(({ fact }) => fact.kind === 'OrderIntended' && fact.request.purpose === 'open');
    const first = rows[at];
    if (first?.fact.kind !== 'OrderIntended') throw new Error('nothing was opened');
    const { request } = first.fact;
    const again: JournalRow = { ...first, fact: { ...first.fact, request: { ...request, intentId: `${request.intentId}b` } } };
    const twice = [...rows.slice(0, at + 1), again, ...rows.slice(at + 1)];
    const details = (changed: readonly JournalRow[]) =>
      audit(truth, changed, settings)
        .findings.map(({ detail }) => detail)
        .join('\n');
    expect(details(twice)).toMatch(/the same legs were sent just before/);
    const poorer = rows.map((row) =>
      row.fact.kind === 'Reconciled' && row.seq < first.seq ? { ...row, fact: { ...row.fact, equity: cents(9_000_000) } } : row,
    );
    expect(details(poorer)).toMatch(/opens after a loss of \d+ cents/);
  });

  it('finds a verdict that does not follow from its own numbers', () => {
    const changed = rows.map((row) => {
      if (row.fact.kind !== 'OrderIntended') return row;
      const gates = row.fact.gates.map((gate) =>
        gate.gate === 'riskPerTrade' ? { ...gate, value: (gate.limit ?? 0) + 1 } : gate,
      );
      return { ...row, fact: { ...row.fact, gates } };
    });
    expect(kinds(truth, changed)).toEqual(new Set(['unintendedOrder']));
  });

  it('finds money that only one of the books knows, but not the cent that a fee is rounded by', () => {
    expect(moneyDifference(truth, rows)).toBeNull();
    const fill = truth.ledger.find(({ kind }) => kind === 'fill');
    if (!fill) throw new Error('nothing was filled');
    expect(moneyDifference({ ...truth, ledger: [...truth.ledger, fill] }, rows)).toContain('at the broker');
    const withoutPositions = rows.filter(({ fact }) => fact.kind !== 'PositionOpened' && fact.kind !== 'PositionChanged');
    expect(moneyDifference(truth, withoutPositions)).toContain('by the journal');
  });

  it('lets each execution of an order be rounded by itself, and no more than that', () => {
    const opened = rows.find(({ fact }) => fact.kind === 'PositionOpened');
    const [entry] = truth.ledger;
    if (opened?.fact.kind !== 'PositionOpened' || !entry) throw new Error('nothing was opened');
    const position = { ...opened.fact.position, cashFlow: cents(0), fees: cents(111) };
    const charged = (...fees: number[]): BrokerTruth => ({
      orders: [filledOrder()],
      ledger: fees.map((fee) => ({ ...entry, kind: 'fee', symbol: null, quantity: 0, cash: cents(-fee) })),
    });
    const told: JournalRow[] = [{ ...opened, fact: { ...opened.fact, position } }];
    expect(moneyDifference(charged(23, 78, 12), told)).toBeNull();
    expect(moneyDifference(charged(23, 78, 14), told)).toContain('-115 cents');
  });
});
