import { optionLegs } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { universalSpreadMargin } from '#domain/structures/margin';
import { type Cents, cents } from '#domain/units';

/**
 * What a set of legs ties up under the universal spread rule, less the credit that came with it; never above 0. An uncovered
 * short call has no bound: it counts with the whole value of its strike, so that it can only make the gate stricter.
 */
export function buyingPowerOf(legs: readonly Leg[], creditDollars: number): Cents {
  const margin = universalSpreadMargin(legs) ?? strikeValue(legs);
  return cents(Math.min(0, Math.round(creditDollars * 100) - margin));
}

function strikeValue(legs: readonly Leg[]): number {
  return Math.round(
    optionLegs(legs).reduce((sum, leg) => sum + Math.max(0, -leg.ratio) * leg.contract.strike * leg.contract.multiplier * 100, 0),
  );
}
