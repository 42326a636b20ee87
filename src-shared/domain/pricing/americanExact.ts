/**
 * American options to as many digits as asked for (Andersen, Lake and Offengenden 2016), with a continuous yield.
 * Calls are puts with spot and strike, rate and yield exchanged (McDonald and Schroder 1998).
 */
import { invariant } from '../units.ts';
import { DAYS_PER_YEAR, type EuropeanInput, type Greeks, greeksEuropean, priceEuropean } from './blackScholes.ts';
import {
  type BoundaryScheme,
  boundaryAt,
  type ExerciseBoundary,
  hasSingleBoundary,
  solveExerciseBoundary,
} from './exerciseBoundary.ts';
import { earlyExercisePremium, premiumRule, premiumSlopes } from './exercisePremium.ts';

/** Within 1e-10 of the strike (median 1e-15), two or three milliseconds. */
export const EXACT: BoundaryScheme = { nodes: 44, inner: 44, sweeps: 32, tolerance: 1e-13, outer: 128 };
/** About 1e-8 of the strike. */
export const ACCURATE: BoundaryScheme = { nodes: 12, inner: 12, sweeps: 8, tolerance: 1e-10, outer: 40 };
/** At most about 4e-5 of the strike (median 1e-8), some twelve microseconds. */
export const FAST: BoundaryScheme = { nodes: 6, inner: 6, sweeps: 4, tolerance: 1e-7, outer: 16 };

/** The option as a put with strike 1: y = spot over strike in that picture, `scale` brings its value back to dollars. */
interface CanonicalPut {
  readonly y: number;
  readonly scale: number;
  readonly rate: number;
  readonly dividendYield: number;
}

function canonical({ right, spot, strike, rate, dividendYield }: EuropeanInput): CanonicalPut {
  return right === 'put'
    ? { y: spot / strike, scale: strike, rate, dividendYield }
    : { y: strike / spot, scale: spot, rate: dividendYield, dividendYield: rate };
}

function intrinsicOf({ right, spot, strike }: EuropeanInput): number {
  return Math.max(right === 'call' ? spot - strike : strike - spot, 0);
}

/** Total volatility below which the outcome is as good as certain and the boundary equation has nothing to resolve. */
const SMALLEST_TOTAL_VOLATILITY = 1e-4;

/** How early exercise stands for this option: never worth it, one boundary, or two (rate and yield both negative: not this engine's). */
export type ExerciseRegime = 'never' | 'oneBoundary' | 'twoBoundaries' | 'certain';

/** Which regime an option is in. 'certain': expired or with next to no volatility. */
export function exerciseRegime(input: EuropeanInput): ExerciseRegime {
  if (!(input.years > 0) || input.volatility * Math.sqrt(input.years) < SMALLEST_TOTAL_VOLATILITY) return 'certain';
  const { rate, dividendYield } = canonical(input);
  if (hasSingleBoundary(rate, dividendYield, input.years)) return 'oneBoundary';
  return rate <= dividendYield || rate >= 0 ? 'never' : 'twoBoundaries';
}

/** The solved boundary of this option's canonical put. */
function boundaryOf(input: EuropeanInput, scheme: BoundaryScheme): ExerciseBoundary {
  const { rate, dividendYield } = canonical(input);
  return solveExerciseBoundary(rate, dividendYield, input.volatility, input.years, scheme);
}

/**
 * American price with a continuous yield, dollars per share. {@link EXACT} agrees with a four times finer run to 1e-10 of the
 * strike. Negative rates with a still more negative yield have two boundaries and belong to the finite-difference engine
 * (americanGrid.ts): this function throws for them.
 */
export function priceAmericanExact(input: EuropeanInput, scheme: BoundaryScheme = EXACT): number {
  const { spot, strike, volatility } = input;
  invariant(spot > 0 && strike > 0 && volatility >= 0, `not a priceable option: ${JSON.stringify(input)}`);
  const regime = exerciseRegime(input);
  invariant(regime !== 'twoBoundaries', 'rate and yield both negative: two exercise boundaries, price it on a grid');
  const european = priceEuropean(input);
  const floor = Math.max(intrinsicOf(input), european);
  if (regime !== 'oneBoundary') return floor;
  const { y, scale } = canonical(input);
  const boundary = boundaryOf(input, scheme);
  if (y <= boundaryAt(boundary, input.years)) return intrinsicOf(input);
  return Math.max(floor, european + scale * earlyExercisePremium(premiumRule(boundary), y));
}

/**
 * Spot at which exercising becomes best, `yearsLeft` before expiry (dollars per share): a put is exercised at or below it, a
 * call at or above it. null when early exercise is never worth it.
 */
export function criticalSpot(
  input: EuropeanInput,
  yearsLeft: number = input.years,
  scheme: BoundaryScheme = ACCURATE,
): number | null {
  if (exerciseRegime(input) !== 'oneBoundary') return null;
  const boundary = boundaryOf(input, scheme);
  const level = boundaryAt(boundary, Math.min(Math.max(yearsLeft, 0), input.years));
  return input.right === 'put' ? input.strike * level : input.strike / level;
}

/** Relative bump of volatility, and absolute bump of rates, for the greeks taken by difference. */
const VOLATILITY_BUMP = 2e-3;
const RATE_BUMP = 1e-4;

/**
 * Greeks of an American option, units as in `Greeks`. Delta and gamma differentiate the premium integral, theta follows from
 * the pricing equation, vega and rhos are central differences. In the exercise region: those of the intrinsic value.
 */
export function greeksAmerican(input: EuropeanInput, scheme: BoundaryScheme = ACCURATE): Greeks {
  const { right, spot, strike, rate, dividendYield, volatility } = input;
  const european = greeksEuropean(input);
  const regime = exerciseRegime(input);
  const sign = right === 'call' ? 1 : -1;
  const price = priceAmericanExact(input, scheme);
  const exercised = { price, delta: sign, gamma: 0, thetaPerDay: 0, vegaPerPoint: 0, rhoPerPoint: 0, dividendRhoPerPoint: 0 };
  if (regime !== 'oneBoundary') return price > european.price ? exercised : european;
  const boundary = boundaryOf(input, scheme);
  const { y, scale } = canonical(input);
  if (y <= boundaryAt(boundary, input.years)) return exercised;
  const slopes = premiumSlopes(premiumRule(boundary), y);
  const delta = european.delta + (right === 'put' ? slopes.delta : slopes.premium - y * slopes.delta);
  const gamma = european.gamma + (right === 'put' ? slopes.gamma / strike : (y * y * slopes.gamma) / spot);
  const value = european.price + scale * slopes.premium;
  const thetaPerYear = rate * value - (rate - dividendYield) * spot * delta - 0.5 * volatility * volatility * spot * spot * gamma;
  const slope = (up: EuropeanInput, down: EuropeanInput, width: number) =>
    (priceAmericanExact(up, scheme) - priceAmericanExact(down, scheme)) / width;
  const dv = VOLATILITY_BUMP * volatility;
  return {
    price: value,
    delta,
    gamma,
    thetaPerDay: thetaPerYear / DAYS_PER_YEAR,
    vegaPerPoint: 0.01 * slope({ ...input, volatility: volatility + dv }, { ...input, volatility: volatility - dv }, 2 * dv),
    rhoPerPoint: 0.01 * slope({ ...input, rate: rate + RATE_BUMP }, { ...input, rate: rate - RATE_BUMP }, 2 * RATE_BUMP),
    dividendRhoPerPoint:
      0.01 *
      slope(
        { ...input, dividendYield: dividendYield + RATE_BUMP },
        { ...input, dividendYield: dividendYield - RATE_BUMP },
        2 * RATE_BUMP,
      ),
  };
}
