import { isOver } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { activeWorks, currentRecord } from './work.ts';

/** Entries that may still fill at the broker: by our own book, or by the account as last seen. */
export function entriesLeft(turn: Turn): number {
  const ours = activeWorks(turn).filter((work) => {
    const record = currentRecord(turn, work.intentId);
    return work.purpose === 'open' && record !== undefined && !isOver(record.status);
  }).length;
  return Math.max(ours, turn.present.ordersAtBroker);
}
