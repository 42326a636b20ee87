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

/**
 * One of them, heard of between two looks at the account. What it filled since the last look is in no position here yet: until the
 * next one it counts as still to come, an order that is over too. An exit sent meanwhile would close what is gone.
 */
export function noteExternalOrder({ present: { externalOrders } }: Turn, order: BrokerOrder): void {
  const { brokerOrderId } = order;
  const filledContracts = externalOrders.get(brokerOrderId)?.filledContracts ?? 0;
  if (mayFill(order)) externalOrders.set(brokerOrderId, { ...order, filledContracts });
  else if (order.filledContracts > filledContracts)
    externalOrders.set(brokerOrderId, { ...order, filledContracts, status: 'pendingCancel' });
  else externalOrders.delete(brokerOrderId);
}

function mayFill({ status }: BrokerOrder): boolean {
  return status === 'pending' || status === 'working' || status === 'partiallyFilled' || status === 'pendingCancel';
}
