import { skewQuotes } from '#domain/volatility/deltaSmile';
import { violationsOf } from '#domain/volatility/surface';
import { sviVolatility } from '#domain/volatility/svi';
import { constantMaturityVolatility, spannedVolatility, type TenorVolatility, termSlope } from '#domain/volatility/termStructure';
import { volatilityIndex } from '#domain/volatility/volatilityIndex';
import { strikeText } from '../../components/format/contracts.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** At-the-money-forward volatility of every fitted tenor. */
export function tenorsOf(slices: readonly SurfaceSlice[]): readonly TenorVolatility[] {
  return slices.flatMap(({ fit, smile }) =>
    fit ? [{ years: smile.years, volatility: skewQuotes(fit.raw, smile.years).atTheMoney }] : [],
  );
}

const MONTHS = [30, 60, 90] as const;

/** Constant-maturity volatilities, the slope from 30 to 90 days, and an index from the quotes themselves as Cboe makes it. */
export function termFigures(slices: readonly SurfaceSlice[], rate: number) {
  const tenors = tenorsOf(slices);
  const constant = MONTHS.map((days) => ({ days, volatility: constantMaturityVolatility(tenors, days / 365) }));
  const near = slices.filter(({ smile }) => smile.years <= 30 / 365).at(-1);
  const next = slices.find(({ smile }) => smile.years > 30 / 365);
  const term = ({ quotes, smile }: SurfaceSlice) => ({ quotes, years: smile.years, rate });
  const index = near && next ? volatilityIndex(term(near), term(next)) : null;
  /** null where no fitted expiration stands on both sides, as it is recorded at the close. */
  const spanned = (days: number): number | null => spannedVolatility(tenors, days / 365);
  return { constant, slope: termSlope(tenors, 30 / 365, 90 / 365), index, spanned };
}

/** Crossings below this many volatility points are within what the quotes leave open. */
const TOLD_FROM_POINTS = 0.02;

/**
 * What the fitted tenors hold that an arbitrageur could take, in words; empty when nothing. Tenors are compared where both are
 * quoted: each smile is fitted by itself, and beyond its quotes it is nobody's price.
 */
export function arbitrageWords(slices: readonly SurfaceSlice[]): readonly string[] {
  const fitted = slices.flatMap(({ fit, smile, daysToExpiration }) => {
    const reach = Math.min(-(smile.logMoneyness[0] ?? 0), smile.logMoneyness.at(-1) ?? 0);
    return fit ? [{ years: smile.years, raw: fit.raw, forward: smile.forward, days: daysToExpiration, reach }] : [];
  });
  const strike = (forward: number, k: number) => strikeText(Math.round(forward * Math.exp(k)));
  const butterflies = fitted.flatMap((slice) =>
    violationsOf([slice]).butterfly.map(
      ({ report }) =>
        `${slice.days} d holds a butterfly at ${strike(slice.forward, report.at)}: density ${report.worst.toFixed(3)}`,
    ),
  );
  const calendars = fitted.slice(1).flatMap((later, index) => {
    const earlier = fitted[index];
    if (!earlier) return [];
    const { calendar } = violationsOf([earlier, later], Math.max(Math.min(earlier.reach, later.reach), 0.005));
    return calendar.flatMap(({ at, excess }) => {
      // In volatility points of the later tenor: what it would have to rise by.
      const points = (100 * excess) / (2 * later.years * sviVolatility(later.raw, at, later.years));
      return points < TOLD_FROM_POINTS
        ? []
        : [`${earlier.days} d stands over ${later.days} d at ${strike(later.forward, at)} by ${points.toFixed(2)} points`];
    });
  });
  return [...butterflies, ...calendars];
}
