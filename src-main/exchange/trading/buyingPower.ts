import type { OptionContract } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { REG_T_EQUITY, regTRequirement, uncoveredShorts, universalSpreadMargin } from '#domain/structures/margin';
import { type Cents, cents, centsFromDollars, type Price } from '#domain/units';
import type { Holding } from '../clearing/ledger.ts';
import type { ExchangeOrder } from '../orders.ts';
import { remainingOf, remainingUnits } from './orderBook.ts';

/** A change of position that an order would make in one symbol. */
export interface Change {
  readonly symbol: string;
  readonly underlying: string;
  readonly contract: OptionContract | null;
  /** + bought, - sold. */
  readonly quantity: number;
}

/** Holdings of one underlying as legs, with changes applied. */
export function legsAfter(holdings: readonly Holding[], underlying: string, changes: readonly Change[]): Leg[] {
  const quantities = new Map<string, { contract: OptionContract | null; quantity: number }>();
  for (const held of holdings) {
    if (held.underlying === underlying) quantities.set(held.symbol, { contract: held.contract, quantity: held.quantity });
  }
  for (const change of changes) {
    if (change.underlying !== underlying) continue;
    const before = quantities.get(change.symbol)?.quantity ?? 0;
    quantities.set(change.symbol, { contract: change.contract, quantity: before + change.quantity });
  }
  const legs: Leg[] = [];
  for (const { contract, quantity } of quantities.values()) {
    if (quantity === 0) continue;
    legs.push(contract ? { kind: 'option', contract, ratio: quantity } : { kind: 'stock', underlying, shares: quantity });
  }
  return legs;
}

/**
 * Requirement of one underlying's legs in cents: the universal spread rule; where a short call is uncovered (a long leg was
 * lost, shares were called away) the Reg-T requirement instead, since the broker must hold something.
 */
export function requirementOf(legs: readonly Leg[], spot: Price, priceOf: (contract: OptionContract) => Price): Cents {
  if (legs.length === 0) return cents(0);
  return universalSpreadMargin(legs) ?? regTRequirement(legs, 1, { spot, priceOf, rates: REG_T_EQUITY, cashSecuredPuts: true });
}

/** Requirement of shares sold short, cents. */
export function shortStockRequirement(holdings: readonly Holding[], rate: number, priceOf: (symbol: string) => Price): Cents {
  let total = 0;
  for (const held of holdings) {
    if (!held.contract && held.quantity < 0) total += centsFromDollars(-held.quantity * priceOf(held.symbol) * rate);
  }
  return cents(total);
}

/** Short calls that would stand without cover. */
export function uncoveredCalls(legs: readonly Leg[]): number {
  return uncoveredShorts(legs).calls;
}

/** What open single-leg sales would still take away: counted as if they had filled, so that two orders never share one cover. */
export function pendingSales(open: readonly ExchangeOrder[], contractOf: (symbol: string) => OptionContract | null): Change[] {
  return open.flatMap((order) =>
    order.orderClass === 'mleg'
      ? []
      : order.legs
          .filter((leg) => leg.side === 'sell' && remainingOf(leg) !== 0)
          .map((leg) => ({
            symbol: leg.symbol,
            underlying: order.underlying,
            contract: contractOf(leg.symbol),
            quantity: remainingOf(leg),
          })),
  );
}

/** What an order still holds of its reservation: in proportion to what has not filled, rounded up. */
export function reservedNow(order: ExchangeOrder, atSubmission: Cents): Cents {
  return cents(Math.ceil((atSubmission * remainingUnits(order)) / order.quantity));
}
