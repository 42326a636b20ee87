/**
 * Implied volatility as a power-law SSVI surface (Gatheral and Jacquier 2014): one slice is known by its at-the-money total
 * variance. Free of butterfly arbitrage because eta (1 + |rho|) <= 2, and of calendar arbitrage because the at-the-money total
 * variance only grows with expiration.
 */
export interface SkewShape {
  readonly rho: number;
  readonly eta: number;
}

/** phi(theta) = eta / sqrt(theta (1 + theta)). */
function slopeOf(theta: number, eta: number): number {
  return eta / Math.sqrt(theta * (1 + theta));
}

/**
 * Volatilities (annual, Actual/365) of strikes `lo` to `hi` (exclusive) into `out` from index 0.
 * `theta` = at-the-money total variance; `lnForward` = ln of the forward; `years` > 0.
 */
export function fillVolatilities(
  shape: SkewShape,
  theta: number,
  lnForward: number,
  years: number,
  lnStrikes: Float64Array,
  lo: number,
  hi: number,
  out: Float64Array,
): void {
  const { rho } = shape;
  const phi = slopeOf(theta, shape.eta);
  const side = 1 - rho * rho;
  const scale = theta / (2 * years);
  for (let i = lo; i < hi; i += 1) {
    const x = phi * (lnStrikes[i]! - lnForward);
    const y = x + rho;
    out[i - lo] = Math.sqrt(scale * (1 + rho * x + Math.sqrt(y * y + side)));
  }
}
