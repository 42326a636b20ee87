/**
 * Implied volatility of a whole expiry in one call, from the out-of-the-money side of each strike.
 */
import { logMoneyness, solveFromRationalGuess, stepFrom, totalVolatility } from './impliedVolatility.ts';
import { tabulatedTotalVolatility } from './impliedVolatilitySeed.ts';
import { priceOverVega, roughPriceOverVega } from './normalisedBlack.ts';

/** What became of one strike; index into the status column. Never NaN: a strike without a volatility holds 0 and says why. */
export const CHAIN_IV_STATUS = ['volatility', 'belowIntrinsic', 'aboveMaximum', 'notANumber', 'expired'] as const;
export type ChainIvStatus = (typeof CHAIN_IV_STATUS)[number];

const VOLATILITY = 0;
const BELOW_INTRINSIC = 1;
const ABOVE_MAXIMUM = 2;
const NOT_A_NUMBER = 3;
const EXPIRED = 4;

/** What is common to one expiry. */
export interface ChainIvTerms {
  readonly forward: number;
  readonly discount: number;
  /** Years to expiry. */
  readonly years: number;
}

/** Working columns of {@link impliedVolatilityChain}: grown to the longest chain seen, never inside a loop. */
let lnRatio = new Float64Array(0);
let normalisedPrice = new Float64Array(0);

function grow(count: number): void {
  if (lnRatio.length >= count) return;
  lnRatio = new Float64Array(2 * count);
  normalisedPrice = new Float64Array(2 * count);
}

/**
 * Implied volatilities of one expiry. Below the forward the put's mid is used, from the forward up the call's; where that
 * mid is missing (NaN or <= 0) the other side's mid is used through parity.
 *
 * `volatilities` (annual fractions) and `status` (index into {@link CHAIN_IV_STATUS}) are filled for `count` strikes.
 * Returns how many strikes got a volatility. Same numbers as `impliedVolatility`; the two steps run as passes over all
 * strikes, because one strike's steps wait for each other and many strikes' do not.
 */
export function impliedVolatilityChain(
  terms: ChainIvTerms,
  strikes: Float64Array,
  callMids: Float64Array,
  putMids: Float64Array,
  volatilities: Float64Array,
  status: Uint8Array,
  count: number = strikes.length,
): number {
  grow(count);
  const x = lnRatio;
  const price = normalisedPrice;
  normalise(terms, strikes, callMids, putMids, volatilities, status, count, x, price);
  for (let i = 0; i < count; i++) {
    const s = volatilities[i]!;
    if (price[i]! > 0) volatilities[i] = stepFrom(x[i]!, s, price[i]!, roughPriceOverVega(x[i]! / s, 0.5 * s));
  }
  for (let i = 0; i < count; i++) {
    const s = volatilities[i]!;
    if (price[i]! > 0) volatilities[i] = stepFrom(x[i]!, s, price[i]!, priceOverVega(x[i]! / s, 0.5 * s));
  }
  const perRootYears = 1 / Math.sqrt(terms.years);
  let found = 0;
  for (let i = 0; i < count; i++) {
    if (status[i] !== VOLATILITY) continue;
    const total = volatilities[i]!;
    const good = total > 0 && total < Number.POSITIVE_INFINITY;
    volatilities[i] = good ? total * perRootYears : 0;
    if (good) found++;
    else status[i] = NOT_A_NUMBER;
  }
  return found;
}

/**
 * First pass: classifies every strike, and leaves ln(F/K), the normalised price and a first guess for those within the
 * table of guesses. Strikes outside it are solved here; they and the classified ones are marked by a price of 0.
 */
function normalise(
  { forward, discount, years }: ChainIvTerms,
  strikes: Float64Array,
  callMids: Float64Array,
  putMids: Float64Array,
  volatilities: Float64Array,
  status: Uint8Array,
  count: number,
  x: Float64Array,
  price: Float64Array,
): void {
  const perDiscount = 1 / discount;
  const rootForward = Math.sqrt(forward);
  const usable = forward > 0 && discount > 0 && Number.isFinite(forward + perDiscount) && !Number.isNaN(years);
  const refusal = usable ? (years > 0 ? VOLATILITY : EXPIRED) : NOT_A_NUMBER;
  for (let i = 0; i < count; i++) {
    volatilities[i] = 0;
    price[i] = 0;
    const strike = strikes[i]!;
    const call = callMids[i]! * perDiscount;
    const put = putMids[i]! * perDiscount;
    const moneyness = forward - strike;
    let timeValue = moneyness > 0 ? put : call;
    if (!(timeValue > 0)) timeValue = moneyness > 0 ? call - moneyness : put + moneyness;
    const room = (moneyness > 0 ? strike : forward) - timeValue;
    if (refusal !== VOLATILITY) {
      status[i] = refusal;
    } else if (timeValue > 0 && room > 0) {
      status[i] = VOLATILITY;
      const perScale = 1 / (rootForward * Math.sqrt(strike));
      const lnForwardOverStrike = -Math.abs(logMoneyness(forward, strike));
      const beta = timeValue * perScale;
      const gap = room * perScale;
      const guess = beta > gap ? 0 : tabulatedTotalVolatility(lnForwardOverStrike, beta, solveFromRationalGuess);
      x[i] = lnForwardOverStrike;
      if (guess > 0) {
        price[i] = beta;
        volatilities[i] = guess;
      } else volatilities[i] = totalVolatility(lnForwardOverStrike, beta, gap);
    } else {
      status[i] = Number.isNaN(timeValue) ? NOT_A_NUMBER : timeValue > 0 ? ABOVE_MAXIMUM : BELOW_INTRINSIC;
    }
  }
}
