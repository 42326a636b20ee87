import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '#exchange/exchangeApi';
import { type ExchangeOrderStatus, isFinal, type OrderUpdate } from '#exchange/orders';
import { naturalNet, runOn, runToTime, smallExchange, ticket } from '#support/embeddedAccount';

/** What may follow what; final states allow nothing. */
const NEXT: Readonly<Record<ExchangeOrderStatus, readonly ExchangeOrderStatus[]>> = {
  accepted: ['new', 'pending_cancel', 'expired', 'rejected'],
  pending_new: ['new', 'pending_cancel', 'expired', 'rejected'],
  new: ['partially_filled', 'filled', 'pending_cancel', 'canceled', 'expired', 'replaced'],
  partially_filled: ['partially_filled', 'filled', 'pending_cancel', 'canceled', 'expired', 'replaced'],
  pending_cancel: ['pending_cancel', 'filled', 'canceled', 'expired'],
  filled: [],
  canceled: [],
  expired: [],
  rejected: [],
  replaced: [],
};

type Act =
  | { readonly kind: 'spread'; readonly pick: number; readonly width: number; readonly units: number; readonly way: number }
  | { readonly kind: 'close'; readonly pick: number; readonly way: number }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'wait'; readonly seconds: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('spread' as const),
    pick: fc.nat(1000),
    width: fc.integer({ min: 1, max: 4 }),
    units: fc.integer({ min: 1, max: 4 }),
    way: fc.integer({ min: -20, max: 20 }),
  }),
  fc.record({ kind: fc.constant('close' as const), pick: fc.nat(1000), way: fc.integer({ min: -20, max: 10 }) }),
  fc.record({ kind: fc.constant('cancel' as const), pick: fc.nat(1000) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 5, 40, 900, 30_000, 90_000) }),
);

function perform(exchange: Exchange, step: Act): void {
  if (step.kind === 'wait') {
    runOn(exchange, step.seconds);
    return;
  }
  if (step.kind === 'cancel') {
    const open = exchange.desk.orders({ status: 'open' });
    const chosen = open[step.pick % Math.max(open.length, 1)];
    if (chosen) exchange.desk.cancel(chosen.id);
    return;
  }
  if (step.kind === 'close') {
    const held = exchange.desk.positions().filter(({ quantity, contract }) => quantity < 0 && contract);
    const chosen = held[step.pick % Math.max(held.length, 1)];
    if (!chosen) return;
    const legs = [{ symbol: chosen.symbol, side: 'buy' as const, ratio: 1, intent: null }];
    const limit = Math.min(Math.round((naturalNet(exchange, legs) + step.way / 100) * 20) / 20, -0.05);
    exchange.desk.submit(ticket(legs, 1, limit));
    return;
  }
  const chain = exchange.market.chainSnapshot('SPY', { minDaysToExpiration: 0, maxDaysToExpiration: 20, strikesWithin: 0.06 });
  const slice = chain?.slices[step.pick % Math.max(chain.slices.length, 1)];
  if (!slice) return;
  const at = step.pick % Math.max(slice.strikes.length - step.width, 1);
  const [low, high] = [slice.puts.symbols[at], slice.puts.symbols[at + step.width]];
  if (!low || !high) return;
  const legs = [
    { symbol: high, side: 'sell' as const, ratio: 1, intent: 'sellToOpen' as const },
    { symbol: low, side: 'buy' as const, ratio: 1, intent: 'buyToOpen' as const },
  ];
  exchange.desk.submit(ticket(legs, step.units, Math.round((naturalNet(exchange, legs) + step.way / 100) * 100) / 100));
}

/** Everything that must always hold between ledger, positions, orders and account. */
function audit(exchange: Exchange, updates: readonly OrderUpdate[]): void {
  const ledger = exchange.desk.ledger();
  const account = exchange.desk.account();
  expect(account.cash).toBe(ledger.reduce((sum, { cash }) => sum + cash, 0));
  const quantities = new Map<string, number>();
  for (const { symbol, quantity } of ledger) if (symbol) quantities.set(symbol, (quantities.get(symbol) ?? 0) + quantity);
  for (const [symbol, quantity] of quantities) if (quantity === 0) quantities.delete(symbol);
  expect(new Map(exchange.desk.positions().map(({ symbol, quantity }) => [symbol, quantity]))).toEqual(quantities);
  expect(account.equity).toBe(
    exchange.desk.positions().reduce((sum, { marketValue }) => sum + marketValue, account.cash as number),
  );
  const status = new Map<string, ExchangeOrderStatus>();
  const executions = new Set<string>();
  for (const { order, execution, kind } of updates) {
    const before = status.get(order.id);
    if (before !== undefined) expect(NEXT[before], `${before} -> ${order.status}`).toContain(order.status);
    status.set(order.id, order.status);
    if (!execution) continue;
    expect(executions.has(execution.executionId)).toBe(false);
    executions.add(execution.executionId);
    expect(kind).toBe(order.filledQuantity === order.quantity ? 'fill' : 'partial_fill');
    const cash = execution.legs.reduce((sum, leg) => sum - leg.contracts * Math.round(leg.price * 100), 0);
    expect(cash).toBe(Math.round(execution.netPrice * 100) * execution.units);
    if (order.netLimit !== null) expect(execution.netPrice).toBeGreaterThanOrEqual(order.netLimit - 1e-9);
  }
  for (const order of exchange.desk.orders({ status: 'all' })) {
    expect(order.filledQuantity).toBeLessThanOrEqual(order.quantity);
    for (const leg of order.legs) expect(leg.filledQuantity).toBe(order.filledQuantity * leg.ratio);
    if (isFinal(order.status)) expect(order.reserved).toBe(0);
    else expect(order.reserved).toBeGreaterThanOrEqual(0);
  }
}

describe('the account under any sequence of acts', () => {
  it('conserves cash and contracts to the cent, and orders only move along their life', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.array(act, { minLength: 5, maxLength: 25 }), (seed, acts) => {
        const settings = {
          matching: { fillModel: 'alpacaPaper' as const, partialFillChance: 0.4 },
          market: { underlyings: ['SPY'] },
        };
        const exchange = smallExchange({ seed, settings, faults: [{ kind: 'fillRacesCancel', probability: 0.3 }] });
        runToTime(exchange, '2026-01-05', '09:45');
        const updates: OrderUpdate[] = [];
        exchange.desk.onOrderUpdate((update) => updates.push(update));
        for (const step of acts) {
          perform(exchange, step);
          audit(exchange, updates);
        }
        runToTime(exchange, '2026-02-06', '18:00');
        audit(exchange, updates);
        expect(exchange.desk.positions().filter(({ contract }) => contract)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
