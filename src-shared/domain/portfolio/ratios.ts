import { maxDrawdown } from './drawdown.ts';
import { annualReturn, cumulativeReturns, PERIODS_PER_YEAR, type Period } from './returns.ts';
import { ascending, deviationOf, excessOver, meanOf, present, quantileOf } from './sample.ts';

/*
 * Ratios of a return series by empyrical's conventions (Quantopian, empyrical/stats.py, Apache-2.0): simple returns per period,
 * NaN = no value, sample deviations, annualised by 252 days, 52 weeks or 12 months. A ratio without a denominator is NaN (0/0)
 * or infinite, as there.
 */

/** Annualised standard deviation of returns; NaN for fewer than two. */
export function annualVolatility(returns: ArrayLike<number>, period: Period = 'daily'): number {
  return deviationOf(returns) * Math.sqrt(PERIODS_PER_YEAR[period]);
}

/** Mean over deviation of the returns above `riskFree` (per period, constant or series), annualised by the square root of time. */
export function sharpeRatio(
  returns: ArrayLike<number>,
  riskFree: number | ArrayLike<number> = 0,
  period: Period = 'daily',
): number {
  if (returns.length < 2) return Number.NaN;
  const excess = excessOver(returns, riskFree);
  return (meanOf(excess) / deviationOf(excess)) * Math.sqrt(PERIODS_PER_YEAR[period]);
}

/** Annualised root mean square of the shortfall below `required` (per period); NaN for no returns. */
export function downsideRisk(
  returns: ArrayLike<number>,
  required: number | ArrayLike<number> = 0,
  period: Period = 'daily',
): number {
  if (returns.length === 0) return Number.NaN;
  const squared = excessOver(returns, required).map((value) => Math.min(value, 0) ** 2);
  return Math.sqrt(meanOf(squared)) * Math.sqrt(PERIODS_PER_YEAR[period]);
}

/** Annualised mean excess over `required`, divided by the downside risk (Sortino and Price 1994). */
export function sortinoRatio(
  returns: ArrayLike<number>,
  required: number | ArrayLike<number> = 0,
  period: Period = 'daily',
): number {
  if (returns.length < 2) return Number.NaN;
  return (meanOf(excessOver(returns, required)) * PERIODS_PER_YEAR[period]) / downsideRisk(returns, required, period);
}

/** Compound annual growth over the magnitude of the deepest drawdown; NaN when there was none. */
export function calmarRatio(returns: ArrayLike<number>, period: Period = 'daily'): number {
  const deepest = maxDrawdown(returns);
  if (!(deepest < 0)) return Number.NaN;
  const ratio = annualReturn(returns, period) / -deepest;
  return Number.isFinite(ratio) ? ratio : Number.NaN;
}

/**
 * Gains over losses about a threshold (Keating and Shadwick 2002): `riskFree` per period plus `required` per year, the latter
 * brought to one period. NaN without losses, for fewer than two returns, or for a required return of -100 % and below.
 */
export function omegaRatio(
  returns: ArrayLike<number>,
  riskFree: number | ArrayLike<number> = 0,
  required = 0,
  periodsPerYear: number = PERIODS_PER_YEAR.daily,
): number {
  if (returns.length < 2 || (required <= -1 && periodsPerYear !== 1)) return Number.NaN;
  const threshold = periodsPerYear === 1 ? required : (1 + required) ** (1 / periodsPerYear) - 1;
  let gains = 0;
  let losses = 0;
  for (const value of excessOver(excessOver(returns, riskFree), threshold)) {
    if (value > 0) gains += value;
    else if (value < 0) losses -= value;
  }
  return losses > 0 ? gains / losses : Number.NaN;
}

/** Mean over deviation of the returns above a benchmark, not annualised (empyrical's excess_sharpe; the information ratio per period). */
export function excessSharpe(returns: ArrayLike<number>, benchmark: number | ArrayLike<number>): number {
  if (returns.length < 2) return Number.NaN;
  const active = excessOver(returns, benchmark);
  return meanOf(active) / deviationOf(active);
}

/** |95th percentile| / |5th percentile| of returns: how the good tail compares with the bad one. */
export function tailRatio(returns: ArrayLike<number>): number {
  const sorted = ascending(returns);
  return Math.abs(quantileOf(sorted, 0.95)) / Math.abs(quantileOf(sorted, 0.05));
}

/** R² of a straight line through cumulative log returns: 1 = perfectly steady growth. NaN for fewer than two returns. */
export function stability(returns: ArrayLike<number>): number {
  if (returns.length < 2) return Number.NaN;
  const heights = cumulativeReturns(present(returns), 1).map(Math.log);
  const meanHeight = meanOf(heights);
  const meanIndex = (heights.length - 1) / 2;
  let across = 0;
  let along = 0;
  let total = 0;
  heights.forEach((height, i) => {
    across += (i - meanIndex) * (height - meanHeight);
    along += (i - meanIndex) ** 2;
    total += (height - meanHeight) ** 2;
  });
  return (across * across) / (along * total);
}
