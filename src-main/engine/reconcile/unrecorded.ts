import type { AccountSnapshot } from '#ports/broker';
import { trip } from '../breakers/protect.ts';
import { notify, type Turn } from '../turn.ts';
import { type UnrecordedOrder, unrecordedOrderNoted, whoseOrder } from './whoseOrder.ts';

/**
 * Orders in the account that bear this journal's name and that it never intended. Each is journalled once; the journal is not the
 * newest one, or not the only one, so entries stop until the owner has looked.
 */
export function noteUnrecordedOrders(turn: Turn, snapshot: AccountSnapshot): void {
  noteUnrecorded(
    turn,
    [...snapshot.closedOrders, ...snapshot.openOrders].filter(
      ({ clientOrderId }) => whoseOrder(turn, clientOrderId).kind === 'unrecorded',
    ),
  );
}

/** Journals those not seen before and stops entries; true when there was a new one. */
export function noteUnrecorded(turn: Turn, orders: readonly UnrecordedOrder[]): boolean {
  const unseen = orders.filter(({ clientOrderId }) => !turn.state.unrecordedOrders.has(clientOrderId));
  const [first] = unseen;
  if (!first) return false;
  for (const order of unseen) turn.emit(unrecordedOrderNoted(order, 'seen'));
  const count = unseen.length;
  const text = `The broker knows ${count === 1 ? 'an order' : `${count} orders`} of this journal that the journal does not hold (${first.clientOrderId}): an older copy of it was put back, or another engine runs with it`;
  notify(turn, 'breach', 'Orders that the journal does not hold', text, true);
  trip(
    turn,
    'books',
    { gate: 'unrecordedOrders', passed: false, value: count, limit: 0, unit: 'orders', note: first.clientOrderId },
    `${text}: no new entries until the owner has looked`,
  );
  return true;
}
