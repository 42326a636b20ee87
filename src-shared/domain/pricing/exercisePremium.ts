/**
 * What the right to exercise early adds to a European put with strike 1 (Kim 1990, in the variables of ALO 2016):
 *
 *   premium(S) = ∫₀ᵀ r e^{-rt} Φ(-d-(t, S/B(T-t))) - q S e^{-qt} Φ(-d+(t, S/B(T-t))) dt,   t = z²
 *
 * with its first two derivatives in S under the same integral.
 */
import { depthAt, type ExerciseBoundary } from './exerciseBoundary.ts';
import { gaussLegendre } from './gaussLegendre.ts';
import { INV_SQRT_TWO_PI, quickCdf } from './normal.ts';

/** A boundary laid out along the premium integral, so that many spots can be valued against it. */
export interface PremiumRule {
  readonly boundary: ExerciseBoundary;
  /** ln B(T - z²) at each point. */
  readonly lnBoundary: Float64Array;
  /** σz at each point. */
  readonly total: Float64Array;
  /** (r - q) z / σ at each point. */
  readonly drift: Float64Array;
  /** r e^{-rt} dt at each point. */
  readonly interest: Float64Array;
  /** q e^{-qt} dt at each point. */
  readonly dividend: Float64Array;
}

/** Where the premium integral is sampled, as parts of √T: depends on the number of points alone. */
interface Sampling {
  /** z/√T. */
  readonly fraction: Float64Array;
  /** dz/√T. */
  readonly width: Float64Array;
  /** √(1 - z²/T). */
  readonly rest: Float64Array;
}

const samplings = new Map<number, Sampling>();

/** z = √T sin²: dense near z = 0, where the integrand turns quickly for spots close to the boundary, and smooth at T. */
function samplingOf(points: number): Sampling {
  const kept = samplings.get(points);
  if (kept) return kept;
  const { nodes, weights } = gaussLegendre(points);
  const angles = nodes.map((y) => 0.25 * Math.PI * (1 + y));
  const made = {
    fraction: angles.map((angle) => Math.sin(angle) ** 2),
    width: angles.map((angle, k) => 0.25 * Math.PI * Math.sin(2 * angle) * weights[k]!),
    rest: angles.map((angle) => Math.cos(angle) * Math.sqrt(1 + Math.sin(angle) ** 2)),
  };
  samplings.set(points, made);
  return made;
}

/** Lays a boundary out along the premium integral. */
export function premiumRule(boundary: ExerciseBoundary): PremiumRule {
  const { rate, dividendYield, volatility, years, scheme, limit } = boundary;
  const { fraction, width, rest } = samplingOf(scheme.outer);
  const n = scheme.outer;
  const lnBoundary = new Float64Array(n);
  const total = new Float64Array(n);
  const drift = new Float64Array(n);
  const interest = new Float64Array(n);
  const dividend = new Float64Array(n);
  const root = Math.sqrt(years);
  const lnLimit = Math.log(limit);
  const perVolatility = (rate - dividendYield) / volatility;
  for (let k = 0; k < n; k++) {
    const z = root * fraction[k]!;
    const dt = 2 * z * root * width[k]!;
    lnBoundary[k] = lnLimit - depthAt(boundary, rest[k]!);
    total[k] = volatility * z;
    drift[k] = perVolatility * z;
    interest[k] = rate * Math.exp(-rate * z * z) * dt;
    dividend[k] = dividendYield * Math.exp(-dividendYield * z * z) * dt;
  }
  return { boundary, lnBoundary, total, drift, interest, dividend };
}

/** Early-exercise premium of a put with strike 1 at spot S > B(T). */
export function earlyExercisePremium(rule: PremiumRule, spot: number): number {
  const { lnBoundary, total, drift, interest, dividend } = rule;
  const lnSpot = Math.log(spot);
  let sum = 0;
  for (let k = 0; k < total.length; k++) {
    const dPlus = (lnSpot - lnBoundary[k]!) / total[k]! + drift[k]! + 0.5 * total[k]!;
    sum += interest[k]! * quickCdf(total[k]! - dPlus) - spot * dividend[k]! * quickCdf(-dPlus);
  }
  return sum;
}

export interface PremiumSlopes {
  readonly premium: number;
  /** d premium / dS. */
  readonly delta: number;
  /** d² premium / dS². */
  readonly gamma: number;
}

/** The premium with its first and second derivative in spot (strike 1, S > B(T)). */
export function premiumSlopes(rule: PremiumRule, spot: number): PremiumSlopes {
  const { lnBoundary, total, drift, interest, dividend } = rule;
  const lnSpot = Math.log(spot);
  let premium = 0;
  let delta = 0;
  let gamma = 0;
  for (let k = 0; k < total.length; k++) {
    const v = total[k]!;
    const dPlus = (lnSpot - lnBoundary[k]!) / v + drift[k]! + 0.5 * v;
    const dMinus = dPlus - v;
    const above = INV_SQRT_TWO_PI * Math.exp(-0.5 * dPlus * dPlus);
    const below = INV_SQRT_TWO_PI * Math.exp(-0.5 * dMinus * dMinus);
    const tail = quickCdf(-dPlus);
    const perSpot = 1 / (spot * v);
    premium += interest[k]! * quickCdf(-dMinus) - spot * dividend[k]! * tail;
    delta += -interest[k]! * below * perSpot - dividend[k]! * (tail - above / v);
    gamma += interest[k]! * below * perSpot * (1 / spot + dMinus * perSpot) + dividend[k]! * above * perSpot * (1 - dPlus / v);
  }
  return { premium, delta, gamma };
}
