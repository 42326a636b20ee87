import { invariant } from '../units.ts';

/*
 * Gatheral's stochastic-volatility-inspired smile of total implied variance w = sigma² t against log-moneyness k = ln(K/F).
 * Source: Gatheral and Jacquier, 'Arbitrage-free SVI volatility surfaces', Quantitative Finance 14 (2014).
 */

/** Raw form: w(k) = a + b (rho (k - m) + sqrt((k - m)² + sigma²)). */
export interface RawSvi {
  readonly a: number;
  /** >= 0; slopes of the wings are b (rho - 1) and b (rho + 1). */
  readonly b: number;
  /** -1 to 1. */
  readonly rho: number;
  readonly m: number;
  /** > 0. */
  readonly sigma: number;
}

/** Natural form: w(k) = delta + omega/2 (1 + zeta rho (k - mu) + sqrt((zeta (k - mu) + rho)² + 1 - rho²)). */
export interface NaturalSvi {
  readonly delta: number;
  readonly mu: number;
  readonly rho: number;
  readonly omega: number;
  readonly zeta: number;
}

/** Jump-wings form: what a trader sees. All per year of `years`. */
export interface JumpWingsSvi {
  /** At-the-money variance (annual). */
  readonly v: number;
  /** At-the-money skew: slope of sqrt(w) at k = 0, that is w'(0) / (2 sqrt(w(0))). */
  readonly psi: number;
  /** Slope of the left (put) wing over sqrt(w(0)). */
  readonly p: number;
  /** Slope of the right (call) wing over sqrt(w(0)). */
  readonly c: number;
  /** Least variance (annual). */
  readonly vTilde: number;
  readonly years: number;
}

/** Total variance and its first two derivatives at a log-moneyness. */
export interface VariancePoint {
  readonly w: number;
  readonly slope: number;
  readonly curvature: number;
}

/** Total implied variance at log-moneyness k. */
export function sviVariance({ a, b, rho, m, sigma }: RawSvi, k: number): number {
  const x = k - m;
  return a + b * (rho * x + Math.sqrt(x * x + sigma * sigma));
}

/** Total variance with its derivatives. */
export function sviPoint({ a, b, rho, m, sigma }: RawSvi, k: number): VariancePoint {
  const x = k - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  return { w: a + b * (rho * x + root), slope: b * (rho + x / root), curvature: (b * sigma * sigma) / (root * root * root) };
}

/** Implied volatility (annual fraction) at log-moneyness k. */
export function sviVolatility(raw: RawSvi, k: number, years: number): number {
  return Math.sqrt(Math.max(sviVariance(raw, k), 0) / years);
}

/** Natural to raw (Gatheral and Jacquier 2014, lemma 3.1). */
export function rawFromNatural({ delta, mu, rho, omega, zeta }: NaturalSvi): RawSvi {
  const root = Math.sqrt(1 - rho * rho);
  return { a: delta + (omega / 2) * (1 - rho * rho), b: (omega * zeta) / 2, rho, m: mu - rho / zeta, sigma: root / zeta };
}

/** Raw to natural; throws InvariantError for |rho| = 1. */
export function naturalFromRaw({ a, b, rho, m, sigma }: RawSvi): NaturalSvi {
  invariant(Math.abs(rho) < 1, `no natural form for a correlation of ${rho}`);
  const root = Math.sqrt(1 - rho * rho);
  const omega = (2 * b * sigma) / root;
  return { delta: a - (omega / 2) * (1 - rho * rho), mu: m + (rho * sigma) / root, rho, omega, zeta: root / sigma };
}

/** Raw to jump-wings (equation 3.5 of the paper). */
export function jumpWingsFromRaw(raw: RawSvi, years: number): JumpWingsSvi {
  const { a, b, rho, m, sigma } = raw;
  const w = sviVariance(raw, 0);
  const root = Math.sqrt(w);
  return {
    v: w / years,
    psi: (b / (2 * root)) * (rho - m / Math.sqrt(m * m + sigma * sigma)),
    p: (b * (1 - rho)) / root,
    c: (b * (1 + rho)) / root,
    vTilde: (a + b * sigma * Math.sqrt(1 - rho * rho)) / years,
    years,
  };
}

/**
 * Jump-wings to raw (lemma 3.2). Throws InvariantError when no smile has these numbers (the skew must lie between the wings), and
 * when the least variance is the one at the money: then they leave the curvature open.
 */
export function rawFromJumpWings({ v, psi, p, c, vTilde, years }: JumpWingsSvi): RawSvi {
  const w = v * years;
  invariant(v > vTilde, `the least variance ${vTilde} must lie below that at the money, ${v}`);
  const root = Math.sqrt(w);
  const b = (root / 2) * (c + p);
  const rho = 1 - (p * root) / b;
  const beta = rho - (2 * psi * root) / b;
  invariant(b > 0 && Math.abs(beta) <= 1, `no SVI smile with skew ${psi} between wings ${p} and ${c}`);
  const base = Math.sqrt(1 - rho * rho);
  if (beta === 0) {
    const sigma = ((v - vTilde) * years) / (b * (1 - base));
    return { a: vTilde * years - b * sigma * base, b, rho, m: 0, sigma };
  }
  const slope = Math.sign(beta) * Math.sqrt(1 / (beta * beta) - 1);
  const m = ((v - vTilde) * years) / (b * (-rho + Math.sign(beta) * Math.sqrt(1 + slope * slope) - slope * base));
  const sigma = slope * m;
  return { a: vTilde * years - b * sigma * base, b, rho, m, sigma };
}
