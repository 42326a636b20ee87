import { sessionAt } from '#domain/market/calendar';
import type { AccountSnapshot, BrokerOrder } from '#ports/broker';
import { askManaging } from '../positions/askManaging.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { AFTER_FILL } from './askSnapshot.ts';
import { ownRecord } from './whoseOrder.ts';

/** The orders of other hands, and those under our name that the journal does not hold, that may still fill, as the account shows them now. */
export function noteExternalOrders(turn: Turn, snapshot: AccountSnapshot): void {
  const { externalOrders } = turn.present;
  const ending = [...externalOrders.values()].filter(isEnding).map(({ brokerOrderId }) => brokerOrderId);
  externalOrders.clear();
  for (const order of snapshot.openOrders)
    if (!ownRecord(turn, order.clientOrderId)) externalOrders.set(order.brokerOrderId, order);
  // An exit may have waited for it.
  if (ending.some((id) => !externalOrders.has(id))) askManaging(turn);
  if ([...externalOrders.values()].some(isEnding)) lookForItsEnd(turn);
}

/** The stream's word that one is over may be lost: its end is looked for in the account too, since an exit waits for it. */
export function lookForItsEnd(turn: Turn): void {
  if (sessionAt(turn.now)) wakeIn(turn, turn.settings.failsafe.recheckSeconds * 1000, 'sweep', AFTER_FILL);
}

function isEnding({ status }: BrokerOrder): boolean {
  return status === 'pendingCancel';
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
