import { annualReturn, PERIODS_PER_YEAR, type Period } from './returns.ts';
import { excessOver, meanOf } from './sample.ts';

/** Least variance of a benchmark that can carry a slope. */
const NO_VARIANCE = 1e-30;

export interface AlphaBeta {
  /** Annualised by compounding: (1 + mean residual)^periods - 1. */
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Slope of returns on the benchmark's, cov / var; pairs with a missing value on either side are left out. NaN for fewer than
 * two pairs or a benchmark that does not move.
 */
export function beta(returns: ArrayLike<number>, benchmark: ArrayLike<number>, riskFree: number | ArrayLike<number> = 0): number {
  if (returns.length < 2 || benchmark.length < 2) return Number.NaN;
  const dependent = excessOver(returns, riskFree);
  const independent = excessOver(benchmark, riskFree).map((value, i) => (Number.isNaN(dependent[i]!) ? Number.NaN : value));
  const centred = excessOver(independent, meanOf(independent));
  const variance = meanOf(centred.map((value) => value * value));
  if (!(variance >= NO_VARIANCE)) return Number.NaN;
  return meanOf(centred.map((value, i) => value * dependent[i]!)) / variance;
}

/** Annualised mean of what the benchmark does not explain. `knownBeta` saves computing it. */
export function alpha(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  riskFree: number | ArrayLike<number> = 0,
  period: Period = 'daily',
  knownBeta: number = beta(returns, benchmark, riskFree),
): number {
  if (returns.length < 2) return Number.NaN;
  const dependent = excessOver(returns, riskFree);
  const explained = excessOver(benchmark, riskFree).map((value) => value * knownBeta);
  return (1 + meanOf(excessOver(dependent, explained))) ** PERIODS_PER_YEAR[period] - 1;
}

/** Both at once. */
export function alphaBeta(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  riskFree: number | ArrayLike<number> = 0,
  period: Period = 'daily',
): AlphaBeta {
  const slope = beta(returns, benchmark, riskFree);
  return { alpha: alpha(returns, benchmark, riskFree, period, slope), beta: slope };
}

/** Alpha and beta over the periods in which the benchmark did not fall (`'up'`) or fell (`'down'`). */
export function alphaBetaWhen(side: 'up' | 'down', returns: ArrayLike<number>, benchmark: ArrayLike<number>): AlphaBeta {
  const [mine, theirs] = pairsWhere(returns, benchmark, (value) => (side === 'up' ? value >= 0 : value < 0));
  return alphaBeta(mine, theirs);
}

/** Annual growth over the benchmark's annual growth. */
export function captureRatio(returns: ArrayLike<number>, benchmark: ArrayLike<number>, period: Period = 'daily'): number {
  return annualReturn(returns, period) / annualReturn(benchmark, period);
}

/** Capture over the periods in which the benchmark rose (`'up'`) or fell (`'down'`); NaN when there were none. */
export function captureWhen(
  side: 'up' | 'down',
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  period: Period = 'daily',
): number {
  const [mine, theirs] = pairsWhere(returns, benchmark, (value) => (side === 'up' ? value > 0 : value < 0));
  return captureRatio(mine, theirs, period);
}

/** Up capture over down capture. */
export function upDownCapture(returns: ArrayLike<number>, benchmark: ArrayLike<number>, period: Period = 'daily'): number {
  return captureWhen('up', returns, benchmark, period) / captureWhen('down', returns, benchmark, period);
}

/**
 * Beta fragility heuristic (Taleb, Canetti et al., IMF WP 12/216): how far the outcome in the middle of the benchmark's range
 * lies below the line between its ends; negative = concave, hurt by large moves. NaN for fewer than three pairs.
 */
export function betaFragility(returns: ArrayLike<number>, benchmark: ArrayLike<number>): number {
  if (returns.length < 3 || benchmark.length < 3) return Number.NaN;
  const pairs = Array.from({ length: returns.length }, (_, i) => ({ mine: returns[i]!, theirs: benchmark[i] ?? Number.NaN }))
    .filter(({ mine, theirs }) => !Number.isNaN(mine) && !Number.isNaN(theirs))
    .sort((a, b) => a.theirs - b.theirs);
  const [start, middle, end] = [pairs[0], pairs[halfToEven(pairs.length)], pairs.at(-1)];
  if (!start || !middle || !end) return Number.NaN;
  const range = end.theirs - start.theirs;
  const startWeight = range === 0 ? 0.5 : (middle.theirs - start.theirs) / range;
  const endWeight = range === 0 ? 0.5 : (end.theirs - middle.theirs) / range;
  return startWeight * start.mine + endWeight * end.mine - middle.mine;
}

function pairsWhere(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  keep: (benchmarkReturn: number) => boolean,
): [Float64Array, Float64Array] {
  const indices = Array.from({ length: returns.length }, (_, i) => i).filter((i) => keep(benchmark[i] ?? Number.NaN));
  return [Float64Array.from(indices, (i) => returns[i]!), Float64Array.from(indices, (i) => benchmark[i]!)];
}

/** n / 2 rounded, halves to the even neighbour (numpy's rounding). */
function halfToEven(n: number): number {
  const half = n / 2;
  const floor = Math.floor(half);
  if (half === floor) return half;
  return floor % 2 === 0 ? floor : floor + 1;
}
