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
export function slopeOf(theta: number, { eta }: SkewShape): number {
  return eta / Math.sqrt(theta * (1 + theta));
}
