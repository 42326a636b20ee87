import { invariant } from '../units.ts';

/** Daily bars as columns, oldest first, equal lengths, adjusted for splits at least. Prices in dollars. */
export interface BarColumns {
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
}

/** How many bars make a year: the named day count that annualises every estimate here. */
export type DayCount = { readonly name: string; readonly periodsPerYear: number };
export const TRADING_252: DayCount = { name: '252 trading days', periodsPerYear: 252 };
export const CALENDAR_365: DayCount = { name: '365 calendar days', periodsPerYear: 365 };

export const REALISED_ESTIMATORS = ['closeToClose', 'parkinson', 'garmanKlass', 'rogersSatchell', 'yangZhang'] as const;
export type RealisedEstimator = (typeof REALISED_ESTIMATORS)[number];

/**
 * Realised volatility of the last `window` bars, annualised, as a fraction. NaN when there are too few bars (close-to-close and
 * Yang-Zhang need one more for the previous close) or a price is not positive.
 */
export function realisedVolatility(
  estimator: RealisedEstimator,
  bars: BarColumns,
  window: number,
  dayCount: DayCount = TRADING_252,
): number {
  invariant(Number.isInteger(window) && window >= 2, `a window of at least 2 bars, not ${window}`);
  const needsPrevious = estimator === 'closeToClose' || estimator === 'yangZhang';
  const from = bars.close.length - window;
  if (from < (needsPrevious ? 1 : 0)) return Number.NaN;
  return Math.sqrt(VARIANCE[estimator](bars, from) * dayCount.periodsPerYear);
}

/** Variance per bar over the bars from index `from` to the end. */
const VARIANCE: Record<RealisedEstimator, (bars: BarColumns, from: number) => number> = {
  closeToClose: ({ close }, from) => sampleVariance(each(close.length, from, (i) => Math.log(close[i]! / close[i - 1]!))),
  parkinson,
  garmanKlass,
  rogersSatchell,
  yangZhang,
};

/** Parkinson (1980), J. Business 53: mean of ln(H/L)² / (4 ln 2). No drift, no overnight jump. */
function parkinson({ high, low }: BarColumns, from: number): number {
  return mean(each(high.length, from, (i) => Math.log(high[i]! / low[i]!) ** 2)) / (4 * Math.LN2);
}

/** Garman and Klass (1980), J. Business 53: mean of ln(H/L)²/2 - (2 ln 2 - 1) ln(C/O)². No drift, no overnight jump. */
function garmanKlass({ open, high, low, close }: BarColumns, from: number): number {
  return mean(
    each(
      close.length,
      from,
      (i) => 0.5 * Math.log(high[i]! / low[i]!) ** 2 - (2 * Math.LN2 - 1) * Math.log(close[i]! / open[i]!) ** 2,
    ),
  );
}

/** Rogers and Satchell (1991), Ann. Appl. Prob. 1: right for any drift, blind to overnight jumps. */
function rogersSatchell({ open, high, low, close }: BarColumns, from: number): number {
  return mean(
    each(close.length, from, (i) => {
      const up = Math.log(high[i]! / open[i]!);
      const down = Math.log(low[i]! / open[i]!);
      const end = Math.log(close[i]! / open[i]!);
      return up * (up - end) + down * (down - end);
    }),
  );
}

/**
 * Yang and Zhang (2000), J. Business 73: overnight variance + k x open-to-close variance + (1 - k) x Rogers-Satchell,
 * k = 0.34 / (1.34 + (n + 1) / (n - 1)); right for any drift and for overnight jumps.
 */
function yangZhang(bars: BarColumns, from: number): number {
  const { open, close } = bars;
  const n = close.length - from;
  const overnight = sampleVariance(each(close.length, from, (i) => Math.log(open[i]! / close[i - 1]!)));
  const intraday = sampleVariance(each(close.length, from, (i) => Math.log(close[i]! / open[i]!)));
  const k = 0.34 / (1.34 + (n + 1) / (n - 1));
  return overnight + k * intraday + (1 - k) * rogersSatchell(bars, from);
}

function each(length: number, from: number, value: (index: number) => number): Float64Array {
  const values = new Float64Array(length - from);
  for (let i = from; i < length; i++) values[i - from] = value(i);
  return values;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Variance about the mean with n - 1 in the denominator. */
function sampleVariance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}
