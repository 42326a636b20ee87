import type { RawSvi } from './svi.ts';

/*
 * Surface SVI with a correlation per tenor (eSSVI).
 * Sources: Gatheral and Jacquier (2014) section 4; Hendriks and Martini, 'The extended SSVI volatility surface', J. Comp.
 * Finance 22 (2019); Mingone, 'No arbitrage global parametrization for the eSSVI volatility surface', Quant. Finance 22 (2022).
 */

/** One tenor: w(k) = theta/2 (1 + rho phi k + sqrt((phi k + rho)² + 1 - rho²)), psi = theta phi. */
export interface SsviSlice {
  /** At-the-money-forward total variance, > 0. */
  readonly theta: number;
  /** -1 to 1, exclusive. */
  readonly rho: number;
  /** theta phi, > 0: the sum of the wings' slopes. */
  readonly psi: number;
}

/** The same slice in raw SVI form. */
export function rawFromSsvi({ theta, rho, psi }: SsviSlice): RawSvi {
  const phi = psi / theta;
  const root = Math.sqrt(1 - rho * rho);
  return { a: (theta / 2) * (1 - rho * rho), b: psi / 2, rho, m: -rho / phi, sigma: root / phi };
}

/**
 * Volatilities (annual fractions) of a slice at strikes `lo` to `hi` (exclusive), into `out` from index 0; `phi` = psi / theta,
 * `lnForward` = ln of the forward, `years` > 0. For many strikes at once: allocates nothing.
 */
export function fillSsviVolatilities(
  { theta, rho, phi }: Pick<SsviSlice, 'theta' | 'rho'> & { readonly phi: number },
  lnForward: number,
  years: number,
  lnStrikes: Float64Array,
  lo: number,
  hi: number,
  out: Float64Array,
): void {
  const side = 1 - rho * rho;
  const scale = theta / (2 * years);
  for (let i = lo; i < hi; i += 1) {
    const x = phi * (lnStrikes[i]! - lnForward);
    const y = x + rho;
    out[i - lo] = Math.sqrt(scale * (1 + rho * x + Math.sqrt(y * y + side)));
  }
}

/**
 * Largest psi that keeps a slice free of butterfly arbitrage: psi (1 + |rho|) <= 4 and psi² (1 + |rho|) <= 4 theta
 * (Gatheral and Jacquier, theorem 4.2; sufficient).
 */
export function largestPsi(theta: number, rho: number): number {
  return Math.min(4, 2 * Math.sqrt(theta * (1 + Math.abs(rho)))) / (1 + Math.abs(rho));
}

/** How much a later slice's wings may turn before total variances cross: max((1+r1)/(1+r2), (1-r1)/(1-r2)). */
export function wingGrowth(earlier: SsviSlice, rho: number): number {
  return Math.max((1 + earlier.rho) / (1 + rho), (1 - earlier.rho) / (1 - rho));
}

/**
 * The psi allowed to a slice of given theta and rho after `earlier`: from psi1 x wing growth (wings may not fall) to
 * psi1 theta/theta1 (phi may not rise), inside the butterfly bound. Null when that is empty. With no earlier slice: from 0.
 * Sufficient for the absence of calendar arbitrage together with theta >= theta1 (Mingone 2022, proposition 3.1).
 */
export function psiRange(earlier: SsviSlice | null, theta: number, rho: number): { low: number; high: number } | null {
  const cap = largestPsi(theta, rho);
  if (earlier === null) return { low: 0, high: cap };
  const low = earlier.psi * wingGrowth(earlier, rho);
  const high = Math.min(cap, (earlier.psi * theta) / earlier.theta);
  return theta >= earlier.theta && low <= high ? { low, high } : null;
}
