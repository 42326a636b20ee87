import { type BarColumns, realisedVolatility } from '#domain/volatility/realised';
import type { DailyBar, UnderlyingHistory } from '#ports/marketData';

/** What an underlying's daily bars say; computed once a day. Fractions and z-scores; null where there is too little history. */
export interface DayStatistics {
  /** Annual realised volatility: mean of Yang-Zhang and close-to-close over {@link REALISED_WINDOW} bars. */
  readonly realisedVolatility: number | null;
  /** Rolling one-month close-to-close volatility over the last year, oldest first: the stand-in for an IV history. */
  readonly realisedSeries: readonly number[];
  /** Daily standard deviation of log returns over a year. */
  readonly dailyDeviation: number | null;
  /** Close from which momentum is measured. */
  readonly momentumBase: number | null;
  /** Signed share volume of the last week against its own year. */
  readonly flowZ: number | null;
}

const REALISED_WINDOW = 21;
const MOMENTUM_BARS = 20;
const FLOW_BARS = 5;
const YEAR_BARS = 252;
const LARGEST_Z = 4;

/** Statistics of the bars of an underlying, oldest first. Splits and dividends are taken as the history gives them. */
export function dayStatisticsOf(history: UnderlyingHistory | undefined): DayStatistics {
  const bars = (history?.bars ?? []).slice(-YEAR_BARS - 1);
  const columns = columnsOf(bars);
  return {
    realisedVolatility: blendedRealised(columns),
    realisedSeries: rollingRealised(columns),
    dailyDeviation: dailyDeviation(columns),
    momentumBase: bars.at(-MOMENTUM_BARS)?.close ?? null,
    flowZ: flowZ(bars),
  };
}

/** How far the price has come in {@link MOMENTUM_BARS} days, in standard deviations of that many days, within ±4. */
export function momentumZ(statistics: DayStatistics, spot: number): number | null {
  const { momentumBase, dailyDeviation } = statistics;
  if (momentumBase === null || dailyDeviation === null || !(dailyDeviation > 0) || !(momentumBase > 0)) return null;
  return clipped(Math.log(spot / momentumBase) / (dailyDeviation * Math.sqrt(MOMENTUM_BARS)));
}

function columnsOf(bars: readonly DailyBar[]): BarColumns & { readonly close: Float64Array } {
  return {
    open: Float64Array.from(bars, (bar) => bar.open),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
  };
}

function blendedRealised(columns: BarColumns): number | null {
  const yangZhang = realisedVolatility('yangZhang', columns, REALISED_WINDOW);
  const closeToClose = realisedVolatility('closeToClose', columns, REALISED_WINDOW);
  const blend = (yangZhang + closeToClose) / 2;
  return Number.isFinite(blend) && blend > 0 ? blend : null;
}

function rollingRealised(columns: BarColumns & { readonly close: Float64Array }): number[] {
  const { open, high, low, close } = columns;
  const series: number[] = [];
  for (let end = REALISED_WINDOW + 1; end <= close.length; end++) {
    const value = realisedVolatility('closeToClose', { open, high, low, close: close.subarray(0, end) }, REALISED_WINDOW);
    if (Number.isFinite(value)) series.push(value);
  }
  return series;
}

function dailyDeviation({ close }: { readonly close: Float64Array }): number | null {
  const window = close.length - 1;
  if (window < MOMENTUM_BARS) return null;
  const annual = realisedVolatility('closeToClose', { open: close, high: close, low: close, close }, window);
  return Number.isFinite(annual) ? annual / Math.sqrt(YEAR_BARS) : null;
}

/** Volume on up days less volume on down days over a week, as a share of all volume, against the same over the year. */
function flowZ(bars: readonly DailyBar[]): number | null {
  const flows: number[] = [];
  for (let end = FLOW_BARS; end < bars.length; end++) {
    let signed = 0;
    let total = 0;
    for (let i = end - FLOW_BARS + 1; i <= end; i++) {
      const bar = bars[i]!;
      signed += Math.sign(bar.close - bars[i - 1]!.close) * bar.volume;
      total += bar.volume;
    }
    if (total > 0) flows.push(signed / total);
  }
  const last = flows.at(-1);
  if (last === undefined || flows.length < MOMENTUM_BARS) return null;
  const mean = flows.reduce((sum, flow) => sum + flow, 0) / flows.length;
  const variance = flows.reduce((sum, flow) => sum + (flow - mean) ** 2, 0) / (flows.length - 1);
  return variance > 0 ? clipped((last - mean) / Math.sqrt(variance)) : null;
}

function clipped(z: number): number | null {
  return Number.isFinite(z) ? Math.max(-LARGEST_Z, Math.min(LARGEST_Z, z)) : null;
}
