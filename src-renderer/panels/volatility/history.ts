import { rollingVolatility, volatilityRiskPremium } from '#domain/volatility/cone';
import { ivPercentile, ivRank } from '#domain/volatility/ivHistory';
import { REALISED_ESTIMATORS, type RealisedEstimator, realisedVolatility } from '#domain/volatility/realised';
import type { Past } from './usePast.ts';

/** Look-backs of rank and percentile, in trading days. */
export const LOOK_BACKS = [63, 126, 252] as const;
const REALISED_WINDOW = 21;

/** Tenors that are recorded at each close, each with the days of realised volatility that rank it until it has its own past. */
const TENORS = [
  { days: 30, key: 'iv30', realisedOver: 21 },
  { days: 60, key: 'iv60', realisedOver: 42 },
  { days: 90, key: 'iv90', realisedOver: 63 },
] as const;

export type RecordedTenor = (typeof TENORS)[number]['days'];

/** One look-back; fractions, null without a range to rank in. */
export interface Ranking {
  readonly window: number;
  readonly rank: number | null;
  readonly percentile: number | null;
}

/** What ranks today's implied volatility of a tenor: its own recorded past, or (too short) realised volatility, as the scanner does. */
export interface TenorRankings {
  readonly tenor: RecordedTenor;
  readonly basis: 'ownHistory' | 'realisedProxy';
  /** Closes at which this tenor was recorded. */
  readonly recordedDays: number;
  readonly rows: readonly Ranking[];
}

/**
 * Rank and percentile of every tenor that has a volatility now (`current`, annual fractions) over every look-back. A close
 * without a volatility at the tenor counts as a day of the look-back, and as no value. `impliedPremium` is the part of implied
 * volatility that is premium: it is left out before realised volatility ranks it.
 */
export function rankingsOf(
  past: Past,
  current: Readonly<Record<RecordedTenor, number | null>>,
  settings: { readonly leastDays: number; readonly impliedPremium: number },
): readonly TenorRankings[] {
  return TENORS.flatMap(({ days, key, realisedOver }) => {
    const now = current[days];
    if (now === null) return [];
    const recorded = past.recorded.map((close) => close[key] ?? Number.NaN);
    const recordedDays = recorded.filter(Number.isFinite).length;
    const own = recordedDays >= settings.leastDays;
    const series = own ? recorded : rollingVolatility(past.bars, realisedOver, 'closeToClose').filter(Number.isFinite);
    const ranked = own ? now : now * (1 - settings.impliedPremium);
    const rows = LOOK_BACKS.map((window) => ({
      window,
      rank: ivRank(series, ranked, window),
      percentile: ivPercentile(series, ranked, window),
    }));
    return [{ tenor: days, basis: own ? 'ownHistory' : 'realisedProxy', recordedDays, rows }];
  });
}

export interface RealisedRow {
  readonly estimator: RealisedEstimator;
  readonly month: number | null;
  readonly quarter: number | null;
  /** Implied less realised over a month, volatility points as fractions. */
  readonly premium: number | null;
}

/** Realised volatility by every estimator over 21 and 63 trading days, and what options ask above it. */
export function realisedRows(past: Past, iv30: number | null): readonly RealisedRow[] {
  const over = (estimator: RealisedEstimator, window: number) => {
    const value = realisedVolatility(estimator, past.bars, window);
    return Number.isFinite(value) ? value : null;
  };
  return REALISED_ESTIMATORS.map((estimator) => {
    const month = over(estimator, REALISED_WINDOW);
    const premium = month === null || iv30 === null ? null : volatilityRiskPremium(iv30, month);
    return { estimator, month, quarter: over(estimator, 63), premium };
  });
}
