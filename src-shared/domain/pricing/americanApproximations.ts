/**
 * The classical approximations of American prices, kept as independent checks and for comparison with published tables:
 * Barone-Adesi and Whaley (1987) and Bjerksund and Stensland (1993). The engine itself uses american.ts.
 */
import { type EuropeanInput, priceEuropean } from './blackScholes.ts';
import { normalCdf, normalPdf } from './normal.ts';

/** Barone-Adesi-Whaley (Haug 2007, section 3.1), dollars per share; errors up to about 3e-3 of the strike. */
export function baroneAdesiWhaley(input: EuropeanInput): number {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  const sign = right === 'call' ? 1 : -1;
  const european = priceEuropean(input);
  const intrinsic = Math.max(sign * (spot - strike), 0);
  if (!(years > 0 && volatility > 0) || (right === 'call' && dividendYield <= 0 && rate >= 0))
    return Math.max(european, intrinsic);
  const variance = volatility * volatility;
  const n = (2 * (rate - dividendYield)) / variance;
  // 2r/(σ²(1-e^{-rT})) tends to 2/(σ²T) as r goes to 0.
  const scaled = rate === 0 ? 2 / (variance * years) : (2 * rate) / (variance * -Math.expm1(-rate * years));
  const exponent = 0.5 * (1 - n + sign * Math.sqrt((n - 1) * (n - 1) + 4 * scaled));
  const critical = criticalBaw(input, exponent, sign);
  if (sign * (spot - critical) >= 0) return intrinsic;
  const root = volatility * Math.sqrt(years);
  const d1 = (Math.log(critical / strike) + (rate - dividendYield) * years) / root + 0.5 * root;
  const factor = ((sign * critical) / exponent) * (1 - Math.exp(-dividendYield * years) * normalCdf(sign * d1));
  return Math.max(european + factor * (spot / critical) ** exponent, intrinsic);
}

/** Newton's method on the critical price's equation (value matching of the quadratic approximation). */
function criticalBaw(input: EuropeanInput, exponent: number, sign: number): number {
  const { strike, years, rate, dividendYield, volatility } = input;
  const root = volatility * Math.sqrt(years);
  const dq = Math.exp(-dividendYield * years);
  let s = strike;
  for (let pass = 0; pass < 60; pass++) {
    const d1 = (Math.log(s / strike) + (rate - dividendYield) * years) / root + 0.5 * root;
    const held = dq * normalCdf(sign * d1);
    const right = priceEuropean({ ...input, spot: s }) + (sign * s * (1 - held)) / exponent;
    const gap = sign * (s - strike) - right;
    const slope = sign - sign * held - (sign * (1 - held) - (dq * normalPdf(d1)) / root) / exponent;
    const next = Math.min(Math.max(s - gap / slope, 0.3 * s), 3 * s);
    if (Math.abs(next - s) < 1e-12 * s) return next;
    s = next;
  }
  return s;
}

/** Bjerksund-Stensland 1993 (Haug 2007, section 3.2), one flat boundary; a lower bound of the true price. */
export function bjerksundStensland(input: EuropeanInput): number {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  const european = priceEuropean(input);
  const intrinsic = Math.max(right === 'call' ? spot - strike : strike - spot, 0);
  if (!(years > 0 && volatility > 0)) return Math.max(european, intrinsic);
  const american =
    right === 'call'
      ? flatBoundaryCall(spot, strike, years, rate, rate - dividendYield, volatility)
      : flatBoundaryCall(strike, spot, years, dividendYield, dividendYield - rate, volatility);
  return Math.max(american, european, intrinsic);
}

/** Call with cost of carry b; -Infinity when early exercise is never worth it or the formula leaves the range of doubles. */
function flatBoundaryCall(spot: number, strike: number, years: number, rate: number, carry: number, volatility: number): number {
  if (carry >= rate) return Number.NEGATIVE_INFINITY;
  const variance = volatility * volatility;
  const beta = 0.5 - carry / variance + Math.sqrt((carry / variance - 0.5) ** 2 + (2 * rate) / variance);
  if (!(beta > 1)) return Number.NEGATIVE_INFINITY;
  const infinity = (beta / (beta - 1)) * strike;
  const floor = Math.max(strike, (rate / (rate - carry)) * strike);
  const h = (-(carry * years + 2 * volatility * Math.sqrt(years)) * floor) / (infinity - floor);
  const trigger = floor + (infinity - floor) * (1 - Math.exp(h));
  if (spot >= trigger) return spot - strike;
  const root = volatility * Math.sqrt(years);
  // (trigger - strike)·(S/trigger)^β and the powers inside φ are kept as ratios so that they do not overflow.
  const phi = (gamma: number, level: number, power: number) => {
    const lambda = (-rate + gamma * carry + 0.5 * gamma * (gamma - 1) * variance) * years;
    const d = -(Math.log(spot / level) + (carry + (gamma - 0.5) * variance) * years) / root;
    const kappa = (2 * carry) / variance + 2 * gamma - 1;
    const mirrored = (trigger / spot) ** kappa * normalCdf(d - (2 * Math.log(trigger / spot)) / root);
    return Math.exp(lambda) * power * (normalCdf(d) - mirrored);
  };
  const alpha = (trigger - strike) * (spot / trigger) ** beta;
  const price =
    alpha -
    (trigger - strike) * phi(beta, trigger, (spot / trigger) ** beta) +
    phi(1, trigger, spot) -
    phi(1, strike, spot) -
    strike * phi(0, trigger, 1) +
    strike * phi(0, strike, 1);
  return Number.isFinite(price) ? price : Number.NEGATIVE_INFINITY;
}
