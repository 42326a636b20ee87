import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { cents, type Instant, instant, isoDate, plusMs } from '#domain/units';
import { engineSettings } from '#ports/settings/settings';
import type { AuditedEntry, AuditedOrder } from '#research/audit/brokerTruth';
import { nakedLegs } from '#research/audit/nakedLegs';

const START = instant(1_784_730_000_000);
const call = (strike: number): string => occSymbol({ root: 'IWM', expiration: isoDate('2026-08-28'), right: 'call', strike });
const settings = engineSettings.parse({});

/** One execution a minute, each of one order; the first of a hand's name says whose it is. */
function ledgerOf(...executions: readonly (readonly [string, Readonly<Record<number, number>>])[]): AuditedEntry[] {
  return executions.flatMap(([name, legs], minute) =>
    Object.entries(legs).map(([strike, quantity]) => ({
      at: plusMs(START, minute * 60_000),
      kind: 'fill',
      symbol: call(Number(strike)),
      quantity,
      cash: cents(0),
      clientOrderId: name,
      executionId: `${name}:${minute}`,
    })),
  );
}

function order(name: string, minute: number, buys: number): AuditedOrder {
  const at = plusMs(START, minute * 60_000);
  const legs = [{ symbol: call(buys), side: 'buy' as const, ratio: 1 }];
  const base = { id: name, clientOrderId: name, legs, quantity: 10, filledQuantity: 10, netLimit: null, status: 'filled' };
  return { ...base, origin: name.startsWith('ours') ? 'client' : 'brokerLiquidation', createdAt: at, updatedAt: at };
}

const found = (ledger: readonly AuditedEntry[], orders: readonly AuditedOrder[]): readonly string[] =>
  nakedLegs({ ledger, orders }, [], settings, 100).map(({ detail }) => detail);

describe('a cover that another hand takes with the last second of a session', () => {
  const close = atNewYork(isoDate('2026-07-22'), '16:00');
  const open = atNewYork(isoDate('2026-07-23'), '09:30');
  const sold = (at: Instant) =>
    ledgerOf(['ours-1', { 262.5: -10, 267.5: 10 }], ['desk', { 267.5: -10 }]).map((entry) =>
      entry.clientOrderId === 'desk' ? { ...entry, at } : entry,
    );
  const orders = [order('ours-1', 0, 267.5), order('desk', 1, 999)];
  const repair = (at: Instant): AuditedOrder => ({ ...order('ours-r', 0, 262.5), createdAt: at, updatedAt: at });

  it('is to be bought back within a sweep of the next open', () => {
    expect(found(sold(close), [...orders, repair(plusMs(open, 2_000))])).toEqual([]);
    expect(found(sold(close), [...orders, repair(plusMs(open, 120_000))])).toHaveLength(1);
  });

  it('and within a sweep of the loss when the session goes on', () => {
    const at = plusMs(close, -3_600_000);
    expect(found(sold(at), [...orders, repair(plusMs(at, 2_000))])).toEqual([]);
    expect(found(sold(at), [...orders, repair(plusMs(open, 2_000))])).toHaveLength(1);
  });
});

describe('two spreads of calls, one of which lost its longs to another hand', () => {
  const before = [
    ['ours-1', { 270: -10, 275: 10 }],
    ['ours-2', { 262.5: -10, 267.5: 10 }],
    ['desk', { 267.5: -10 }],
  ] as const;
  const orders = [order('ours-1', 0, 275), order('ours-2', 1, 267.5), order('desk', 2, 999), order('ours-r', 2.5, 262.5)];

  it('are no naked leg of ours when the other one is closed whole: as many are uncovered as before', () => {
    expect(found(ledgerOf(...before, ['ours-3', { 270: 10, 275: -10 }]), [...orders, order('ours-3', 3, 270)])).toEqual([]);
  });

  it('are one when ours takes a cover away', () => {
    const [detail] = found(ledgerOf(...before, ['ours-3', { 275: -10 }]), [...orders, order('ours-3', 3, 999)]);
    expect(detail).toMatch(/^10 short IWM260828C00(262500|270000) uncovered after ours-3$/);
  });
});
