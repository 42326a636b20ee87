import { type RawSvi, sviPoint, type VariancePoint } from './svi.ts';

/** Largest slope of total variance in a wing (Lee 2004): beyond it prices do not vanish. */
export const LEE_SLOPE = 2;

/**
 * Durrleman's g: a smile is free of butterfly arbitrage where g(k) >= 0 (and w > 0); g is the risk-neutral density up to a
 * positive factor. g = (1 - k w'/(2w))² - w'²/4 (1/w + 1/4) + w''/2.
 */
export function durrleman(k: number, { w, slope, curvature }: VariancePoint): number {
  const lead = 1 - (k * slope) / (2 * w);
  return lead * lead - 0.25 * slope * slope * (1 / w + 0.25) + 0.5 * curvature;
}

/** Risk-neutral density of ln(S/F) at k: g(k) / sqrt(2 pi w) exp(-d2²/2), d2 = -k/sqrt(w) - sqrt(w)/2. */
export function logDensity(k: number, point: VariancePoint): number {
  const root = Math.sqrt(point.w);
  const d2 = -k / root - root / 2;
  return (durrleman(k, point) / Math.sqrt(2 * Math.PI * point.w)) * Math.exp(-0.5 * d2 * d2);
}

/** Where and by how much a smile violates. `worst` is the least g (>= 0: none); `variance` the least total variance. */
export interface ButterflyReport {
  readonly free: boolean;
  readonly worst: number;
  /** Log-moneyness of the least g. */
  readonly at: number;
  /** Stretches of log-moneyness with g < 0, as found on the checking grid. */
  readonly violations: readonly { readonly from: number; readonly to: number }[];
  readonly leastVariance: number;
  /** Steeper wing's slope; above 2 the wing violates Lee's bound. */
  readonly steepestSlope: number;
}

/** Below this g counts as negative: rounding of the formula at its largest terms. */
const G_ROUNDING = -1e-10;
/** Half-width of the checking range in log-moneyness about m (e^12 = 160,000 times the forward) and its points. */
const CHECK_REACH = 12;
const CHECK_POINTS = 401;

/**
 * Butterfly check of one slice over the whole line: g on a grid that is dense about the smile's vertex and spreads towards the
 * wings (equal steps of asinh((k - m)/sigma)), the least value refined between its neighbours, and Lee's bound for what lies
 * beyond.
 */
export function butterflyReport(raw: RawSvi): ButterflyReport {
  const reach = Math.asinh(CHECK_REACH / raw.sigma);
  const at = (i: number): number => raw.m + raw.sigma * Math.sinh(-reach + (2 * reach * i) / (CHECK_POINTS - 1));
  const g = Float64Array.from({ length: CHECK_POINTS }, (_, i) => durrleman(at(i), sviPoint(raw, at(i))));
  const lowest = g.reduce((best, value, i) => (value < g[best]! ? i : best), 0);
  const refined = refine(raw, at(Math.max(lowest - 1, 0)), at(Math.min(lowest + 1, CHECK_POINTS - 1)));
  const worst = Math.min(refined.g, g[lowest]!);
  const leastVariance = raw.a + raw.b * raw.sigma * Math.sqrt(1 - raw.rho * raw.rho);
  const steepestSlope = raw.b * (1 + Math.abs(raw.rho));
  return {
    free: worst >= G_ROUNDING && leastVariance > 0 && steepestSlope <= LEE_SLOPE,
    worst,
    at: refined.g <= g[lowest]! ? refined.k : at(lowest),
    violations: stretches(g, at),
    leastVariance,
    steepestSlope,
  };
}

/** The least g between two points by golden section. */
function refine(raw: RawSvi, from: number, to: number): { k: number; g: number } {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = from;
  let high = to;
  for (let i = 0; i < 40; i++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (durrleman(left, sviPoint(raw, left)) < durrleman(right, sviPoint(raw, right))) high = right;
    else low = left;
  }
  const k = (low + high) / 2;
  return { k, g: durrleman(k, sviPoint(raw, k)) };
}

function stretches(g: Float64Array, at: (i: number) => number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let i = 0; i < g.length; i++) {
    if (g[i]! >= G_ROUNDING) continue;
    let end = i;
    while (end + 1 < g.length && g[end + 1]! < G_ROUNDING) end++;
    found.push({ from: at(i), to: at(end) });
    i = end;
  }
  return found;
}

/** Points between the neighbours of the coarse minimum at which {@link leastG} looks again. */
const LOOK_AGAIN = 8;

/** Quick least g over `points` log-moneyness values spread as in {@link butterflyReport}; for the inside of a calibration. */
export function leastG(raw: RawSvi, points: number): number {
  const reach = Math.asinh(CHECK_REACH / raw.sigma);
  const step = (2 * reach) / (points - 1);
  const at = (x: number): number => {
    const k = raw.m + raw.sigma * Math.sinh(x);
    return durrleman(k, sviPoint(raw, k));
  };
  let worst = Number.POSITIVE_INFINITY;
  let where = 0;
  for (let i = 0; i < points; i++) {
    const value = at(-reach + i * step);
    if (value >= worst) continue;
    worst = value;
    where = -reach + i * step;
  }
  for (let i = 1; i <= LOOK_AGAIN; i++) {
    const offset = (step * i) / (LOOK_AGAIN + 1);
    worst = Math.min(worst, at(where - offset), at(where + offset));
  }
  return worst;
}
