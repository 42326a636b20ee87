/**
 * Statistics of a series of numbers in which NaN means 'no value that day' and is left out, as numpy's nan-functions do.
 */

/** Mean of the numbers present; NaN when there are none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** Standard deviation with n - 1 in the denominator; exactly 0 for equal numbers, NaN for fewer than two. */
export function deviationOf(values: ArrayLike<number>): number {
  const known = present(values);
  if (known.length < 2) return Number.NaN;
  if (known.every((value) => value === known[0])) return 0;
  const centre = meanOf(known);
  return Math.sqrt(known.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (known.length - 1));
}

/** Central moments of the numbers present, with n in the denominator: variance, skewness and (non-excess) kurtosis. */
export function momentsOf(values: ArrayLike<number>): { variance: number; skewness: number; kurtosis: number } {
  const known = present(values);
  const centre = meanOf(known);
  const moment = (power: number): number => known.reduce((sum, value) => sum + (value - centre) ** power, 0) / known.length;
  const variance = moment(2);
  return { variance, skewness: moment(3) / variance ** 1.5, kurtosis: moment(4) / variance ** 2 };
}

/** The numbers present, in order. */
export function present(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter((value) => !Number.isNaN(value));
}

/** The numbers present, ascending. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return present(values).sort();
}

/** Quantile of ascending numbers with linear interpolation between neighbours (numpy's default); NaN for none. */
export function quantileOf(sorted: ArrayLike<number>, probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** value[i] - other[i], or value[i] - other for a constant. */
export function excessOver(values: ArrayLike<number>, other: number | ArrayLike<number>): Float64Array {
  return Float64Array.from(values, (value, i) => value - (typeof other === 'number' ? other : (other[i] ?? Number.NaN)));
}
