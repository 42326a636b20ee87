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

/** Spreads the premium integral's points over [0, √T]; clustered at both ends as the integrand needs. */
export function premiumRule(boundary: ExerciseBoundary): PremiumRule {
  const { rate, dividendYield, volatility, years, scheme, limit } = boundary;
  const { nodes, weights } = gaussLegendre(scheme.outer);
  const n = nodes.length;
  const rule = {
    boundary,
    lnBoundary: new Float64Array(n),
    total: new Float64Array(n),
    drift: new Float64Array(n),
    interest: new Float64Array(n),
    dividend: new Float64Array(n),
  };
  const root = Math.sqrt(years);
  for (let k = 0; k < n; k++) {
    // z = √T sin²: dense near z = 0, where the integrand turns quickly for spots close to the boundary, and smooth at T.
    const angle = 0.25 * Math.PI * (1 + nodes[k]!);
    const fraction = Math.sin(angle);
    const z = root * fraction * fraction;
    const dz = root * 2 * fraction * Math.cos(angle) * 0.25 * Math.PI * weights[k]!;
    const t = z * z;
    rule.lnBoundary[k] = Math.log(limit) - depthAt(boundary, Math.sqrt(Math.max(0, 1 - t / years)));
    rule.total[k] = volatility * z;
    rule.drift[k] = ((rate - dividendYield) * z) / volatility;
    rule.interest[k] = rate * Math.exp(-rate * t) * 2 * z * dz;
    rule.dividend[k] = dividendYield * Math.exp(-dividendYield * t) * 2 * z * dz;
  }
  return rule;
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
