/** Second-order and cross greeks of European options (Haug, "The Complete Guide to Option Pricing Formulas", 2007, chapter 2). */
import { blackTerms, DAYS_PER_YEAR, type EuropeanInput } from './blackScholes.ts';
import { normalCdf } from './normal.ts';

/** Per share, one long option. 'point' = 0.01 of volatility, 'day' = one calendar day going by (time to expiry shrinks). */
export interface SecondOrderGreeks {
  /** Change of delta per point of volatility. */
  readonly vannaPerPoint: number;
  /** Change of vegaPerPoint per point of volatility. */
  readonly vommaPerPoint: number;
  /** Change of delta per day. */
  readonly charmPerDay: number;
  /** Change of vegaPerPoint per day. */
  readonly vetaPerDay: number;
  /** Change of gamma per 1.00 of spot. */
  readonly speed: number;
  /** Change of gamma per point of volatility. */
  readonly zommaPerPoint: number;
  /** Change of gamma per day. */
  readonly colourPerDay: number;
  /** Change of vommaPerPoint per point of volatility. */
  readonly ultimaPerPoint: number;
}

const NONE: SecondOrderGreeks = {
  vannaPerPoint: 0,
  vommaPerPoint: 0,
  charmPerDay: 0,
  vetaPerDay: 0,
  speed: 0,
  zommaPerPoint: 0,
  colourPerDay: 0,
  ultimaPerPoint: 0,
};

/** Second-order greeks; all zero at expiry or without volatility (they are undefined at the strike itself then). */
export function secondOrderGreeks(input: EuropeanInput): SecondOrderGreeks {
  const { right, spot, years, rate, dividendYield, volatility } = input;
  if (!(years > 0 && volatility > 0)) return NONE;
  const { d1, d2, rootYears, dividendDiscount, density } = blackTerms(input);
  const total = volatility * rootYears;
  const carry = rate - dividendYield;
  const sign = right === 'call' ? 1 : -1;
  const gamma = (dividendDiscount * density) / (spot * total);
  const vega = spot * dividendDiscount * density * rootYears;
  const vomma = (vega * d1 * d2) / volatility;
  // d d1 / dT = carry/total - d2/(2T): what a longer life does to d1.
  const d1PerYear = carry / total - d2 / (2 * years);
  const deltaPerYear = dividendDiscount * density * d1PerYear - sign * dividendYield * dividendDiscount * normalCdf(sign * d1);
  const vegaPerYear = vega * (-dividendYield - d1 * d1PerYear + 1 / (2 * years));
  const gammaPerYear = gamma * (-dividendYield - d1 * d1PerYear - 1 / (2 * years));
  const product = d1 * d2;
  return {
    vannaPerPoint: (-0.01 * dividendDiscount * density * d2) / volatility,
    vommaPerPoint: 1e-4 * vomma,
    charmPerDay: -deltaPerYear / DAYS_PER_YEAR,
    vetaPerDay: (-0.01 * vegaPerYear) / DAYS_PER_YEAR,
    speed: (-gamma / spot) * (1 + d1 / total),
    zommaPerPoint: (0.01 * gamma * (product - 1)) / volatility,
    colourPerDay: -gammaPerYear / DAYS_PER_YEAR,
    ultimaPerPoint: (-1e-6 * vega * (product * (1 - product) + d1 * d1 + d2 * d2)) / (volatility * volatility),
  };
}
