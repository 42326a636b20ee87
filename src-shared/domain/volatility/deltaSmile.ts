import type { Right } from '../market/instrument.ts';
import { inverseNormalCdf, normalCdf } from '../pricing/normal.ts';
import { type RawSvi, sviVolatility } from './svi.ts';

export interface DeltaPoint {
  readonly right: Right;
  /** Absolute forward delta, 0 to 1. */
  readonly delta: number;
  /** ln(K/F) of the strike with that delta. */
  readonly logMoneyness: number;
  readonly volatility: number;
}

/**
 * The point of a smile with a given absolute forward delta (Φ(d1) of a call, Φ(-d1) of a put, undiscounted, no dividends on
 * top): solves d1(k, sigma(k)) = the delta's score by bisection in k between ±10 standard deviations.
 */
export function pointAtDelta(raw: RawSvi, years: number, right: Right, delta: number): DeltaPoint {
  const score = right === 'call' ? inverseNormalCdf(delta) : -inverseNormalCdf(delta);
  const d1 = (k: number): number => {
    const total = sviVolatility(raw, k, years) * Math.sqrt(years);
    return -k / total + total / 2;
  };
  const width = 10 * sviVolatility(raw, 0, years) * Math.sqrt(years);
  let low = -width;
  let high = width;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (d1(middle) > score) low = middle;
    else high = middle;
  }
  const logMoneyness = (low + high) / 2;
  return { right, delta, logMoneyness, volatility: sviVolatility(raw, logMoneyness, years) };
}

/** Absolute forward delta of the strike at log-moneyness k. */
export function deltaAt(raw: RawSvi, years: number, right: Right, k: number): number {
  const total = sviVolatility(raw, k, years) * Math.sqrt(years);
  const call = normalCdf(-k / total + total / 2);
  return right === 'call' ? call : 1 - call;
}

/** Skew measures at one delta, fractions of volatility. */
export interface SkewQuotes {
  /** Call volatility less put volatility: negative = puts dearer. */
  readonly riskReversal: number;
  /** Mean of the wings less the at-the-money-forward volatility. */
  readonly butterfly: number;
  readonly atTheMoney: number;
}

/** Risk reversal and butterfly at a delta (0.25 by default). */
export function skewQuotes(raw: RawSvi, years: number, delta = 0.25): SkewQuotes {
  const call = pointAtDelta(raw, years, 'call', delta).volatility;
  const put = pointAtDelta(raw, years, 'put', delta).volatility;
  const atTheMoney = sviVolatility(raw, 0, years);
  return { riskReversal: call - put, butterfly: (call + put) / 2 - atTheMoney, atTheMoney };
}

/** A smile in delta space: puts of 5, 10, ... 45 delta, at the money, calls back to 5. Left to right by strike. */
export function deltaSmile(
  raw: RawSvi,
  years: number,
  deltas: readonly number[] = [0.05, 0.1, 0.15, 0.25, 0.35, 0.45],
): DeltaPoint[] {
  const puts = deltas.map((delta) => pointAtDelta(raw, years, 'put', delta));
  const calls = [...deltas].reverse().map((delta) => pointAtDelta(raw, years, 'call', delta));
  const middle: DeltaPoint = {
    right: 'call',
    delta: deltaAt(raw, years, 'call', 0),
    logMoneyness: 0,
    volatility: sviVolatility(raw, 0, years),
  };
  return [...puts, middle, ...calls];
}
