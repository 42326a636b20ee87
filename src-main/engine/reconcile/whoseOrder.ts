import type { BrokerOrder } from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { JournalFact } from '#ports/facts';
import { keyOf, type OrderRecord } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';

/**
 * Whose an order at the broker is, by its id.
 * `ours` = an attempt that this journal intended; its record is null when it ended so long ago that the engine has put it aside.
 * `unrecorded` = it bears this journal's name, and no row of the journal made this id: an older copy of the journal was put back,
 * or another engine runs with a copy. Its number may be in use here for another order.
 * `elsewhere` = another hand's.
 */
export type Whose =
  | { readonly kind: 'ours'; readonly intentId: string; readonly attempt: number; readonly record: OrderRecord | null }
  | { readonly kind: 'unrecorded' }
  | { readonly kind: 'elsewhere' };

/** Number and attempt alone prove nothing: the whole id counts, the hash of the intent's row in it. */
export function whoseOrder(turn: Turn, clientOrderId: string): Whose {
  const identity = parseClientOrderId(clientOrderId);
  if (identity?.journalId !== turn.parts.journalId) return { kind: 'elsewhere' };
  const { intentId, attempt } = identity;
  const key = keyOf(intentId, attempt);
  if (turn.parts.wireIds.get(key) !== clientOrderId) return { kind: 'unrecorded' };
  return { kind: 'ours', intentId, attempt, record: turn.state.orders.get(key) ?? null };
}

/** The record of an order of ours; null for any other. */
export function ownRecord(turn: Turn, clientOrderId: string): OrderRecord | null {
  const whose = whoseOrder(turn, clientOrderId);
  return whose.kind === 'ours' ? whose.record : null;
}

/** What is known of an order that the journal does not hold; a report tells less than the account does. */
export type UnrecordedOrder = Pick<BrokerOrder, 'clientOrderId'> & Partial<BrokerOrder>;

export function unrecordedOrderNoted(order: UnrecordedOrder, step: 'seen' | 'takenBack'): JournalFact {
  return {
    kind: 'UnrecordedOrderNoted',
    step,
    clientOrderId: order.clientOrderId,
    brokerOrderId: order.brokerOrderId ?? null,
    underlying: order.underlying ?? null,
    status: order.status ?? null,
    filledContracts: order.filledContracts ?? null,
  };
}
