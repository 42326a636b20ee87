import { notify, type Turn } from '../turn.ts';

/**
 * At a start the owner is told again of every structure that lost a leg: the program may have died between writing it down and
 * telling of it.
 */
export function tellOrphans(turn: Turn): void {
  for (const { positionId, underlying, tags, legs } of turn.state.positions.values()) {
    if (!tags.includes('orphan') || legs.length === 0) continue;
    const left = legs.map(({ symbol, quantity }) => `${quantity > 0 ? '+' : ''}${quantity} ${symbol}`).join(', ');
    notify(turn, 'breach', `${underlying}: a structure that lost a leg is held`, `${positionId}: ${left}`, true);
  }
}
