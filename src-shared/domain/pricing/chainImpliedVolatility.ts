/**
 * Implied volatility of a whole expiry in one call, from the out-of-the-money side of each strike.
 */
import { logMoneyness, totalVolatility } from './impliedVolatility.ts';

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

/**
 * Implied volatilities of one expiry. Below the forward the put's mid is used, from the forward up the call's; where that
 * mid is missing (NaN or <= 0) the other side's mid is used through parity.
 *
 * `volatilities` (annual fractions) and `status` (index into {@link CHAIN_IV_STATUS}) are filled for `count` strikes.
 * Returns how many strikes got a volatility. Allocates nothing.
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
  const { forward, discount, years } = terms;
  const perDiscount = 1 / discount;
  const perRootYears = 1 / Math.sqrt(years);
  const rootForward = Math.sqrt(forward);
  const usable = forward > 0 && discount > 0 && Number.isFinite(forward + perDiscount);
  let found = 0;
  for (let i = 0; i < count; i++) {
    volatilities[i] = 0;
    if (!usable) {
      status[i] = NOT_A_NUMBER;
      continue;
    }
    if (!(years > 0)) {
      status[i] = EXPIRED;
      continue;
    }
    const strike = strikes[i]!;
    const call = callMids[i]! * perDiscount;
    const put = putMids[i]! * perDiscount;
    const moneyness = forward - strike;
    let timeValue = moneyness > 0 ? put : call;
    if (!(timeValue > 0)) timeValue = moneyness > 0 ? call - moneyness : put + moneyness;
    const ceiling = moneyness > 0 ? strike : forward;
    if (!(timeValue > 0)) {
      status[i] = Number.isNaN(timeValue) ? NOT_A_NUMBER : BELOW_INTRINSIC;
      continue;
    }
    const room = ceiling - timeValue;
    if (!(room > 0)) {
      status[i] = ABOVE_MAXIMUM;
      continue;
    }
    const perScale = 1 / (rootForward * Math.sqrt(strike));
    const total = totalVolatility(-Math.abs(logMoneyness(forward, strike)), timeValue * perScale, room * perScale);
    const good = total > 0 && total < Number.POSITIVE_INFINITY;
    volatilities[i] = good ? total * perRootYears : 0;
    status[i] = good ? VOLATILITY : NOT_A_NUMBER;
    if (good) found++;
  }
  return found;
}
