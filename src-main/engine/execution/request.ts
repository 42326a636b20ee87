import { intentOf, type Leg } from '#domain/structures/leg';
import type { Contracts, Price } from '#domain/units';
import type { OrderLeg, OrderRequest } from '#ports/broker';
import { symbolOf } from '../risk/combinationQuote.ts';

/** The wire form of an order: legs with side and positive ratio. */
export function requestOf(order: {
  readonly intentId: string;
  readonly attempt: number;
  readonly assetClass: 'option' | 'stock';
  readonly underlying: string;
  readonly legs: readonly Leg[];
  readonly contracts: Contracts;
  readonly netLimit: Price;
  readonly purpose: 'open' | 'close';
}): OrderRequest {
  const { legs, ...rest } = order;
  return { ...rest, legs: legs.map((leg) => orderLegOf(leg, order.purpose)), timeInForce: 'day' };
}

function orderLegOf(leg: Leg, purpose: 'open' | 'close'): OrderLeg {
  const size = leg.kind === 'stock' ? leg.shares : leg.ratio;
  return { symbol: symbolOf(leg), side: size > 0 ? 'buy' : 'sell', ratio: Math.abs(size), intent: intentOf(size, purpose) };
}
