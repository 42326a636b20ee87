import { black76 } from '../pricing/blackScholes.ts';
import { normalCdf, normalPdf } from '../pricing/normal.ts';
import type { PriceDistribution } from '../structures/distribution.ts';
import { invariant, type Price } from '../units.ts';
import { type RawSvi, sviPoint, sviVolatility } from './svi.ts';

/** What a distribution needs of a fitted slice. */
export interface DensitySlice {
  readonly years: number;
  readonly forward: Price;
  readonly raw: RawSvi;
}

/**
 * The market's own law of the price at an expiration: the risk-neutral distribution that a fitted smile implies (Breeden and
 * Litzenberger 1978), in closed form from SVI and its slope:
 * P(S <= K) = Φ(-d2) + φ(d2) d(sqrt w)/dk, and E[S; S <= K] = K P(S <= K) - put(K), undiscounted.
 * Monotone where the slice is free of butterfly arbitrage. Risk-neutral, not a forecast: the name says so.
 */
export function surfaceDistribution({ years, forward, raw }: DensitySlice): PriceDistribution {
  invariant(forward > 0 && years > 0, `not a slice: forward ${forward}, years ${years}`);
  const cdf = (price: Price): number => {
    if (price <= 0) return 0;
    if (price === Number.POSITIVE_INFINITY) return 1;
    const k = Math.log(price / forward);
    const { w, slope } = sviPoint(raw, k);
    const root = Math.sqrt(w);
    const d2 = -k / root - root / 2;
    return Math.min(Math.max(normalCdf(-d2) + (normalPdf(d2) * slope) / (2 * root), 0), 1);
  };
  return {
    cdf,
    partialExpectation: (price) => {
      if (price <= 0) return 0;
      if (price === Number.POSITIVE_INFINITY) return forward;
      const volatility = sviVolatility(raw, Math.log(price / forward), years);
      return price * cdf(price) - black76({ right: 'put', forward, strike: price, years, discount: 1, volatility });
    },
    model: `SVI density (risk-neutral): forward ${forward.toFixed(2)}, at the money ${(sviVolatility(raw, 0, years) * 100).toFixed(1)} %, ${years.toFixed(4)} years`,
  };
}

/**
 * The price below which the share `probability` of the distribution lies, by bisection in the logarithm between `forward`
 * e^-5 and e^5, to a relative 1e-10. For probability cones.
 */
export function quantilePrice(distribution: PriceDistribution, forward: Price, probability: number): Price {
  let low = -5;
  let high = 5;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (distribution.cdf(forward * Math.exp(middle)) < probability) low = middle;
    else high = middle;
  }
  return forward * Math.exp((low + high) / 2);
}
