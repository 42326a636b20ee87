import type { IsoDate } from '../units.ts';
import { cumulativeReturns } from './returns.ts';

/** One fall from a peak until the peak is reached again. Depths are negative fractions. */
export interface Drawdown {
  readonly depth: number;
  /** Index of the last period at the peak; -1 = the start, before the first return. */
  readonly peak: number;
  /** Index of the deepest period. */
  readonly trough: number;
  /** Index of the first period back at the peak or above; null = not yet. */
  readonly recovery: number | null;
}

/** A drawdown with the dates of its indices; the peak before the first return has none. */
export interface DatedDrawdown extends Drawdown {
  readonly peakDate: IsoDate | null;
  readonly troughDate: IsoDate | null;
  readonly recoveryDate: IsoDate | null;
}

/** How far each period stands below the highest value so far (the start included): 0 or a negative fraction. */
export function underwater(returns: ArrayLike<number>): Float64Array {
  let peak = 1;
  return cumulativeReturns(returns, 1).map((value) => {
    peak = Math.max(peak, value);
    return (value - peak) / peak;
  });
}

/** Deepest fall from a peak as a negative fraction, 0 when there was none, NaN for no returns (empyrical's max_drawdown). */
export function maxDrawdown(returns: ArrayLike<number>): number {
  if (returns.length === 0) return Number.NaN;
  return underwater(returns).reduce((worst, depth) => Math.min(worst, depth), 0);
}

/** Every drawdown in order of time. */
export function drawdowns(returns: ArrayLike<number>): Drawdown[] {
  const depths = underwater(returns);
  const found: Drawdown[] = [];
  for (let start = 0; start < depths.length; start++) {
    if (depths[start]! >= 0) continue;
    let trough = start;
    let end = start;
    while (end < depths.length && depths[end]! < 0) {
      if (depths[end]! < depths[trough]!) trough = end;
      end++;
    }
    found.push({ depth: depths[trough]!, peak: start - 1, trough, recovery: end < depths.length ? end : null });
    start = end;
  }
  return found;
}

/** The drawdowns with their dates (one date per return), deepest first. */
export function datedDrawdowns(returns: ArrayLike<number>, dates: readonly IsoDate[]): DatedDrawdown[] {
  const dateAt = (index: number | null): IsoDate | null => (index === null ? null : (dates[index] ?? null));
  return drawdowns(returns)
    .map((fall) => ({
      ...fall,
      peakDate: dateAt(fall.peak),
      troughDate: dateAt(fall.trough),
      recoveryDate: dateAt(fall.recovery),
    }))
    .sort((a, b) => a.depth - b.depth);
}

/** Mean depth of all drawdowns, a negative fraction; 0 when there was none, NaN for no returns. */
export function averageDrawdown(returns: ArrayLike<number>): number {
  if (returns.length === 0) return Number.NaN;
  const all = drawdowns(returns);
  return all.length === 0 ? 0 : all.reduce((sum, { depth }) => sum + depth, 0) / all.length;
}

/** Root of the mean squared depth over all periods (Martin's ulcer index), a positive fraction. */
export function ulcerIndex(returns: ArrayLike<number>): number {
  if (returns.length === 0) return Number.NaN;
  return Math.sqrt(underwater(returns).reduce((sum, depth) => sum + depth * depth, 0) / returns.length);
}
