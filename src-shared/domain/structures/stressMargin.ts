import type { OptionContract } from '../market/instrument.ts';
import { type Cents, centsFromDollars, type Price } from '../units.ts';
import { optionLegs } from './anatomy.ts';
import type { Leg } from './leg.ts';

export interface StressSettings {
  /** Lowest and highest move of the underlying as fractions of spot; -0.15 and 0.15 for equities, -0.08 and 0.06 for broad indices. */
  readonly down: number;
  readonly up: number;
  /** Valuation points between the two, both ends included. Range 2 to 101. */
  readonly points: number;
  /** Least requirement per option contract, dollars for a multiplier of 100. Range 0 to 1,000. */
  readonly minimumPerContract: number;
}

/** Customer portfolio margin, equities: FINRA 4210(g), OCC TIMS (ten equidistant points, $37.50 a contract). */
export const PORTFOLIO_STRESS_EQUITY: StressSettings = { down: -0.15, up: 0.15, points: 10, minimumPerContract: 37.5 };
export const PORTFOLIO_STRESS_BROAD_INDEX: StressSettings = { down: -0.08, up: 0.06, points: 10, minimumPerContract: 37.5 };

export interface StressContext {
  readonly spot: Price;
  /** Theoretical price of a contract, dollars per share, if the underlying were at `spot` now. */
  readonly priceAt: (contract: OptionContract, spot: Price) => Price;
}

/**
 * Portfolio-margin style requirement of held legs (`ratio` = signed contracts) on one underlying, in cents: the largest loss of
 * value over the grid of moves, at least a minimum per option contract held.
 */
export function stressMargin(
  legs: readonly Leg[],
  { spot, priceAt }: StressContext,
  settings: StressSettings = PORTFOLIO_STRESS_EQUITY,
): Cents {
  const valueAt = (price: Price): number =>
    legs.reduce(
      (sum, leg) =>
        sum + (leg.kind === 'stock' ? leg.shares * price : leg.ratio * leg.contract.multiplier * priceAt(leg.contract, price)),
      0,
    );
  const now = valueAt(spot);
  let worst = optionLegs(legs).reduce(
    (sum, leg) => sum + Math.abs(leg.ratio) * settings.minimumPerContract * (leg.contract.multiplier / 100),
    0,
  );
  for (let i = 0; i < settings.points; i++) {
    const move = settings.down + ((settings.up - settings.down) * i) / (settings.points - 1);
    worst = Math.max(worst, now - valueAt(spot * (1 + move)));
  }
  return centsFromDollars(worst);
}
