import type { Price } from '../units.ts';
import { type ButterflyReport, butterflyReport } from './butterfly.ts';
import type { Smile } from './smile.ts';
import { type RawSvi, sviVariance } from './svi.ts';
import { fitSvi, type SviFit } from './sviCalibration.ts';

/** One fitted expiration of a surface. */
export interface SurfaceSlice {
  readonly key: string;
  readonly years: number;
  readonly forward: Price;
  readonly raw: RawSvi;
  readonly fit: SviFit;
}

/** Fitted slices of one underlying, ascending in time. */
export interface VolatilitySurface {
  readonly slices: readonly SurfaceSlice[];
  /** Keys of the smiles that could not be fitted (too few quotes). */
  readonly unfitted: readonly string[];
}

/** Fits every smile on its own: the closest fit to each expiration's quotes, butterfly-free; see {@link violationsOf} for the calendar. */
export function fitSurface(smiles: readonly Smile[]): VolatilitySurface {
  return smiles.reduce(updateSurface, { slices: [], unfitted: [] });
}

/**
 * The surface with one expiration (the smile's key) refitted to new quotes, warm-started from what it was; the other slices stay as they are.
 * This is the real-time path: a tenth of a full fit.
 */
export function updateSurface(surface: VolatilitySurface, smile: Smile): VolatilitySurface {
  const known = surface.slices.find(({ key }) => key === smile.key);
  const others = surface.slices.filter((slice) => slice !== known);
  const unfitted = surface.unfitted.filter((key) => key !== smile.key);
  const fit = fitSvi(smile, known?.raw);
  if (fit === null) return { slices: others, unfitted: [...unfitted, smile.key] };
  const slice: SurfaceSlice = { key: smile.key, years: smile.years, forward: smile.forward, raw: fit.raw, fit };
  return { slices: [...others, slice].sort((a, b) => a.years - b.years), unfitted };
}

/**
 * Implied volatility at log-moneyness k and a time, annual fraction: total variance is linear in time between neighbouring
 * slices at equal k (no calendar arbitrage is added), proportional to time before the first and beyond the last. null for an
 * empty surface.
 */
export function surfaceVolatility(surface: VolatilitySurface, k: number, years: number): number | null {
  const { slices } = surface;
  const first = slices[0];
  const last = slices.at(-1);
  if (!first || !last || !(years > 0)) return null;
  if (years <= first.years) return Math.sqrt(sviVariance(first.raw, k) / first.years);
  if (years >= last.years) return Math.sqrt(sviVariance(last.raw, k) / last.years);
  const later = slices.findIndex((slice) => slice.years >= years);
  const [near, far] = [slices[later - 1]!, slices[later]!];
  const weight = (years - near.years) / (far.years - near.years);
  return Math.sqrt(((1 - weight) * sviVariance(near.raw, k) + weight * sviVariance(far.raw, k)) / years);
}

/** A slice pair whose total variances cross: at `at` the earlier one is higher by `excess`. */
export interface CalendarViolation {
  readonly earlierYears: number;
  readonly laterYears: number;
  /** Log-moneyness of the largest crossing. */
  readonly at: number;
  readonly excess: number;
}

export interface SurfaceViolations {
  readonly butterfly: readonly { readonly years: number; readonly report: ButterflyReport }[];
  readonly calendar: readonly CalendarViolation[];
}

const CALENDAR_POINTS = 201;

/**
 * Where and by how much a set of slices violates: every slice with butterfly arbitrage, and every neighbouring pair whose total
 * variance falls with time somewhere within `reach` in log-moneyness (default 1.5: from 22 % to 448 % of the forward).
 */
export function violationsOf(
  slices: readonly { readonly years: number; readonly raw: RawSvi }[],
  reach = 1.5,
): SurfaceViolations {
  const ordered = [...slices].sort((a, b) => a.years - b.years);
  const butterfly = ordered
    .map(({ years, raw }) => ({ years, report: butterflyReport(raw) }))
    .filter(({ report }) => !report.free);
  const calendar = ordered.slice(1).flatMap((later, i): CalendarViolation[] => {
    const earlier = ordered[i]!;
    let worst = { at: 0, excess: 0 };
    for (let j = 0; j < CALENDAR_POINTS; j++) {
      const k = -reach + (2 * reach * j) / (CALENDAR_POINTS - 1);
      const excess = sviVariance(earlier.raw, k) - sviVariance(later.raw, k);
      if (excess > worst.excess) worst = { at: k, excess };
    }
    return worst.excess > CALENDAR_ROUNDING ? [{ earlierYears: earlier.years, laterYears: later.years, ...worst }] : [];
  });
  return { butterfly, calendar };
}

/** Crossings of total variance below this are rounding. */
const CALENDAR_ROUNDING = 1e-12;
