import { inverseNormalCdf, normalPdf } from '../pricing/normal.ts';
import { ascending, deviationOf, meanOf, momentsOf, quantileOf } from './sample.ts';

export type RiskMethod = 'historical' | 'parametric' | 'cornishFisher';

/*
 * Value at risk and its conditional are returned as returns at the bad end (usually negative fractions), as empyrical does:
 * -0.03 at cutoff 0.05 says that one period in twenty loses 3 % or more.
 */

/**
 * The return that only a share `cutoff` of periods falls below.
 * historical: the empirical quantile, linearly interpolated; parametric: mean + z x deviation of a normal law;
 * cornishFisher: z corrected for skewness S and excess kurtosis K,
 * z + (z²-1)S/6 + (z³-3z)K/24 - (2z³-5z)S²/36 (Cornish and Fisher 1937; Favre and Galeano 2002).
 */
export function valueAtRisk(returns: ArrayLike<number>, cutoff = 0.05, method: RiskMethod = 'historical'): number {
  if (method === 'historical') return quantileOf(ascending(returns), cutoff);
  const z = inverseNormalCdf(cutoff);
  return meanOf(returns) + deviationOf(returns) * (method === 'parametric' ? z : corrected(z, returns));
}

/**
 * Mean return of the periods at or below value at risk.
 * historical: of the floor((n - 1) cutoff) + 1 worst returns (empyrical's rule); parametric: mean - deviation φ(z)/cutoff;
 * cornishFisher: the mean of its quantile over (0, cutoff], by Simpson's rule on 200 intervals in z.
 */
export function conditionalValueAtRisk(returns: ArrayLike<number>, cutoff = 0.05, method: RiskMethod = 'historical'): number {
  if (method === 'historical') {
    const sorted = ascending(returns);
    return meanOf(sorted.subarray(0, Math.floor((sorted.length - 1) * cutoff) + 1));
  }
  const z = inverseNormalCdf(cutoff);
  const score = method === 'parametric' ? -normalPdf(z) / cutoff : meanCorrectedBelow(z, returns) / cutoff;
  return meanOf(returns) + deviationOf(returns) * score;
}

/** Cornish-Fisher's correction of a normal score. */
function scoreOf(z: number, skewness: number, excess: number): number {
  return z + ((z * z - 1) * skewness) / 6 + ((z ** 3 - 3 * z) * excess) / 24 - ((2 * z ** 3 - 5 * z) * skewness * skewness) / 36;
}

function corrected(z: number, returns: ArrayLike<number>): number {
  const { skewness, kurtosis } = momentsOf(returns);
  return scoreOf(z, skewness, kurtosis - 3);
}

/** Integral of the corrected score against the normal density from far below up to z. */
function meanCorrectedBelow(z: number, returns: ArrayLike<number>): number {
  const from = Math.min(z, 0) - 12;
  const intervals = 200;
  const step = (z - from) / intervals;
  const { skewness, kurtosis } = momentsOf(returns);
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const x = from + i * step;
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * scoreOf(x, skewness, kurtosis - 3) * normalPdf(x);
  }
  return (sum * step) / 3;
}
