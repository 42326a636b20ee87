/**
 * A continuous piecewise-linear function of the underlying price on [0, infinity): what a structure of options on one
 * expiration is worth at that expiration. Bounds, zeros and expectations of such a function have closed forms.
 */
export interface PiecewiseLinear {
  /** Ascending prices in dollars; the first is 0. */
  readonly knots: Float64Array;
  /** Value at each knot, in dollars. */
  readonly values: Float64Array;
  /** Slope beyond the last knot, in dollars per dollar. */
  readonly finalSlope: number;
}

/** Dollars below which a value counts as zero: a thousandth of a cent, far above the rounding of sums of prices. */
const ZERO_DOLLARS = 1e-5;

/** The function's value at a price (prices below 0 are read as 0). */
export function valueAt(curve: PiecewiseLinear, price: number): number {
  const { knots, values } = curve;
  const last = knots.length - 1;
  if (price >= knots[last]!) return values[last]! + curve.finalSlope * (price - knots[last]!);
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle]! <= price) low = middle;
    else high = middle;
  }
  const fraction = (Math.max(price, 0) - knots[low]!) / (knots[high]! - knots[low]!);
  return values[low]! + fraction * (values[high]! - values[low]!);
}

/** The largest value; null when it grows without bound. */
export function maximumOf(curve: PiecewiseLinear): number | null {
  return curve.finalSlope > 0 ? null : curve.values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
}

/** The smallest value; null when it falls without bound. */
export function minimumOf(curve: PiecewiseLinear): number | null {
  return curve.finalSlope < 0 ? null : curve.values.reduce((best, value) => Math.min(best, value), Number.POSITIVE_INFINITY);
}

/** An open interval of prices on which the function is strictly positive; `to` may be Infinity. */
export interface PriceInterval {
  readonly from: number;
  readonly to: number;
}

/** Where the function is above zero (by more than a thousandth of a cent), as ascending disjoint intervals. */
export function positiveIntervals(curve: PiecewiseLinear): PriceInterval[] {
  const intervals: PriceInterval[] = [];
  const push = (from: number, to: number): void => {
    const previous = intervals.at(-1);
    if (previous && previous.to === from) intervals[intervals.length - 1] = { from: previous.from, to };
    else if (to > from) intervals.push({ from, to });
  };
  const { knots, values } = curve;
  const last = knots.length - 1;
  for (let i = 0; i < last; i++) {
    const left = flat(values[i]!);
    const right = flat(values[i + 1]!);
    if (left <= 0 && right <= 0) continue;
    const from = left < 0 ? crossing(knots[i]!, left, knots[i + 1]!, right) : knots[i]!;
    const to = right < 0 ? crossing(knots[i]!, left, knots[i + 1]!, right) : knots[i + 1]!;
    push(from, to);
  }
  const end = flat(values[last]!);
  const beyond = curve.finalSlope === 0 ? Number.POSITIVE_INFINITY : knots[last]! - end / curve.finalSlope;
  if (end > 0) push(knots[last]!, curve.finalSlope < 0 ? beyond : Number.POSITIVE_INFINITY);
  else if (curve.finalSlope > 0) push(beyond, Number.POSITIVE_INFINITY);
  return intervals;
}

/** Positive prices at which the function is zero: crossings, isolated touches, and the ends of stretches at zero. Ascending. */
export function zerosOf(curve: PiecewiseLinear): number[] {
  const zeros: number[] = [];
  const { knots, values } = curve;
  const last = knots.length - 1;
  for (let i = 0; i <= last; i++) {
    const here = flat(values[i]!);
    const next = i < last ? flat(values[i + 1]!) : here + curve.finalSlope;
    const before = i > 0 ? flat(values[i - 1]!) : here;
    const flatStretch = here === 0 && before === 0 && next === 0;
    if (here === 0 && knots[i]! > 0 && !flatStretch) zeros.push(knots[i]!);
    if (i < last && here * next < 0) zeros.push(crossing(knots[i]!, here, knots[i + 1]!, next));
  }
  const end = flat(values[last]!);
  if (end * curve.finalSlope < 0) zeros.push(knots[last]! - end / curve.finalSlope);
  return zeros;
}

function flat(value: number): number {
  return Math.abs(value) < ZERO_DOLLARS ? 0 : value;
}

function crossing(x0: number, y0: number, x1: number, y1: number): number {
  return x0 + ((x1 - x0) * y0) / (y0 - y1);
}
