import { DAYS_PER_YEAR } from '#domain/pricing/blackScholes';
import { expirationsOf } from '#domain/structures/anatomy';
import {
  expectedValue,
  lognormalDistribution,
  type PriceDistribution,
  probabilityOfProfit,
  touchProbability,
} from '#domain/structures/probability';
import { surfaceDistribution } from '#domain/volatility/surfaceDistribution';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';
import type { Bend, Holding } from './analysis.ts';

/** What one law of the price at the first expiration says of a structure. */
export interface Odds {
  readonly law: 'lognormal' | 'surface';
  readonly probabilityOfProfit: number;
  /** Dollars, nothing discounted. */
  readonly expectedValue: number;
}

/**
 * Probability of profit and expected value at the first expiration: under the lognormal at the money's volatility, and under the
 * density of the fitted smile where there is one. Of a single holding whose options share one expiration; the world as bent in
 * volatility and spot (the smile's own law is only asked when nothing is bent).
 */
export function oddsOf(
  { legs, market }: Holding,
  cash: number,
  bend: Bend,
  atTheMoney: number,
  slice: SurfaceSlice | null,
  days: number,
): readonly Odds[] {
  const multiplier = legs.find((leg) => leg.kind === 'option')?.contract.multiplier ?? 1;
  const years = Math.max(days - bend.days, 0.25) / DAYS_PER_YEAR;
  if (expirationsOf(legs).length !== 1) return [];
  const spot = market.spot * (1 + bend.spotMove);
  const lognormal = lognormalDistribution({
    forward: spot * Math.exp((market.rate - market.dividendYield) * years),
    years,
    volatility: atTheMoney * (1 + bend.volatilityMove),
  });
  const isBent = bend.spotMove !== 0 || bend.volatilityMove !== 0 || bend.days !== 0;
  const of = (law: Odds['law'], distribution: PriceDistribution): Odds => ({
    law,
    probabilityOfProfit: probabilityOfProfit(legs, cash / multiplier, distribution),
    expectedValue: expectedValue(legs, cash / multiplier, distribution),
  });
  const fit = slice?.fit;
  return [
    of('lognormal', lognormal),
    ...(fit && !isBent
      ? [of('surface', surfaceDistribution({ years: slice.smile.years, forward: slice.smile.forward, raw: fit.raw }))]
      : []),
  ];
}

/** Probability that the price touches each level at least once before the first expiration, lognormal. */
export function touchOdds(
  { market }: Holding,
  bend: Bend,
  atTheMoney: number,
  days: number,
  levels: readonly number[],
): readonly { readonly level: number; readonly probability: number }[] {
  const years = Math.max(days - bend.days, 0) / DAYS_PER_YEAR;
  return levels.map((barrier) => ({
    level: barrier,
    probability: touchProbability({
      spot: market.spot * (1 + bend.spotMove),
      barrier,
      years,
      volatility: atTheMoney * (1 + bend.volatilityMove),
      drift: market.rate - market.dividendYield,
    }),
  }));
}
