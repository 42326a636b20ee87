import { optionLegs, sharesOf } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { profitBounds } from '#domain/structures/payoff';
import type { Cents, Price } from '#domain/units';
import { heldLegs } from '../positions/legs.ts';
import { withFreeShares } from '../risk/secured.ts';
import type { EngineState } from './engineState.ts';

/** Legs of an exposure, all units, together with the shares of other positions that cover their short calls; handed out once each. */
export type ShareCover = (underlying: string, legs: readonly Leg[]) => readonly Leg[];

/** What the shares held can still cover, as one exposure after the other takes them. */
export function shareCover({ positions }: EngineState): ShareCover {
  const free = new Map<string, number>();
  for (const position of positions.values()) {
    const own = Math.max(0, ownFreeShares(heldLegs(position)));
    if (own > 0) free.set(position.underlying, (free.get(position.underlying) ?? 0) + own);
  }
  return (underlying, legs) => {
    const left = free.get(underlying) ?? 0;
    const covered = withFreeShares(legs, 1, underlying, left);
    free.set(underlying, left - (sharesOf(covered) - sharesOf(legs)));
    return covered;
  };
}

/** A position's shares beyond what its own short calls need; below 0 it needs the shares of others. */
export function ownFreeShares(legs: readonly Leg[]): number {
  let free = sharesOf(legs);
  for (const leg of optionLegs(legs))
    if (leg.contract.right === 'call' && leg.ratio < 0 && legs.every((other) => other.kind === 'stock' || other.ratio < 0))
      free += leg.ratio * leg.contract.multiplier;
  return free;
}

/**
 * What legs without a bound of their own can lose beside the shares that cover them, whose own price is a loss of the position that
 * holds them; null = unbounded all the same. `credit` is the legs' own, per share and for all units.
 */
export function coveredLoss(covered: readonly Leg[], credit: Price): Cents | null {
  return profitBounds(covered, credit).maxLoss;
}
