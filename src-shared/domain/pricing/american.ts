import { invariant } from '../units.ts';
import { type EuropeanInput, priceEuropean } from './blackScholes.ts';
import { normalCdf } from './normal.ts';

/** A cash dividend: dollars per share, paid `years` from now (its ex-date). */
export interface DiscreteDividend {
  readonly years: number;
  readonly amount: number;
}

export interface AmericanInput extends EuropeanInput {
  /** Cash dividends before expiry; later ones are ignored. */
  readonly discreteDividends?: readonly DiscreteDividend[];
}

/** Spot less the present value of the dividends that go ex before expiry (the escrowed model's risky part). */
export function escrowedSpot(spot: number, rate: number, years: number, dividends: readonly DiscreteDividend[]): number {
  let risky = spot;
  for (const dividend of dividends) {
    if (dividend.years > 0 && dividend.years <= years) risky -= dividend.amount * Math.exp(-rate * dividend.years);
  }
  return risky;
}

/**
 * Fast American price, dollars per share: never below intrinsic nor below the European price.
 *
 * Bjerksund-Stensland (1993), one flat exercise boundary; puts through the transformation P(S, K, r, q) = C(K, S, q, r).
 * Typical error against the exact price 1e-4 of the strike, at most about 5e-3. Discrete dividends: a call is worth the
 * best of holding to expiry and exercising just before one of the ex-dates (Black 1975), a put the escrowed price.
 */
export function priceAmerican(input: AmericanInput): number {
  const { right, spot, strike, volatility } = input;
  invariant(spot > 0 && strike > 0 && volatility >= 0, `not a priceable option: ${JSON.stringify(input)}`);
  const intrinsic = Math.max(right === 'call' ? spot - strike : strike - spot, 0);
  if (!(input.years > 0)) return intrinsic;
  const dividends = (input.discreteDividends ?? []).filter((d) => d.years > 0 && d.years <= input.years && d.amount > 0);
  if (dividends.length > 0) return Math.max(intrinsic, withDividends(input, dividends));
  return Math.max(intrinsic, continuous(input));
}

function withDividends(input: AmericanInput, dividends: readonly DiscreteDividend[]): number {
  const { spot, rate, years } = input;
  const held = { ...input, spot: Math.max(escrowedSpot(spot, rate, years, dividends), 1e-8 * spot) };
  let best = continuous(held);
  if (input.right === 'put') return best;
  for (const exDate of dividends) {
    const before = dividends.filter((d) => d.years < exDate.years);
    const risky = Math.max(escrowedSpot(spot, rate, exDate.years, before), 1e-8 * spot);
    best = Math.max(best, continuous({ ...input, spot: risky, years: exDate.years }));
  }
  return best;
}

function continuous(input: EuropeanInput): number {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  const european = priceEuropean(input);
  const total = volatility * Math.sqrt(years);
  // Below this total volatility the outcome is all but certain: hold to the end or exercise now, whichever is worth more.
  if (total < 1e-6) return european;
  const american =
    right === 'call'
      ? bjerksundStensland(spot, strike, years, rate, rate - dividendYield, volatility)
      : bjerksundStensland(strike, spot, years, dividendYield, dividendYield - rate, volatility);
  return Math.max(american, european);
}

/** Call with cost of carry b (Haug 2007, section 3.3). -Infinity when early exercise is never worth it (the European price holds). */
function bjerksundStensland(
  spot: number,
  strike: number,
  years: number,
  rate: number,
  carry: number,
  volatility: number,
): number {
  if (carry >= rate) return Number.NEGATIVE_INFINITY;
  const variance = volatility * volatility;
  const beta = 0.5 - carry / variance + Math.sqrt((carry / variance - 0.5) ** 2 + (2 * rate) / variance);
  if (!(beta > 1)) return Number.NEGATIVE_INFINITY;
  const infinity = (beta / (beta - 1)) * strike;
  const floor = Math.max(strike, (rate / (rate - carry)) * strike);
  const h = (-(carry * years + 2 * volatility * Math.sqrt(years)) * floor) / (infinity - floor);
  const trigger = floor + (infinity - floor) * (1 - Math.exp(h));
  if (spot >= trigger) return spot - strike;
  const alpha = (trigger - strike) * trigger ** -beta;
  const phi = (gamma: number, level: number) => bsPhi(spot, years, gamma, level, trigger, rate, carry, volatility);
  const price =
    alpha * spot ** beta -
    alpha * phi(beta, trigger) +
    phi(1, trigger) -
    phi(1, strike) -
    strike * phi(0, trigger) +
    strike * phi(0, strike);
  return Number.isFinite(price) ? price : Number.NEGATIVE_INFINITY;
}

function bsPhi(s: number, t: number, gamma: number, h: number, i: number, r: number, b: number, v: number): number {
  const variance = v * v;
  const root = v * Math.sqrt(t);
  const lambda = (-r + gamma * b + 0.5 * gamma * (gamma - 1) * variance) * t;
  const d = -(Math.log(s / h) + (b + (gamma - 0.5) * variance) * t) / root;
  const kappa = (2 * b) / variance + 2 * gamma - 1;
  return Math.exp(lambda) * s ** gamma * (normalCdf(d) - (i / s) ** kappa * normalCdf(d - (2 * Math.log(i / s)) / root));
}
