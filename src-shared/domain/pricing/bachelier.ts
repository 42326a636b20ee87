/** Bachelier's normal model: an option on a forward whose changes, not returns, have a known deviation. */
import type { Right } from '../market/instrument.ts';
import { invariant } from '../units.ts';
import { millsRatio, normalCdf, normalPdf } from './normal.ts';

export interface BachelierInput {
  readonly right: Right;
  /** Forward, dollars; may be negative. */
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly discount: number;
  /** Deviation of the forward's change over one year, in dollars. */
  readonly normalVolatility: number;
}

/** Time value of the out-of-the-money side: s·(φ(d) - |d| Φ(-|d|)), relative precision kept in the wing. */
function timeValue(moneyness: number, deviation: number): number {
  if (!(deviation > 0)) return 0;
  const d = Math.abs(moneyness) / deviation;
  if (d < 4) return deviation * (normalPdf(d) - d * normalCdf(-d));
  // 1 - d·M(d) loses digits as it shrinks like 1/d²; M's continued fraction gives it directly.
  let fraction = d;
  for (let k = 60; k >= 2; k--) fraction = d + k / fraction;
  const tail = 1 / (d + 1 / fraction);
  return deviation * normalPdf(d) * (tail / fraction);
}

/** Discounted price (Bachelier 1900; Haug 2007, section 1.3). */
export function priceBachelier(input: BachelierInput): number {
  const { right, forward, strike, years, discount, normalVolatility } = input;
  invariant(
    discount > 0 && normalVolatility >= 0 && Number.isFinite(forward + strike),
    `not priceable: ${JSON.stringify(input)}`,
  );
  const intrinsic = Math.max(right === 'call' ? forward - strike : strike - forward, 0);
  return discount * (intrinsic + timeValue(forward - strike, years > 0 ? normalVolatility * Math.sqrt(years) : 0));
}

export interface BachelierGreeks {
  readonly price: number;
  /** Per 1.00 of the forward. */
  readonly delta: number;
  /** Change of delta per 1.00 of the forward. */
  readonly gamma: number;
  /** Per 1.00 of normal volatility. */
  readonly vega: number;
  /** Per year, the forward and the discount factor held: the decay of the time value alone. */
  readonly thetaPerYear: number;
}

/** Price and greeks with respect to the forward. */
export function greeksBachelier(input: BachelierInput): BachelierGreeks {
  const { right, forward, strike, years, discount, normalVolatility } = input;
  const price = priceBachelier(input);
  const sign = right === 'call' ? 1 : -1;
  const deviation = years > 0 ? normalVolatility * Math.sqrt(years) : 0;
  if (!(deviation > 0)) {
    const inside = sign * (forward - strike);
    return { price, delta: sign * discount * (inside > 0 ? 1 : inside < 0 ? 0 : 0.5), gamma: 0, vega: 0, thetaPerYear: 0 };
  }
  const d = (forward - strike) / deviation;
  const density = discount * normalPdf(d);
  return {
    price,
    delta: sign * discount * normalCdf(sign * d),
    gamma: density / deviation,
    vega: density * Math.sqrt(years),
    thetaPerYear: (-density * normalVolatility) / (2 * Math.sqrt(years)),
  };
}

/**
 * Normal implied volatility (dollars per square-root year), or null when the price is at or below intrinsic value.
 * Newton on the logarithm of the time value, started from its at-the-money and wing limits; full precision in a few steps.
 */
export function impliedNormalVolatility(
  input: Omit<BachelierInput, 'normalVolatility'> & { readonly price: number },
): number | null {
  const { right, forward, strike, years, discount, price } = input;
  const moneyness = Math.abs(forward - strike);
  const value = price / discount - Math.max(right === 'call' ? forward - strike : strike - forward, 0);
  if (!(value > 0) || !(years > 0) || !Number.isFinite(value)) return null;
  if (moneyness === 0) return (value * Math.sqrt(2 * Math.PI)) / Math.sqrt(years);
  // value/moneyness = φ(d)/d - Φ(-d) falls in d from infinity to 0.
  const target = Math.log(value / moneyness);
  let d =
    target > 0 ? Math.exp(-target) / Math.sqrt(2 * Math.PI) : Math.sqrt(Math.max(0.1, -2 * target - 3 * Math.log1p(-target)));
  for (let pass = 0; pass < 60; pass++) {
    const deviation = moneyness / d;
    const log = Math.log(timeValue(moneyness, deviation) / moneyness);
    // d/dd ln(φ/d - Φ(-d)) = -1 / (d (1 - d M(d)))
    const slope = -1 / (d * (d < 4 ? 1 - d * millsRatio(d) : timeValue(d, 1) / normalPdf(d)));
    const step = (target - log) / slope;
    const next = Math.max(d + step, 0.1 * d);
    const moved = Math.abs(next - d);
    d = next;
    if (moved <= 2e-16 * d) break;
  }
  return moneyness / (d * Math.sqrt(years));
}
