import type { AccountSnapshot, BrokerOrder } from '#ports/broker';
import type { Turn } from '../turn.ts';
import { ownRecord } from './whoseOrder.ts';

/** The orders of other hands, and those under our name that the journal does not hold, that may still fill, as the account shows them now. */
export function noteExternalOrders(turn: Turn, snapshot: AccountSnapshot): void {
  const { externalOrders } = turn.present;
  externalOrders.clear();
  for (const order of snapshot.openOrders)
    if (!ownRecord(turn, order.clientOrderId)) externalOrders.set(order.brokerOrderId, order);
}

/** One of them, heard of between two looks at the account. */
export function noteExternalOrder(turn: Turn, order: BrokerOrder): void {
  if (mayFill(order)) turn.present.externalOrders.set(order.brokerOrderId, order);
  else turn.present.externalOrders.delete(order.brokerOrderId);
}

function mayFill({ status }: BrokerOrder): boolean {
  return status === 'pending' || status === 'working' || status === 'partiallyFilled' || status === 'pendingCancel';
}
