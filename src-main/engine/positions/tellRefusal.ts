import type { GateResult } from '#domain/decisions/decision';
import type { Position } from '#domain/portfolio/position';
import type { Fault } from '#ports/broker';
import { notify, type Turn } from '../turn.ts';

/** Told once for each reason: it is tried again every minute, and an owner who is told every minute stops listening. */
export function tellRefusal(
  turn: Turn,
  { positionId, underlying }: Position,
  refused: readonly GateResult[] | null,
  isUrgent = true,
): void {
  const told = turn.present.exitRefusalsTold;
  if (refused === null) {
    told.delete(positionId);
    return;
  }
  const why = refused
    .map(({ gate, note }) => ((gate === 'uncoveredShort' || gate === 'reduceOnly') && note ? `${gate}: ${note}` : gate))
    .join(', ');
  if (told.get(positionId) === why) return;
  told.set(positionId, why);
  // What held it back is on record, too: who reads later asks why nothing was sent.
  const fault: Fault = { code: 'exitNotSent', message: `${positionId}: ${why}`, retryable: true };
  turn.emit({ kind: 'FaultRecorded', where: 'exit', severity: 'low', fault });
  notify(turn, 'error', isUrgent ? `${underlying}: an urgent exit was not sent` : `${underlying}: an exit waits`, why, true);
}
