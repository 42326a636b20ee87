import type { AccountSnapshot, BrokerOrder } from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import { keyOf } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';

/** The orders of other hands that may still fill, as the account shows them now. */
export function noteExternalOrders(turn: Turn, snapshot: AccountSnapshot): void {
  const { externalOrders } = turn.present;
  externalOrders.clear();
  for (const order of snapshot.openOrders) if (!isOurs(turn, order)) externalOrders.set(order.brokerOrderId, order);
}

/** One of them, heard of between two looks at the account. */
export function noteExternalOrder(turn: Turn, order: BrokerOrder): void {
  if (mayFill(order)) turn.present.externalOrders.set(order.brokerOrderId, order);
  else turn.present.externalOrders.delete(order.brokerOrderId);
}

function isOurs(turn: Turn, { clientOrderId }: BrokerOrder): boolean {
  const identity = parseClientOrderId(clientOrderId);
  return identity?.journalId === turn.parts.journalId && turn.state.orders.has(keyOf(identity.intentId, identity.attempt));
}

function mayFill({ status }: BrokerOrder): boolean {
  return status === 'pending' || status === 'working' || status === 'partiallyFilled' || status === 'pendingCancel';
}
