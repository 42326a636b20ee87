import type { ExitReason, Position } from '#domain/portfolio/position';
import { activeWorks, currentRecord, endWork, requestCancel, STOPPED } from '../execution/work.ts';
import { isOver, type OrderRecord } from '../state/orderRecord.ts';
import { notify, type Turn, wakeIn } from '../turn.ts';
import { isCalm } from './calm.ts';

/**
 * An exit of `position` cannot wait: whatever else is worked on it is taken back. That is a price which its owner holds for the
 * day, an exit that can wait, and an entry which still adds to it. The exit itself begins when the broker has confirmed: two
 * closing orders at once could both fill.
 */
export function makeWay(turn: Turn, position: Position, reason: ExitReason): void {
  for (const work of activeWorks(turn)) {
    const record = currentRecord(turn, work.intentId);
    if (work.positionId !== position.positionId || !record || !yields(record, reason)) continue;
    turn.present.nextExitTryAt.delete(position.positionId);
    wakeIn(turn, turn.settings.execution.giveWaySeconds * 1000, 'retry', position.positionId);
    if (isOver(record.status)) {
      // It stands between two prices: nothing of it is at the broker.
      endWork(turn, work.intentId, work.filled > 0 ? 'partiallyFilled' : 'notFilled', STOPPED);
      continue;
    }
    // In doubt it is looked up, and taken back by itself as soon as it is found.
    if (record.status === 'cancelPending' || record.status === 'inDoubt') continue;
    requestCancel(turn, record, STOPPED);
    if (isHeldByOwner(record)) tell(turn, position, record, reason);
  }
}

function yields(record: OrderRecord, reason: ExitReason): boolean {
  if (record.request.purpose === 'open' || isHeldByOwner(record)) return true;
  return record.cause.kind === 'exit' && isCalm(record.cause.reason) && record.cause.reason !== reason;
}

/** A close at the owner's own price: it rests for the day, whatever the market does meanwhile. */
function isHeldByOwner({ request, ladder }: OrderRecord): boolean {
  return request.purpose === 'close' && ladder.profile === 'fixed';
}

function tell(turn: Turn, position: Position, { request }: OrderRecord, reason: ExitReason): void {
  const price = Math.abs(request.netLimit).toFixed(2);
  notify(
    turn,
    'exit',
    `${position.underlying}: your closing order is taken back`,
    `It rested at ${price} for ${position.positionId}; an exit that cannot wait (${reason}) comes before it.`,
    true,
  );
}
