/** Second-order and cross greeks of the normal model, by differentiating {@link greeksBachelier}. */
import type { BachelierInput } from './bachelier.ts';
import { normalPdf } from './normal.ts';

/**
 * One long option; the same for call and put. Volatility is the normal one, in dollars per square-root year; time greeks are per
 * year going by with the forward and the discount factor held, as theta is.
 */
export interface BachelierSecondOrder {
  /** Change of delta per 1.00 of normal volatility, and of vega per 1.00 of the forward. */
  readonly vanna: number;
  /** Change of vega per 1.00 of normal volatility. */
  readonly vomma: number;
  /** Change of delta per year. */
  readonly charmPerYear: number;
  /** Change of vega per year. */
  readonly vetaPerYear: number;
  /** Change of gamma per 1.00 of the forward. */
  readonly speed: number;
  /** Change of gamma per 1.00 of normal volatility. */
  readonly zomma: number;
  /** Change of gamma per year. */
  readonly colourPerYear: number;
  /** Change of vomma per 1.00 of normal volatility. */
  readonly ultima: number;
}

const NONE: BachelierSecondOrder = {
  vanna: 0,
  vomma: 0,
  charmPerYear: 0,
  vetaPerYear: 0,
  speed: 0,
  zomma: 0,
  colourPerYear: 0,
  ultima: 0,
};

/** With d = (F - K) / (σ√T) and the density φ(d); all zero at expiry or without volatility. */
export function secondOrderBachelier({
  forward,
  strike,
  years,
  discount,
  normalVolatility: volatility,
}: BachelierInput): BachelierSecondOrder {
  if (!(years > 0 && volatility > 0)) return NONE;
  const root = Math.sqrt(years);
  const deviation = volatility * root;
  const d = (forward - strike) / deviation;
  const square = d * d;
  const density = discount * normalPdf(d);
  const vega = density * root;
  const gamma = density / deviation;
  return {
    vanna: (-density * d) / volatility,
    vomma: (vega * square) / volatility,
    charmPerYear: (density * d) / (2 * years),
    vetaPerYear: (-vega * (1 + square)) / (2 * years),
    speed: (-gamma * d) / deviation,
    zomma: (gamma * (square - 1)) / volatility,
    colourPerYear: (gamma * (1 - square)) / (2 * years),
    ultima: (vega * square * (square - 3)) / (volatility * volatility),
  };
}
