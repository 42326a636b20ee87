import { normalCdf } from '../pricing/normal.ts';
import { invariant, type Price } from '../units.ts';
import type { PriceDistribution } from './distribution.ts';
import type { ExpiryModel } from './expiryModel.ts';
import type { Leg } from './leg.ts';
import { payoffCurve } from './payoff.ts';
import { type PiecewiseLinear, positiveIntervals } from './piecewise.ts';

export { type LognormalParameters, lognormalDistribution, type PriceDistribution } from './distribution.ts';

/**
 * P(profit at the first expiration > 0), 0 to 1. `distribution` is the law of the underlying's price at that expiration.
 * Exact for one expiration; with several, later legs are valued by `model` (see {@link payoffCurve}).
 */
export function probabilityOfProfit(
  legs: readonly Leg[],
  netCredit: Price,
  distribution: PriceDistribution,
  model?: ExpiryModel,
): number {
  return probabilityPositive(payoffCurve(legs, netCredit, model), distribution);
}

/**
 * E[profit at the first expiration] of one unit in dollars, net credit included, nothing discounted.
 * Closed form: the payoff is linear between strikes, and the integral of a + bS over (x, y] is
 * a (F(y) - F(x)) + b (G(y) - G(x)) with the distribution function F and the partial expectation G.
 */
export function expectedValue(
  legs: readonly Leg[],
  netCredit: Price,
  distribution: PriceDistribution,
  model?: ExpiryModel,
): number {
  return expectationOf(payoffCurve(legs, netCredit, model), distribution);
}

/**
 * P(profit at the first expiration > `dollars`) of one unit: the distribution of the result, of which the probability of profit
 * is the value at 0.
 */
export function probabilityOfExceeding(
  legs: readonly Leg[],
  netCredit: Price,
  dollars: number,
  distribution: PriceDistribution,
  model?: ExpiryModel,
): number {
  const curve = payoffCurve(legs, netCredit, model);
  return probabilityPositive({ ...curve, values: curve.values.map((value) => value - dollars) }, distribution);
}

/** Probability that a piecewise-linear function of the price is above zero. */
export function probabilityPositive(curve: PiecewiseLinear, distribution: PriceDistribution): number {
  let probability = 0;
  for (const { from, to } of positiveIntervals(curve)) {
    const below = from <= 0 ? 0 : distribution.cdf(from);
    probability += (to === Number.POSITIVE_INFINITY ? 1 : distribution.cdf(to)) - below;
  }
  return Math.min(Math.max(probability, 0), 1);
}

/** Expectation of a piecewise-linear function of the price, in the function's units. */
export function expectationOf(curve: PiecewiseLinear, distribution: PriceDistribution): number {
  const { knots, values } = curve;
  const last = knots.length - 1;
  let below = distribution.cdf(0);
  let partialBelow = 0;
  let expectation = values[0]! * below;
  for (let i = 0; i <= last; i++) {
    const end = i < last;
    const slope = end ? (values[i + 1]! - values[i]!) / (knots[i + 1]! - knots[i]!) : curve.finalSlope;
    const above = end ? distribution.cdf(knots[i + 1]!) : 1;
    const partialAbove = distribution.partialExpectation(end ? knots[i + 1]! : Number.POSITIVE_INFINITY);
    expectation += (values[i]! - slope * knots[i]!) * (above - below) + slope * (partialAbove - partialBelow);
    below = above;
    partialBelow = partialAbove;
  }
  return expectation;
}

export interface TouchParameters {
  readonly spot: Price;
  readonly barrier: Price;
  readonly years: number;
  /** Annual volatility as a fraction. */
  readonly volatility: number;
  /** Expected growth of the price per year, continuous: rate - dividend yield for a risk-neutral answer. Default 0. */
  readonly drift?: number;
}

/**
 * P(the price touches `barrier` at least once before the horizon) for a geometric Brownian motion watched continuously.
 * With b = ln(barrier/spot), m = drift - v²/2, s = v sqrt(t): for b > 0
 * P = Φ((-b + mt)/s) + (barrier/spot)^(2m/v²) Φ((-b - mt)/s); below the spot by symmetry.
 * Source: reflection principle with Girsanov's change of drift (Shreve, 'Stochastic Calculus for Finance II', 7.2).
 */
export function touchProbability({ spot, barrier, years, volatility, drift = 0 }: TouchParameters): number {
  invariant(
    spot > 0 && barrier > 0 && years >= 0 && volatility >= 0,
    `not a touch problem: ${spot}, ${barrier}, ${years}, ${volatility}`,
  );
  if (spot === barrier) return 1;
  const side = barrier > spot ? 1 : -1;
  const distance = Math.abs(Math.log(barrier / spot));
  const deviation = volatility * Math.sqrt(years);
  const trend = side * (drift - 0.5 * volatility * volatility) * years;
  if (deviation === 0) return trend >= distance ? 1 : 0;
  const exponent = (2 * trend * distance) / (deviation * deviation);
  const direct = normalCdf((trend - distance) / deviation);
  const reflected = normalCdf((-trend - distance) / deviation);
  return Math.min(1, direct + (reflected === 0 ? 0 : Math.exp(exponent) * reflected));
}
