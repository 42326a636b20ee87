/**
 * Prices and greeks of a whole expiry in one call: struct-of-arrays in, struct-of-arrays out, nothing allocated in the loop.
 * One evaluation per strike serves call and put (parity); discount and forward are hoisted; ln K is cached with the strikes;
 * a strike costs one exponential and two rationals (K·φ(d2) = F·φ(d1)).
 * Arrays may be views on a SharedArrayBuffer, so workers can fill one universe together.
 */
export { CHAIN_IV_STATUS, type ChainIvStatus, type ChainIvTerms, impliedVolatilityChain } from './chainImpliedVolatility.ts';

import { DAYS_PER_YEAR } from './blackScholes.ts';
import { expNegative } from './expNegative.ts';
import { INV_SQRT_TWO_PI, scaledMills } from './normal.ts';

/** Columns filled by {@link chainGreeks}, one entry per strike, per share; units as in `Greeks` of blackScholes.ts. */
export interface ChainGreeks {
  readonly size: number;
  readonly callPrice: Float64Array;
  readonly putPrice: Float64Array;
  readonly callDelta: Float64Array;
  readonly putDelta: Float64Array;
  /** Same for call and put. */
  readonly gamma: Float64Array;
  readonly callThetaPerDay: Float64Array;
  readonly putThetaPerDay: Float64Array;
  /** Same for call and put. */
  readonly vegaPerPoint: Float64Array;
  readonly callRhoPerPoint: Float64Array;
  readonly putRhoPerPoint: Float64Array;
}

/** What is common to one expiry. */
export interface ExpiryTerms {
  readonly spot: number;
  /** Forward of the underlying to this expiry. */
  readonly forward: number;
  /** Discount factor to this expiry. */
  readonly discount: number;
  /** Years to expiry, > 0. */
  readonly years: number;
}

const COLUMNS = 10;

/** Bytes that {@link chainGreeksOn} needs for n strikes. */
export function chainGreeksBytes(n: number): number {
  return COLUMNS * n * Float64Array.BYTES_PER_ELEMENT;
}

/** Output columns for up to n strikes; allocate once, use for every tick. */
export function allocateChainGreeks(n: number): ChainGreeks {
  return chainGreeksOn(new ArrayBuffer(chainGreeksBytes(n)), 0, n);
}

/** Output columns laid over an existing (shared) buffer. */
export function chainGreeksOn(buffer: ArrayBuffer | SharedArrayBuffer, byteOffset: number, n: number): ChainGreeks {
  const column = (index: number) => new Float64Array(buffer as ArrayBuffer, byteOffset + index * n * 8, n);
  return {
    size: n,
    callPrice: column(0),
    putPrice: column(1),
    callDelta: column(2),
    putDelta: column(3),
    gamma: column(4),
    callThetaPerDay: column(5),
    putThetaPerDay: column(6),
    vegaPerPoint: column(7),
    callRhoPerPoint: column(8),
    putRhoPerPoint: column(9),
  };
}

/** ln K of each strike: computed when a chain is listed, not when it ticks. `out` may be given to reuse memory. */
export function logStrikes(strikes: Float64Array, out: Float64Array = new Float64Array(strikes.length)): Float64Array {
  for (let i = 0; i < strikes.length; i++) out[i] = Math.log(strikes[i]!);
  return out;
}

/**
 * Black-76 prices and spot greeks of every strike of one expiry (calls and puts).
 *
 * Arrays are index-aligned; `volatilities` are annual fractions, one per strike. A strike whose volatility is not a positive
 * number gets its discounted intrinsic value with zero gamma and vega. Rate and carry follow from `discount` and
 * `forward/spot`; delta is spot delta; theta is per calendar day with rate and carry held; rho holds spot and yield.
 * Absolute error about 1e-15 of the strike.
 */
export function chainGreeks(
  terms: ExpiryTerms,
  strikes: Float64Array,
  lnStrikes: Float64Array,
  volatilities: Float64Array,
  out: ChainGreeks,
  count: number = strikes.length,
): void {
  const { spot, forward, discount, years } = terms;
  const { callPrice, putPrice, callDelta, putDelta, gamma, callThetaPerDay, putThetaPerDay, vegaPerPoint } = out;
  const { callRhoPerPoint, putRhoPerPoint } = out;
  const lnForward = Math.log(forward);
  const rootYears = Math.sqrt(years);
  const discountedForward = discount * forward;
  const deltaScale = discountedForward / spot;
  const gammaScale = (deltaScale * INV_SQRT_TWO_PI) / spot;
  const vegaScale = discountedForward * rootYears * INV_SQRT_TWO_PI;
  const rate = -Math.log(discount) / years;
  const dividendYield = rate - Math.log(forward / spot) / years;
  const thetaForward = (dividendYield * discountedForward) / DAYS_PER_YEAR;
  const thetaStrike = (rate * discount) / DAYS_PER_YEAR;
  const rhoScale = 0.01 * years * discount;
  const decayScale = -vegaScale / (2 * years * DAYS_PER_YEAR);
  for (let i = 0; i < count; i++) {
    const strike = strikes[i]!;
    const volatility = volatilities[i]!;
    const owed = discount * strike;
    const total = volatility * rootYears;
    let density = 0;
    let inverse = 0;
    let nd1 = forward > strike ? 1 : forward < strike ? 0 : 0.5;
    let strikeTerm = strike * nd1; // K·Φ(d2)
    if (total > 0) {
      inverse = 1 / total;
      const d1 = (lnForward - lnStrikes[i]!) * inverse + 0.5 * total;
      const d2 = d1 - total;
      density = expNegative(-0.5 * d1 * d1);
      const tail1 = density * scaledMills(Math.abs(d1));
      const tail2 = forward * density * scaledMills(Math.abs(d2)); // K·φ(d2) = F·φ(d1)
      nd1 = d1 < 0 ? tail1 : 1 - tail1;
      strikeTerm = d2 < 0 ? tail2 : strike - tail2;
    }
    const call = discountedForward * nd1 - discount * strikeTerm;
    const decay = decayScale * density * volatility;
    const callTheta = decay - thetaStrike * strikeTerm + thetaForward * nd1;
    callPrice[i] = Math.max(call, 0);
    const put = call - discountedForward + owed;
    putPrice[i] = Math.max(put, 0);
    callDelta[i] = deltaScale * nd1;
    putDelta[i] = deltaScale * (nd1 - 1);
    gamma[i] = gammaScale * density * inverse;
    callThetaPerDay[i] = callTheta;
    putThetaPerDay[i] = callTheta + thetaStrike * strike - thetaForward;
    vegaPerPoint[i] = 0.01 * vegaScale * density;
    callRhoPerPoint[i] = rhoScale * strikeTerm;
    putRhoPerPoint[i] = rhoScale * (strikeTerm - strike);
  }
}
