import type { ParityQuotes } from './parityForward.ts';

/** One expiration for an index of implied variance. */
export interface IndexTerm {
  readonly quotes: ParityQuotes;
  /** Years to expiration (minutes / 525,600 as Cboe counts). */
  readonly years: number;
  /** Continuous rate per year. */
  readonly rate: number;
}

/**
 * Model-free variance of one expiration per year, from out-of-the-money mids (Cboe, 'VIX Methodology'):
 * 2/T Σ dK/K² e^(RT) Q(K) - 1/T (F/K0 - 1)². The forward comes from the strike with the smallest |C - P|, K0 is the strike at or
 * just below it, zero bids are left out, and after two in a row on one side nothing further out counts. null when no strike
 * has both sides.
 */
export function modelFreeVariance({ quotes, years, rate }: IndexTerm): number | null {
  const { strikes, callBid, callAsk, putBid, putAsk } = quotes;
  const n = strikes.length;
  const call = (i: number): number => (callBid[i]! + callAsk[i]!) / 2;
  const put = (i: number): number => (putBid[i]! + putAsk[i]!) / 2;
  let nearest = -1;
  for (let i = 0; i < n; i++) {
    if (!(callBid[i]! > 0 && putBid[i]! > 0)) continue;
    if (nearest < 0 || Math.abs(call(i) - put(i)) < Math.abs(call(nearest) - put(nearest))) nearest = i;
  }
  if (nearest < 0) return null;
  const growth = Math.exp(rate * years);
  const forward = strikes[nearest]! + growth * (call(nearest) - put(nearest));
  let centre = nearest;
  while (centre + 1 < n && strikes[centre + 1]! <= forward) centre++;
  while (centre > 0 && strikes[centre]! > forward) centre--;
  const used = [...walk(putBid, centre, -1).reverse(), centre, ...walk(callBid, centre, 1)];
  let sum = 0;
  used.forEach((i, j) => {
    const below = strikes[used[Math.max(j - 1, 0)]!]!;
    const above = strikes[used[Math.min(j + 1, used.length - 1)]!]!;
    const width = (above - below) / (j === 0 || j === used.length - 1 ? 1 : 2);
    const price = i < centre ? put(i) : i > centre ? call(i) : (put(i) + call(i)) / 2;
    sum += (width / strikes[i]! ** 2) * growth * price;
  });
  return (2 * sum - (forward / strikes[centre]! - 1) ** 2) / years;
}

/** Indices with a bid going out from the centre, until two zero bids in a row. */
function walk(bid: ArrayLike<number>, centre: number, step: 1 | -1): number[] {
  const kept: number[] = [];
  let zeros = 0;
  for (let i = centre + step; i >= 0 && i < bid.length && zeros < 2; i += step) {
    if (bid[i]! > 0) {
      kept.push(i);
      zeros = 0;
    } else zeros++;
  }
  return kept;
}

/**
 * VIX-style index in volatility points (20 = 20 %): 100 x root of the variance at a constant horizon (30 days), total variance
 * interpolated linearly between the two terms that bracket it (extrapolated when both lie on one side, as Cboe does). null when
 * either term has no variance or the terms coincide.
 */
export function volatilityIndex(near: IndexTerm, next: IndexTerm, horizonYears = 30 / 365): number | null {
  const [first, second] = [modelFreeVariance(near), modelFreeVariance(next)];
  if (first === null || second === null) return null;
  return indexOf({ years: near.years, variance: first }, { years: next.years, variance: second }, horizonYears);
}

/** Annual variance of one term. */
export interface TermVariance {
  readonly years: number;
  readonly variance: number;
}

/** The index in volatility points from the variances of two terms; null when they coincide or extrapolate below zero. */
export function indexOf(near: TermVariance, next: TermVariance, horizonYears = 30 / 365): number | null {
  if (near.years === next.years) return null;
  const weight = (next.years - horizonYears) / (next.years - near.years);
  const variance = (near.years * near.variance * weight + next.years * next.variance * (1 - weight)) / horizonYears;
  return variance > 0 ? 100 * Math.sqrt(variance) : null;
}
