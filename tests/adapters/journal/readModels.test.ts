import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTrades, minimalTrade } from '#adapters/journal/exports';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { rebuildReadModels } from '#adapters/journal/projections/projector';
import { simulateInProcess } from '#app/simulation/inProcess';
import { isoDate } from '#domain/units';

let folder = '';
let journal: OpenJournal;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-models-'));
  const path = join(folder, 'journal.db');
  await simulateInProcess(
    { seed: 7, days: 1, start: isoDate('2026-01-05'), journal: null, json: true, wire: false, crash: 0, faults: [] },
    path,
  );
  journal = openJournal(path, { create: false });
}, 120_000);
afterAll(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const TABLES = ['decisions', 'orders', 'fills', 'positions', 'trades', 'equity'];
const contents = () => TABLES.map((table) => journal.db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());

describe('the read models of a simulated day', () => {
  it('are the same when they are built again from the chain alone', () => {
    const before = contents();
    for (const [index, rows] of before.entries())
      if (TABLES[index] !== 'trades') expect(rows.length, TABLES[index]).toBeGreaterThan(0);
    rebuildReadModels(journal.db, journal.reader.rows(1));
    expect(contents()).toEqual(before);
    expect(journal.reader.verify().ok).toBe(true);
  });

  it('count the fills that the chain holds, each once', () => {
    const fills = [...journal.reader.rows(1)].filter(
      ({ fact }) => fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled',
    );
    const ids = new Set(
      fills.map(({ fact }) =>
        fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled' ? fact.report.executionId : '',
      ),
    );
    expect(journal.db.prepare('SELECT COUNT(*) FROM fills').pluck().get()).toBe(ids.size);
  });

  it('carry the row hash of each intent in its client order id', () => {
    const intents = new Map(
      [...journal.reader.rows(1)].filter(({ fact }) => fact.kind === 'OrderIntended').map((row) => [row.seq, row.hash]),
    );
    const orders = journal.reader.orders(10_000);
    expect(orders.length).toBe(intents.size);
    for (const order of orders) expect(order.clientOrderId?.endsWith(intents.get(order.seq)?.slice(0, 12) ?? 'none')).toBe(true);
  });

  it('find decisions by strategy, verdict and reason', () => {
    const all = { strategyId: null, underlying: null, verdict: null, reason: null, offset: 0, limit: 200 };
    const approved = journal.reader.decisions({ ...all, verdict: 'approved' });
    expect(approved.total).toBeGreaterThan(0);
    for (const { decision } of approved.rows) expect(decision.verdict).toBe('approved');
    const condors = journal.reader.decisions({ ...all, strategyId: 'iron_condor', verdict: 'refused' });
    const [reason] = condors.rows[0]?.decision.reasons ?? [];
    for (const { decision } of journal.reader.decisions({ ...all, reason: reason ?? null }).rows)
      expect(decision.reasons).toContain(reason);
  });

  it('tell the newest refusal by each gate, repeats counted, from two halves as from the whole', () => {
    const { reader } = journal;
    const everything = reader.decisions({
      strategyId: null,
      underlying: null,
      verdict: 'refused',
      reason: null,
      offset: 0,
      limit: 10_000,
    }).rows;
    const byGate = (refusals: readonly { reasons: readonly string[]; lastAt: number }[]): Map<string, number> => {
      const newest = new Map<string, number>();
      for (const { reasons, lastAt } of refusals)
        for (const gate of reasons) newest.set(gate, Math.max(newest.get(gate) ?? 0, lastAt));
      return new Map([...newest].sort());
    };
    const expected = byGate(everything.map(({ decision, lastAt }) => ({ reasons: decision.reasons, lastAt })));
    const head = journal.writer.head().seq;
    const middle = Math.floor(head / 2);
    expect(expected.size).toBeGreaterThan(3);
    expect(everything.some(({ repeats }) => repeats > 0)).toBe(true);
    expect(byGate(reader.refusalsWithin({ from: 1, to: head }))).toEqual(expected);
    const halves = [...reader.refusalsWithin({ from: middle + 1, to: head }), ...reader.refusalsWithin({ from: 1, to: middle })];
    expect(byGate(halves)).toEqual(expected);
    expect(reader.refusalsWithin({ from: head + 1, to: head + 10 })).toEqual([]);
  });

  it('export trades as CSV, JSON and the minimal schema', () => {
    const trades = journal.reader.trades(100);
    const csv = exportTrades(trades, 'csv').text.trimEnd().split('\r\n');
    expect(csv).toHaveLength(trades.length + 1);
    expect(csv[0]).toMatch(/^trade_id,account,mode,timestamp_enter/);
    expect(JSON.parse(exportTrades(trades, 'json').text)).toEqual(trades);
    for (const trade of trades)
      expect(Object.keys(minimalTrade(trade))).toEqual([
        'trade_id',
        'timestamp_enter',
        'symbol',
        'strategy',
        'params',
        'market_snapshot',
        'execution',
        'risk',
        'outcome',
        'reason_tags',
        'notes',
      ]);
  });
});
