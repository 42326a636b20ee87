/**
 * European options: Black-Scholes-Merton with a continuous dividend yield, and Black-76 on a forward.
 * Rates are continuously compounded and annual; volatility is a fraction per square-root year; prices are per share.
 */
import type { Right } from '../market/instrument.ts';
import { invariant } from '../units.ts';
import { logMoneyness } from './impliedVolatility.ts';
import { normalCdf, normalPdf } from './normal.ts';
import { normalisedBlack } from './normalisedBlack.ts';

export interface EuropeanInput {
  readonly right: Right;
  /** Price of the underlying, dollars per share. */
  readonly spot: number;
  readonly strike: number;
  /** Time to expiry in years (calendar days / 365); 0 or less = at expiry. */
  readonly years: number;
  /** Continuously compounded annual rate, 0.05 = 5 %. */
  readonly rate: number;
  /** Continuous annual dividend (or borrow) yield. */
  readonly dividendYield: number;
  /** Annual volatility, 0.20 = 20 %. */
  readonly volatility: number;
}

/** First-order greeks and gamma, per share of the underlying, for one long option. */
export interface Greeks {
  /** Dollars per share. */
  readonly price: number;
  /** Change of price per 1.00 change of spot. */
  readonly delta: number;
  /** Change of delta per 1.00 change of spot. */
  readonly gamma: number;
  /** Change of price over one calendar day (1/365 year) with all else still: negative for most long options. */
  readonly thetaPerDay: number;
  /** Change of price per volatility point (0.01). */
  readonly vegaPerPoint: number;
  /** Change of price per 0.01 of the interest rate. */
  readonly rhoPerPoint: number;
  /** Change of price per 0.01 of the dividend yield. */
  readonly dividendRhoPerPoint: number;
}

export interface Black76Input {
  readonly right: Right;
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  /** Discount factor to expiry. */
  readonly discount: number;
  readonly volatility: number;
}

export const DAYS_PER_YEAR = 365;

/**
 * Black (1976): discounted price of an option on a forward. The out-of-the-money side is computed with full relative
 * precision and the other follows by parity, so call - put = discount·(forward - strike) exactly.
 */
export function black76(input: Black76Input): number {
  const { right, forward, strike, years, discount, volatility } = input;
  invariant(forward > 0 && strike > 0 && discount > 0 && volatility >= 0, `not a priceable option: ${JSON.stringify(input)}`);
  const total = years > 0 ? volatility * Math.sqrt(years) : 0;
  const timeValue = Math.sqrt(forward) * Math.sqrt(strike) * normalisedBlack(-Math.abs(logMoneyness(forward, strike)), total);
  const intrinsic = Math.max(right === 'call' ? forward - strike : strike - forward, 0);
  return discount * (intrinsic + timeValue);
}

/** Black-Scholes-Merton price, dollars per share. At or after expiry: intrinsic value. Throws on inputs that are not numbers. */
export function priceEuropean(input: EuropeanInput): number {
  const { right, spot, strike, rate, dividendYield, volatility } = input;
  const years = Math.max(input.years, 0);
  const discount = Math.exp(-rate * years);
  const forward = spot * Math.exp((rate - dividendYield) * years);
  return black76({ right, forward, strike, years, discount, volatility });
}

/**
 * An option on a forward as one on an asset whose yield is the rate, so that every greek of this file and of secondOrderGreeks.ts
 * serves Black-76 too: spot is then the forward, and delta, gamma and speed are per 1.00 of it. The rate is that of the discount;
 * what a point of it does is rho and dividend rho together, -0.01·years·price.
 */
export function onForward({ right, forward, strike, years, discount, volatility }: Black76Input): EuropeanInput {
  const rate = years > 0 ? -Math.log(discount) / years : 0;
  return { right, spot: forward, strike, years, rate, dividendYield: rate, volatility };
}

/** d1, d2 and the factors every greek is made of. */
export interface BlackTerms {
  readonly d1: number;
  readonly d2: number;
  readonly rootYears: number;
  readonly discount: number;
  readonly dividendDiscount: number;
  /** φ(d1). */
  readonly density: number;
}

/** Terms shared by all greeks; needs years > 0 and volatility > 0. */
export function blackTerms(input: EuropeanInput): BlackTerms {
  const { spot, strike, years, rate, dividendYield, volatility } = input;
  const rootYears = Math.sqrt(years);
  const total = volatility * rootYears;
  const d1 = (logMoneyness(spot, strike) + (rate - dividendYield) * years) / total + 0.5 * total;
  return {
    d1,
    d2: d1 - total,
    rootYears,
    discount: Math.exp(-rate * years),
    dividendDiscount: Math.exp(-dividendYield * years),
    density: normalPdf(d1),
  };
}

/** Price and first-order greeks (Haug, "The Complete Guide to Option Pricing Formulas", 2nd ed., chapter 2). */
export function greeksEuropean(input: EuropeanInput): Greeks {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  const price = priceEuropean(input);
  if (!(years > 0 && volatility > 0)) return certainGreeks(input, price);
  const { d1, d2, rootYears, discount, dividendDiscount, density } = blackTerms(input);
  const sign = right === 'call' ? 1 : -1;
  const nd1 = normalCdf(sign * d1);
  const nd2 = normalCdf(sign * d2);
  const carried = spot * dividendDiscount;
  const owed = strike * discount;
  const decay = (-carried * density * volatility) / (2 * rootYears);
  return {
    price,
    delta: sign * dividendDiscount * nd1,
    gamma: (dividendDiscount * density) / (spot * volatility * rootYears),
    thetaPerDay: (decay - sign * rate * owed * nd2 + sign * dividendYield * carried * nd1) / DAYS_PER_YEAR,
    vegaPerPoint: 0.01 * carried * density * rootYears,
    rhoPerPoint: 0.01 * sign * years * owed * nd2,
    dividendRhoPerPoint: -0.01 * sign * years * carried * nd1,
  };
}

/** Greeks when nothing is uncertain any more (expired, or zero volatility): those of the discounted forward intrinsic value. */
function certainGreeks(input: EuropeanInput, price: number): Greeks {
  const { right, spot, strike, rate, dividendYield } = input;
  const years = Math.max(input.years, 0);
  const sign = right === 'call' ? 1 : -1;
  const carried = spot * Math.exp(-dividendYield * years);
  const owed = strike * Math.exp(-rate * years);
  const inside = sign * (carried - owed);
  const exercised = inside > 0 ? 1 : inside < 0 ? 0 : 0.5;
  const signed = sign * exercised;
  return {
    price,
    delta: (signed * carried) / spot,
    gamma: 0,
    thetaPerDay: years > 0 ? (signed * (dividendYield * carried - rate * owed)) / DAYS_PER_YEAR : 0,
    vegaPerPoint: 0,
    rhoPerPoint: 0.01 * signed * years * owed,
    dividendRhoPerPoint: -0.01 * signed * years * carried,
  };
}
