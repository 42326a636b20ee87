/** Trading days in the usual look-back of IV rank and percentile. */
export const TRADING_DAYS_PER_YEAR = 252;

/**
 * IV rank: where `current` stands between the lowest and the highest of the look-back, as a fraction. 0 = at the low, 1 = at the
 * high; a new extreme gives a value below 0 or above 1, which is told rather than hidden.
 * (current - min) / (max - min). NaN entries (days without a value) are left out.
 * null when fewer than two values are left or all are equal: there is no range to rank in.
 */
export function ivRank(series: ArrayLike<number>, current: number, window: number = TRADING_DAYS_PER_YEAR): number | null {
  const values = lastKnown(series, window);
  if (values.length < 2 || !Number.isFinite(current)) return null;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? (current - low) / (high - low) : null;
}

/**
 * IV percentile: the share of days in the look-back on which implied volatility was below `current`, 0 to 1.
 * null when no day has a value.
 */
export function ivPercentile(series: ArrayLike<number>, current: number, window: number = TRADING_DAYS_PER_YEAR): number | null {
  const values = lastKnown(series, window);
  if (values.length === 0 || !Number.isFinite(current)) return null;
  return values.filter((value) => value < current).length / values.length;
}

/** The values of the last `window` entries, oldest first, without those that are not numbers. */
function lastKnown(series: ArrayLike<number>, window: number): number[] {
  const known: number[] = [];
  for (let i = Math.max(0, series.length - window); i < series.length; i++) {
    const value = series[i];
    if (value !== undefined && Number.isFinite(value)) known.push(value);
  }
  return known;
}
