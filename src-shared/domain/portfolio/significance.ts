import { inverseNormalCdf, normalCdf } from '../pricing/normal.ts';
import { deviationOf, meanOf, momentsOf, present } from './sample.ts';

/** Euler-Mascheroni constant. */
const EULER_GAMMA = 0.5772156649015329;

/**
 * Probabilistic Sharpe ratio: the probability that the true Sharpe ratio exceeds `benchmark`, given how many returns there are and
 * how skewed and fat-tailed they are. Both Sharpe ratios per period, not annualised.
 * Φ((SR - SR*) sqrt(n - 1) / sqrt(1 - skew SR + (kurt - 1)/4 SR²)).
 * Source: Bailey and López de Prado, 'The Sharpe Ratio Efficient Frontier', J. Risk 15 (2012). NaN for fewer than three returns.
 */
export function probabilisticSharpe(returns: ArrayLike<number>, benchmark = 0): number {
  const known = present(returns);
  if (known.length < 3) return Number.NaN;
  const { sharpe, spread } = sharpeWithSpread(known);
  return normalCdf(((sharpe - benchmark) * Math.sqrt(known.length - 1)) / spread);
}

/** Returns needed until the probabilistic Sharpe ratio reaches `confidence`; Infinity when the Sharpe ratio does not exceed `benchmark`. */
export function minimumTrackRecord(returns: ArrayLike<number>, benchmark = 0, confidence = 0.95): number {
  const known = present(returns);
  if (known.length < 3) return Number.NaN;
  const { sharpe, spread } = sharpeWithSpread(known);
  return sharpe <= benchmark
    ? Number.POSITIVE_INFINITY
    : 1 + ((spread * inverseNormalCdf(confidence)) / (sharpe - benchmark)) ** 2;
}

/**
 * The best Sharpe ratio (per period) to expect among `trials` worthless strategies whose Sharpe ratios vary by `variance`:
 * sqrt(V) ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))). 0 for one trial.
 */
export function expectedBestSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0;
  const first = inverseNormalCdf(1 - 1 / trials);
  const second = inverseNormalCdf(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_GAMMA) * first + EULER_GAMMA * second);
}

/**
 * Deflated Sharpe ratio: the probabilistic one against what luck alone would have made the best of `trials` attempts show.
 * `variance` is the variance of the attempts' Sharpe ratios per period.
 * Source: Bailey and López de Prado, 'The Deflated Sharpe Ratio', J. Portfolio Management 40 (2014).
 */
export function deflatedSharpe(returns: ArrayLike<number>, trials: number, variance: number): number {
  return probabilisticSharpe(returns, expectedBestSharpe(trials, variance));
}

/** Sharpe ratio per period and the root of 1 - skew SR + (kurt - 1)/4 SR². */
function sharpeWithSpread(known: Float64Array): { sharpe: number; spread: number } {
  const sharpe = meanOf(known) / deviationOf(known);
  const { skewness, kurtosis } = momentsOf(known);
  return { sharpe, spread: Math.sqrt(1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe) };
}
