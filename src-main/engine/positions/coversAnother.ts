import type { Position } from '#domain/portfolio/position';
import { coverGate } from '../risk/cover.ts';
import { riskBookOf } from '../state/riskBook.ts';
import type { Turn } from '../turn.ts';
import { shortLegs, undoing } from './legs.ts';

/** True when leaving the position whole would leave another position's short without its cover. */
export function coversAnother(turn: Turn, position: Position): boolean {
  const others = [...turn.state.positions.values()].filter(
    (other) => other !== position && other.underlying === position.underlying,
  );
  if (!others.some((other) => shortLegs(other).length > 0)) return false;
  return !coverGate(position, riskBookOf(turn), undoing(position, Math.max(position.units, 1))).passed;
}
