import { butterflyReport, LEE_SLOPE, leastG } from './butterfly.ts';
import { nelderMead } from './nelderMead.ts';
import type { Smile } from './smile.ts';
import { largestPsi, rawFromSsvi } from './ssvi.ts';
import { jumpWingsFromRaw, type RawSvi, rawFromJumpWings, sviVariance, sviVolatility } from './svi.ts';

/** How a slice got its parameters. */
export type SviMethod =
  /** The quasi-explicit fit was free of butterfly arbitrage as it came. */
  | 'quasiExplicit'
  /** Refitted in all five parameters with arbitrage penalised. */
  | 'penalised'
  /** An SSVI slice, free by construction. */
  | 'ssvi';

export interface SviFit {
  readonly raw: RawSvi;
  readonly method: SviMethod;
  readonly years: number;
  readonly forward: number;
  /** Fitted less mid volatility at each quote, fractions. */
  readonly residuals: Float64Array;
  /** Root of the weighted mean square error, in half-spreads: 1 = the typical quote is missed by half its bid-ask width. */
  readonly errorInHalfSpreads: number;
  readonly medianError: number;
  readonly medianHalfSpread: number;
}

/** Least half-spread assumed, in volatility: a locked quote is not known better than this. Range 1e-6 to 0.01. */
export const LEAST_HALF_SPREAD = 0.0005;
/** Fewest quotes that five parameters can be fitted to. */
export const FEWEST_QUOTES = 5;

/**
 * Fits raw SVI to a smile and guarantees a slice free of butterfly arbitrage. Errors are weighted by the inverse square of half
 * the bid-ask width in volatility, so that a quote counts for what it tells; quotes missed by more than half of that are damped in
 * further rounds (Huber).
 *
 * First the quasi-explicit method of De Marco and Martini (Zeliade Systems, 'Quasi-explicit calibration of Gatheral's SVI model',
 * 2009): for given m and sigma the other three parameters solve a small linear problem, a simplex search moves the two. When
 * that smile violates Durrleman's condition anywhere, all five parameters are searched with the violation penalised; what is
 * left of it is removed by moving towards the best SSVI slice, which is free by theorem and the last resort. `start` warms
 * the search up (a real-time update). null for fewer than five quotes.
 */
export function fitSvi(smile: Smile, start?: RawSvi): SviFit | null {
  if (smile.logMoneyness.length < FEWEST_QUOTES) return null;
  const evenly = targetOf(smile);
  const first = quasiExplicit(evenly, start);
  let target = evenly;
  let plain = first;
  for (let round = 0; round < DAMPING_ROUNDS; round++) {
    target = withoutPull(evenly, plain);
    const again = quasiExplicit(target, plain);
    plain = loss(target, again) <= loss(target, plain) ? again : quasiExplicit(target);
  }
  if (butterflyReport(plain).free) return fitOf(smile, evenly, plain, 'quasiExplicit');
  const safe = rawFromSsvi(bestSsvi(target));
  const found = repaired(penalised(target, safe), safe);
  return loss(target, found) < loss(target, safe) ? fitOf(smile, evenly, found, 'penalised') : fitOf(smile, evenly, safe, 'ssvi');
}

/** Rounds in which badly missed quotes are damped: more of them change the fit of recorded chains by less than their quotes tell. */
const DAMPING_ROUNDS = 3;
/** Miss, in half-spreads, from which a quote pulls in proportion to it. */
const DAMPED_FROM = 0.5;

/** Evaluations of each of the penalised search's three rounds. */
const PENALISED_EVALUATIONS = 250;

/** What is minimised: sum of weight x (w(k) - variance)². */
interface Target {
  readonly k: Float64Array;
  readonly variance: Float64Array;
  readonly weight: Float64Array;
  readonly largest: number;
  readonly reach: number;
}

function targetOf({ years, logMoneyness, midVolatility, bidVolatility, askVolatility }: Smile): Target {
  const n = logMoneyness.length;
  const variance = midVolatility.map((volatility) => volatility * volatility * years);
  // dw = 2 sigma t dsigma turns an error in variance into one in volatility.
  const weight = Float64Array.from({ length: n }, (_, i) => {
    const half = Math.max((askVolatility[i]! - bidVolatility[i]!) / 2, LEAST_HALF_SPREAD);
    return 1 / (2 * midVolatility[i]! * years * half) ** 2 / n;
  });
  const largest = variance.reduce((most, value) => Math.max(most, value), 0);
  const reach = logMoneyness.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { k: logMoneyness, variance, weight, largest, reach };
}

/**
 * Huber's weights: a quote missed by more than {@link DAMPED_FROM} pulls in proportion to the miss, not to its square, so that a few
 * stale wings do not bend the smile.
 */
function withoutPull(target: Target, raw: RawSvi): Target {
  const { k, variance, weight } = target;
  const reweighted = weight.map((h, i) => {
    const miss = Math.sqrt(h * k.length) * Math.abs(sviVariance(raw, k[i]!) - variance[i]!);
    return miss > DAMPED_FROM ? (h * DAMPED_FROM) / miss : h;
  });
  return { ...target, weight: reweighted };
}

function loss(target: Target, raw: RawSvi): number {
  let sum = 0;
  for (let i = 0; i < target.k.length; i++)
    sum += target.weight[i]! * (sviVariance(raw, target.k[i]!) - target.variance[i]!) ** 2;
  return sum;
}

/** Search over (m, ln sigma) from a few places, the rest solved exactly. */
function quasiExplicit(target: Target, start?: RawSvi): RawSvi {
  const { reach } = target;
  const lowest = target.k[target.variance.reduce((best, value, i) => (value < target.variance[best]! ? i : best), 0)]!;
  const starts = start
    ? [[start.m, Math.log(start.sigma)]]
    : [
        [lowest, Math.log(reach / 4)],
        [0, Math.log(reach / 2)],
        [lowest / 2, Math.log(reach / 20)],
      ];
  const value = (point: Float64Array): number =>
    Math.abs(point[0]!) > 2 * reach || point[1]! < Math.log(reach * 1e-4) || point[1]! > Math.log(reach * 20)
      ? Number.POSITIVE_INFINITY
      : innerSolve(target, point[0]!, Math.exp(point[1]!)).loss;
  const minima = starts.map((from) =>
    nelderMead(value, from, { step: [reach / 10, 0.5], maxEvaluations: start ? 120 : 160, tolerance: 1e-9 }),
  );
  const best = minima.reduce((kept, minimum) => (minimum.value < kept.value ? minimum : kept));
  return innerSolve(target, best.point[0]!, Math.exp(best.point[1]!)).raw;
}

/**
 * Best a, u, v for fixed m and sigma, where w = a + u (z + y)/2 + v (z - y)/2 with y = (k - m)/sigma, z = sqrt(y² + 1):
 * u and v are the slopes of the two wings times sigma, and 'rho in [-1, 1], b >= 0, Lee's bound' is the box
 * 0 <= u, v <= 2 sigma. The box's faces are tried one by one (27 small linear systems).
 */
function innerSolve(target: Target, m: number, sigma: number): { raw: RawSvi; loss: number } {
  const { k, variance, weight } = target;
  let [s1, sp, sq, spp, sqq, spq, sw, swp, swq, sww] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < k.length; i++) {
    const y = (k[i]! - m) / sigma;
    const z = Math.sqrt(y * y + 1);
    // (z + y)(z - y) = 1: the smaller of the two without cancellation.
    const p = y > 0 ? (z + y) / 2 : 0.5 / (z - y);
    const q = y > 0 ? 0.5 / (z + y) : (z - y) / 2;
    const h = weight[i]!;
    const w = variance[i]!;
    s1 += h;
    sp += h * p;
    sq += h * q;
    spp += h * p * p;
    sqq += h * q * q;
    spq += h * p * q;
    sw += h * w;
    swp += h * w * p;
    swq += h * w * q;
    sww += h * w * w;
  }
  const cap = LEE_SLOPE * sigma * (1 - 1e-9);
  const lossOf = (a: number, u: number, v: number): number =>
    sww + a * a * s1 + u * u * spp + v * v * sqq + 2 * (a * u * sp + a * v * sq + u * v * spq) - 2 * (a * sw + u * swp + v * swq);
  let best = { a: 0, u: 0, v: 0, loss: Number.POSITIVE_INFINITY, raised: false };
  const consider = (free: number, u: number, v: number): void => {
    if (!(u >= 0 && v >= 0 && u <= cap && v <= cap)) return;
    // The least variance a + sqrt(u v) must stay above zero; below it a is raised.
    const a = Math.max(free, 1e-9 * target.largest - Math.sqrt(u * v));
    const value = lossOf(a, u, v);
    if (value < best.loss) best = { a, u, v, loss: value, raised: a > free };
  };
  // Interior: eliminate a, then two by two.
  const [cpp, cqq, cpq] = [spp - (sp * sp) / s1, sqq - (sq * sq) / s1, spq - (sp * sq) / s1];
  const [bp, bq] = [swp - (sw * sp) / s1, swq - (sw * sq) / s1];
  const determinant = cpp * cqq - cpq * cpq;
  const withA = (u: number, v: number): void => consider((sw - u * sp - v * sq) / s1, u, v);
  if (determinant > 1e-14 * cpp * cqq) withA((bp * cqq - bq * cpq) / determinant, (bq * cpp - bp * cpq) / determinant);
  if (best.loss === Number.POSITIVE_INFINITY) {
    for (const u of [0, cap]) withA(u, Math.min(Math.max((bq - u * cpq) / cqq, 0), cap));
    for (const v of [0, cap]) withA(Math.min(Math.max((bp - v * cpq) / cpp, 0), cap), v);
  }
  // Where a had to be raised, u and v were chosen for another a: try them for a least variance of nothing at the vertex too.
  if (best.raised) {
    const d = spp * sqq - spq * spq;
    const inBox = (x: number): number => Math.min(Math.max(x, 0), cap);
    if (d > 1e-14 * spp * sqq) consider(0, inBox((swp * sqq - swq * spq) / d), inBox((swq * spp - swp * spq) / d));
    consider(0, 0, inBox(swq / sqq));
    consider(0, inBox(swp / spp), 0);
  }
  const { a, u, v } = best;
  const b = (u + v) / (2 * sigma);
  return { raw: { a, b, rho: b > 0 ? (u - v) / (u + v) : 0, m, sigma }, loss: best.loss };
}

/** The best single SSVI slice within its butterfly bound. */
function bestSsvi(target: Target): { theta: number; rho: number; psi: number } {
  const nearest = target.k.reduce((best, value, i) => (Math.abs(value) < Math.abs(target.k[best]!) ? i : best), 0);
  const decode = (point: Float64Array): { theta: number; rho: number; psi: number } => {
    const theta = Math.exp(point[0]!);
    const rho = Math.tanh(point[1]!);
    return { theta, rho, psi: largestPsi(theta, rho) / (1 + Math.exp(-point[2]!)) };
  };
  const start = [Math.log(target.variance[nearest]!), -0.6, 0];
  const found = nelderMead((point) => loss(target, rawFromSsvi(decode(point))), start, {
    step: [0.1, 0.3, 1],
    maxEvaluations: 400,
  });
  return decode(found.point);
}

/** Least g asked for at the search's coarse grid, so that the fine check passes. */
const G_MARGIN = 5e-5;
const PENALTY_POINTS = 61;

/**
 * All five parameters, searched in jump-wings coordinates (they hardly disturb one another), with violations of g >= margin, of
 * positive variance and of Lee's bound penalised.
 */
function penalised(target: Target, from: RawSvi): RawSvi {
  const scale = Math.sqrt(loss(target, from)) + 1e-3;
  const value = (x: Float64Array): number => {
    const raw = fromCoordinates(x);
    if (raw === null || raw.b * (1 + Math.abs(raw.rho)) > LEE_SLOPE * (1 - 1e-9)) return Number.POSITIVE_INFINITY;
    const shortfall = Math.max(0, G_MARGIN - leastG(raw, PENALTY_POINTS));
    return loss(target, raw) + scale * 1e3 * shortfall;
  };
  let point = coordinatesOf(from);
  for (const size of [1, 0.3, 0.1]) {
    const step = [0.05, 0.1, 0.1, 0.1, 0.05].map((each) => each * size);
    point = nelderMead(value, point, { step, maxEvaluations: PENALISED_EVALUATIONS, tolerance: 1e-7 }).point;
  }
  return fromCoordinates(point) ?? from;
}

/** Jump-wings numbers on open scales: ln w(0), skew over the wings' mean, ln of both wings, logit of least variance over w(0). */
function coordinatesOf(raw: RawSvi): Float64Array {
  const { v, psi, p, c, vTilde } = jumpWingsFromRaw(raw, 1);
  const share = Math.min(Math.max(vTilde / v, 1e-6), 1 - 1e-6);
  const [left, right] = [Math.max(p, 1e-6), Math.max(c, 1e-6)];
  return Float64Array.of(Math.log(v), psi / (left + right), Math.log(left), Math.log(right), Math.log(share / (1 - share)));
}

function fromCoordinates(x: Float64Array): RawSvi | null {
  const [v, p, c] = [Math.exp(x[0]!), Math.exp(x[2]!), Math.exp(x[3]!)];
  const psi = x[1]! * (p + c);
  // The skew lies strictly between the wings' slopes.
  if (!(psi > -p / 2 && psi < c / 2)) return null;
  const raw = rawFromJumpWings({ v, psi, p, c, vTilde: v / (1 + Math.exp(-x[4]!)), years: 1 });
  return raw.sigma > 0 && Number.isFinite(raw.a + raw.m) ? raw : null;
}

/** The smile nearest to `wanted`, on the straight way to `safe` in jump-wings coordinates, that is free of butterfly arbitrage. */
function repaired(wanted: RawSvi, safe: RawSvi): RawSvi {
  if (butterflyReport(wanted).free) return wanted;
  const [from, to] = [coordinatesOf(wanted), coordinatesOf(safe)];
  const blend = (t: number): RawSvi | null => fromCoordinates(from.map((x, i) => x + t * (to[i]! - x)));
  let best = safe;
  let bad = 0;
  let good = 1;
  for (let i = 0; i < 12; i++) {
    const middle = i === 0 ? 0.01 : (bad + good) / 2;
    const raw = blend(middle);
    if (raw && butterflyReport(raw).free) {
      good = middle;
      best = raw;
    } else bad = middle;
  }
  return best;
}

function fitOf(smile: Smile, target: Target, raw: RawSvi, method: SviMethod): SviFit {
  const residuals = smile.logMoneyness.map((k, i) => sviVolatility(raw, k, smile.years) - smile.midVolatility[i]!);
  const halves = smile.askVolatility.map((ask, i) => (ask - smile.bidVolatility[i]!) / 2);
  return {
    raw,
    method,
    years: smile.years,
    forward: smile.forward,
    residuals,
    errorInHalfSpreads: Math.sqrt(loss(target, raw)),
    medianError: median(residuals.map(Math.abs)),
    medianHalfSpread: median(halves),
  };
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
