/**
 * Implied volatility of American options: a bracketed solver on the collocation engine (or the grid, with cash dividends).
 */
import { type AmericanInput, priceAmerican } from './american.ts';
import { ACCURATE, exerciseRegime, priceAmericanExact } from './americanExact.ts';
import { priceOnGrid } from './americanGrid.ts';
import type { ImpliedVolatility } from './impliedVolatility.ts';

export interface AmericanImpliedVolatilityInput extends Omit<AmericanInput, 'volatility'> {
  /** Option price, dollars per share. */
  readonly price: number;
}

/** Range searched, as annual fractions. */
const LOWEST_VOLATILITY = 1e-4;
const HIGHEST_VOLATILITY = 20;
/** Stop when the bracket is this narrow relative to the volatility, or the price is met to this part of the strike. */
const VOLATILITY_TOLERANCE = 1e-10;
const PRICE_TOLERANCE = 1e-12;
const MOST_STEPS = 80;

/**
 * The volatility (annual fraction) at which the American model price equals `price`. A price at or below intrinsic value, or
 * below what the option is worth with next to no volatility, has none ('belowIntrinsic').
 */
export function americanImpliedVolatility(input: AmericanImpliedVolatilityInput): ImpliedVolatility {
  const { price, right, spot, strike, years, rate, dividendYield } = input;
  if (!Number.isFinite(price + spot + strike + years + rate + dividendYield) || spot <= 0 || strike <= 0)
    return { kind: 'notANumber' };
  if (years <= 0) return { kind: 'expired' };
  const intrinsic = Math.max(right === 'call' ? spot - strike : strike - spot, 0);
  if (price <= intrinsic) return { kind: 'belowIntrinsic' };
  const value = (volatility: number) => modelPrice({ ...input, volatility });
  const tolerance = PRICE_TOLERANCE * strike;
  let low = LOWEST_VOLATILITY;
  let lowGap = value(low) - price;
  if (lowGap >= 0) return { kind: 'belowIntrinsic' };
  let high = 0.5;
  let highGap = value(high) - price;
  while (highGap < 0) {
    if (high >= HIGHEST_VOLATILITY) return { kind: 'aboveMaximum' };
    low = high;
    lowGap = highGap;
    high *= 2;
    highGap = value(high) - price;
  }
  for (let step = 0; step < MOST_STEPS && high - low > VOLATILITY_TOLERANCE * high; step++) {
    const guess = nextGuess(low, lowGap, high, highGap, step);
    const gap = value(guess) - price;
    if (Math.abs(gap) <= tolerance) return { kind: 'volatility', volatility: guess };
    if (gap < 0) {
      low = guess;
      lowGap = gap;
    } else {
      high = guess;
      highGap = gap;
    }
  }
  return { kind: 'volatility', volatility: 0.5 * (low + high) };
}

/** The chord's root, pulled a little towards the middle so that both ends move; every third step halves the bracket. */
function nextGuess(low: number, lowGap: number, high: number, highGap: number, step: number): number {
  const middle = 0.5 * (low + high);
  if (step % 3 === 2) return middle;
  const chord = low - (lowGap * (high - low)) / (highGap - lowGap);
  const nudge = 1e-3 * (high - low) * (chord < middle ? 1 : -1);
  return Math.min(Math.max(chord + (step % 3 === 1 ? nudge : 0), low + 1e-3 * (high - low)), high - 1e-3 * (high - low));
}

function modelPrice(input: AmericanInput): number {
  const hasCash = (input.discreteDividends ?? []).some((d) => d.years > 0 && d.years <= input.years && d.amount > 0);
  const regime = exerciseRegime(input);
  if (regime === 'certain') return priceAmerican(input);
  if (hasCash || regime === 'twoBoundaries') return priceOnGrid(input).price;
  return priceAmericanExact(input, ACCURATE);
}
