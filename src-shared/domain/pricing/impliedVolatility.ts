/**
 * Implied volatility to the last attainable digit: Jäckel's construction (normalise to the out-of-the-money side, a
 * rational guess, then exactly two Householder steps of third order on a nearly linear objective).
 */
import type { Right } from '../market/instrument.ts';
import { guessTotalVolatility } from './impliedVolatilityGuess.ts';
import { tabulatedTotalVolatility } from './impliedVolatilitySeed.ts';
import { inverseNormalCdf } from './normal.ts';
import { gapOverVega, priceOverVega, roughPriceOverVega } from './normalisedBlack.ts';

/** What a price implies. Everything but 'volatility' says why there is none; NaN never comes back. */
export type ImpliedVolatility =
  | { readonly kind: 'volatility'; readonly volatility: number }
  | { readonly kind: 'belowIntrinsic' | 'aboveMaximum' | 'notANumber' | 'expired' };

export interface ImpliedVolatilityInput {
  readonly right: Right;
  /** Forward of the underlying to expiry, dollars per share. */
  readonly forward: number;
  readonly strike: number;
  /** Time to expiry in years. */
  readonly years: number;
  /** Discount factor to expiry (1 = undiscounted). */
  readonly discount: number;
  /** Option price today, dollars per share. */
  readonly price: number;
}

const LN_SQRT_TWO_PI = 0.9189385332046727;
/** Below this log price the objective is 1/ln b, which is nearly linear in the far wing; above it ln b. */
const RECIPROCAL_BELOW = -4;

/** Doubles below this are subnormal or nearly so: a quotient of them has lost digits, their logarithms have not. */
const FEW_DIGITS_BELOW = 1e-300;

/** One third-order Householder step towards ln b(x, s) = target (or ln(bMax - b) = target when `upper`). */
function householder(x: number, s: number, target: number, upper: boolean): number {
  const h = x / s;
  const t = 0.5 * s;
  const ratio = upper ? gapOverVega(h, t) : priceOverVega(h, t);
  const n = upper ? -1 / ratio : 1 / ratio;
  const log = Math.log(ratio) - 0.5 * (h * h + t * t) - LN_SQRT_TWO_PI;
  const a = (h * h) / s - 0.5 * t;
  const da = (-3 * h * h) / (s * s) - 0.25;
  let newton = (target - log) / n;
  let halley = a - n;
  let third = a * a + da + n * (2 * n - 3 * a);
  if (!upper && target < RECIPROCAL_BELOW) {
    const q = n / log;
    newton *= log / target;
    third += 6 * q * (q - halley);
    halley -= 2 * q;
  }
  const step = (newton * (1 + 0.5 * halley * newton)) / (1 + newton * (halley + (third * newton) / 6));
  // A step never leaves the positive axis: with a guess of three digits it never tries to, short of broken input.
  return s + Math.max(step, -0.5 * s);
}

/**
 * One third-order Householder step on ln b(x, s) = ln beta, given b/b' at s: for guesses that are already good to a few per cent.
 * One logarithm serves both sides of the equation.
 */
export function stepFrom(x: number, s: number, beta: number, ratio: number): number {
  const inverse = 1 / s;
  const h = x * inverse;
  const hh = h * h;
  const n = 1 / ratio;
  const newton = (Math.log(beta * n) + 0.5 * hh + 0.125 * s * s + LN_SQRT_TWO_PI) * ratio;
  const a = hh * inverse - 0.25 * s;
  const halley = a - n;
  const third = a * a - 3 * hh * inverse * inverse - 0.25 + n * (2 * n - 3 * a);
  return s + (newton * (1 + 0.5 * halley * newton)) / (1 + newton * (halley + third * newton * (1 / 6)));
}

/**
 * Total volatility σ√T from the normalised out-of-the-money price: x = ln(F/K) <= 0, 0 < beta < exp(x/2), and
 * gap = exp(x/2) - beta given separately because near the top only the caller can subtract without loss. `lnBeta` may be given
 * where beta itself is so small that it has lost digits.
 */
export function totalVolatility(x: number, beta: number, gap: number, lnBeta: number = Math.log(beta)): number {
  const upper = beta > gap;
  const target = upper ? Math.log(gap) : lnBeta;
  if (!upper) {
    const seed = tabulatedTotalVolatility(x, beta, solveFromRationalGuess);
    if (seed > 0) {
      const nearer = stepFrom(x, seed, beta, roughPriceOverVega(x / seed, 0.5 * seed));
      return stepFrom(x, nearer, beta, priceOverVega(x / nearer, 0.5 * nearer));
    }
  }
  const s = householder(x, rationalGuess(x, beta, gap), target, upper);
  return householder(x, s, target, upper);
}

/** The same two steps from the rational guess: fills the table of guesses. */
export function solveFromRationalGuess(x: number, beta: number, gap: number): number {
  const upper = beta > gap;
  const target = Math.log(upper ? gap : beta);
  const s = householder(x, rationalGuess(x, beta, gap), target, upper);
  return householder(x, s, target, upper);
}

function rationalGuess(x: number, beta: number, gap: number): number {
  return x < 0 ? guessTotalVolatility(x, beta, beta + gap) : atTheMoneyGuess(beta, gap);
}

/** At the money b = 2Φ(s/2) - 1. */
function atTheMoneyGuess(beta: number, gap: number): number {
  return beta < 1e-3 ? beta * Math.sqrt(2 * Math.PI) : -2 * inverseNormalCdf(0.5 * gap);
}

/**
 * Volatility (per square-root year, a fraction: 0.20 = 20 %) that reproduces `price` under Black's formula.
 * Relative error: a few ulp, or what one rounding of the price itself allows. Never NaN: see {@link ImpliedVolatility}.
 */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatility {
  const { right, forward, strike, years, discount, price } = input;
  if (!Number.isFinite(forward + strike + years + discount + price) || forward <= 0 || strike <= 0 || discount <= 0) {
    return { kind: 'notANumber' };
  }
  if (years <= 0) return { kind: 'expired' };
  const undiscounted = price / discount;
  const intrinsic = Math.max(right === 'call' ? forward - strike : strike - forward, 0);
  const timeValue = undiscounted - intrinsic;
  if (timeValue <= 0) return { kind: 'belowIntrinsic' };
  const ceiling = right === 'call' ? forward : strike;
  const room = ceiling - undiscounted;
  if (room <= 0) return { kind: 'aboveMaximum' };
  const scale = Math.sqrt(forward) * Math.sqrt(strike);
  const x = -Math.abs(logMoneyness(forward, strike));
  const beta = timeValue / scale;
  const total =
    beta > FEW_DIGITS_BELOW
      ? totalVolatility(x, beta, room / scale)
      : totalVolatility(x, Math.max(beta, Number.MIN_VALUE), room / scale, Math.log(timeValue) - Math.log(scale));
  return Number.isFinite(total) && total > 0
    ? { kind: 'volatility', volatility: total / Math.sqrt(years) }
    : { kind: 'notANumber' };
}

/** Relative distance below which the series of {@link logMoneyness} is used; seven terms are then beneath rounding. */
const NEAR = 0.1;

/**
 * ln(forward/strike), accurate also when the two are nearly equal: 2 artanh((F - K)/(F + K)) as a series near the money (inline,
 * where Math.log1p is a call), the logarithm of the quotient elsewhere.
 */
export function logMoneyness(forward: number, strike: number): number {
  const gap = forward - strike;
  if (!(Math.abs(gap) < NEAR * strike)) return Math.log(forward / strike);
  const z = gap / (forward + strike);
  const w = z * z;
  return 2 * z * (1 + w * (1 / 3 + w * (1 / 5 + w * (1 / 7 + w * (1 / 9 + w * (1 / 11 + w * (1 / 13)))))));
}
