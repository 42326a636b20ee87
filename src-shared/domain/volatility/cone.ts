import { quantileOf } from '../portfolio/sample.ts';
import { type BarColumns, type DayCount, type RealisedEstimator, realisedVolatility, TRADING_252 } from './realised.ts';

/** How realised volatility over one window length was spread in the past. Annualised fractions. */
export interface ConeRow {
  readonly window: number;
  readonly observations: number;
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
  /** The latest window's value. */
  readonly current: number;
}

/**
 * Volatility cone (Burghardt and Lane 1990): for each window length the spread of realised volatility over all (overlapping)
 * windows of the history, oldest to newest. Window lengths without a single full window are left out.
 */
export function volatilityCone(
  bars: BarColumns,
  windows: readonly number[],
  estimator: RealisedEstimator = 'closeToClose',
  dayCount: DayCount = TRADING_252,
): ConeRow[] {
  return windows.flatMap((window) => {
    const history = rollingVolatility(bars, window, estimator, dayCount).filter(Number.isFinite);
    const current = history.at(-1);
    if (current === undefined) return [];
    const sorted = Float64Array.from(history).sort();
    return [
      {
        window,
        observations: sorted.length,
        minimum: quantileOf(sorted, 0),
        lowerQuartile: quantileOf(sorted, 0.25),
        median: quantileOf(sorted, 0.5),
        upperQuartile: quantileOf(sorted, 0.75),
        maximum: quantileOf(sorted, 1),
        current,
      },
    ];
  });
}

/** Realised volatility ending at each bar, oldest first; NaN where the window is not full yet. */
export function rollingVolatility(
  bars: BarColumns,
  window: number,
  estimator: RealisedEstimator,
  dayCount: DayCount = TRADING_252,
): number[] {
  return Array.from({ length: bars.close.length }, (_, i) => realisedVolatility(estimator, upTo(bars, i + 1), window, dayCount));
}

/**
 * Variance risk premium in variance points per year: implied² - realised². Positive when options cost more than the moves that
 * came (or are forecast to come). Both arguments are annual volatilities as fractions over the same horizon.
 */
export function varianceRiskPremium(impliedVolatility: number, realised: number): number {
  return impliedVolatility * impliedVolatility - realised * realised;
}

/** The same as a difference of volatilities, in fractions: what traders quote. */
export function volatilityRiskPremium(impliedVolatility: number, realised: number): number {
  return impliedVolatility - realised;
}

function upTo(bars: BarColumns, end: number): BarColumns {
  const cut = (column: ArrayLike<number>): ArrayLike<number> =>
    column instanceof Float64Array ? column.subarray(0, end) : Array.from(column).slice(0, end);
  return { open: cut(bars.open), high: cut(bars.high), low: cut(bars.low), close: cut(bars.close) };
}
