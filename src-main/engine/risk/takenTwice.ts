import type { Leg } from '#domain/structures/leg';
import { symbolOf } from './combinationQuote.ts';
import { sizeOf } from './cover.ts';

/** Those of `taken` that, together with what `others` take of the same contract on the same side, take more than is held of it. */
export function takenTwice(taken: readonly Leg[], held: readonly Leg[], others: readonly Leg[]): Leg[] {
  return taken.filter((leg) => {
    const side = Math.sign(sizeOf(leg));
    const theirs = sizeOn(others, leg, side);
    return Math.abs(sizeOf(leg)) + theirs > sizeOn(held, leg, -side);
  });
}

/** Contracts or shares of the leg's symbol that stand on one side. */
function sizeOn(legs: readonly Leg[], leg: Leg, side: number): number {
  return legs
    .filter((other) => symbolOf(other) === symbolOf(leg) && Math.sign(sizeOf(other)) === side)
    .reduce((sum, other) => sum + Math.abs(sizeOf(other)), 0);
}
