import type { OrderRecord } from './orderRecord.ts';

/**
 * True while nobody can say whether an order is at the broker. A cancel that was asked for proves nothing: the order of a time-out,
 * or one of which nothing was heard yet, may still arrive and fill after it.
 */
export function isUnproved({ status, isDoubted, brokerOrderId }: OrderRecord): boolean {
  return status === 'inDoubt' || (status === 'cancelPending' && (isDoubted || brokerOrderId === null));
}

/** Underlyings that take no new risk, because an order in them is not proved filled, dead or absent. */
export function underlyingsInDoubt(orders: ReadonlyMap<string, OrderRecord>): Set<string> {
  const underlyings = new Set<string>();
  for (const order of orders.values()) if (isUnproved(order)) underlyings.add(order.request.underlying);
  return underlyings;
}
