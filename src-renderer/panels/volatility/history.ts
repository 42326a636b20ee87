import { rollingVolatility, volatilityRiskPremium } from '#domain/volatility/cone';
import { ivPercentile, ivRank } from '#domain/volatility/ivHistory';
import { REALISED_ESTIMATORS, type RealisedEstimator, realisedVolatility } from '#domain/volatility/realised';
import type { Past } from './usePast.ts';

/** Look-backs of rank and percentile, in trading days. */
export const LOOK_BACKS = [63, 126, 252] as const;
const REALISED_WINDOW = 21;

export interface Ranking {
  readonly window: number;
  readonly rank: number | null;
  readonly percentile: number | null;
}

/** What ranks today's implied volatility: its own recorded past, or (too short) realised volatility, as the scanner does. */
export interface Rankings {
  readonly basis: 'ownHistory' | 'realisedProxy';
  readonly days: number;
  readonly rows: readonly Ranking[];
}

/** `impliedPremium` is the part of implied volatility that is premium: it is left out before realised volatility ranks it. */
export function rankingsOf(
  past: Past,
  iv30: number,
  settings: { readonly leastDays: number; readonly impliedPremium: number },
): Rankings {
  const own = past.recorded.length >= settings.leastDays;
  const series = own ? past.recorded : rollingVolatility(past.bars, REALISED_WINDOW, 'closeToClose').filter(Number.isFinite);
  const current = own ? iv30 : iv30 * (1 - settings.impliedPremium);
  return {
    basis: own ? 'ownHistory' : 'realisedProxy',
    days: series.length,
    rows: LOOK_BACKS.map((window) => ({
      window,
      rank: ivRank(series, current, window),
      percentile: ivPercentile(series, current, window),
    })),
  };
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
