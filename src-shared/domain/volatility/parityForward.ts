import type { Price } from '../units.ts';

/** Two-sided call and put quotes of one expiration, index-aligned with `strikes`. Dollars per share; NaN or a zero bid = not usable. */
export interface ParityQuotes {
  readonly strikes: ArrayLike<number>;
  readonly callBid: ArrayLike<number>;
  readonly callAsk: ArrayLike<number>;
  readonly putBid: ArrayLike<number>;
  readonly putAsk: ArrayLike<number>;
}

export interface ParityOptions {
  /** Years to expiration, > 0. */
  readonly years: number;
  /** Continuous interest rate per year that fixes the discount factor; without it the quotes themselves give it. */
  readonly rate?: number;
  /** Strikes used: those whose |call mid - put mid| is at most this share of the strike. Default 0.1, range 0.01 to 1. */
  readonly nearMoney?: number;
}

export interface ParityForward {
  /** E[S] at expiration under the quotes, dollars. */
  readonly forward: Price;
  /** Present value of a dollar paid at expiration. */
  readonly discount: number;
  /** Continuous rate of the discount factor, per year. */
  readonly rate: number;
  /** What no strike contradicts: highest of K + (call bid - put ask)/D and lowest of K + (call ask - put bid)/D. */
  readonly band: { readonly low: Price; readonly high: Price };
  /** False when the strikes contradict each other (band.low > band.high): the quotes admit parity arbitrage or are not simultaneous. */
  readonly consistent: boolean;
  /** Strikes that took part. */
  readonly strikesUsed: number;
}

const DEFAULT_NEAR_MONEY = 0.1;

/**
 * Forward and discount factor from put-call parity, C - P = D (F - K), over the near-the-money strikes with two live sides.
 * Each strike counts with the inverse square of its combined spread. With `rate` the discount is fixed and the forward is the
 * weighted mean of K + (C - P)/D; without it both come from a weighted straight line through (K, C - P). The forward is then
 * moved into the no-arbitrage band when it lies outside. European options; for American ones early exercise makes it an
 * approximation that is best near the money. null when fewer than one (with `rate`) or three usable strikes are found, or the
 * line gives no discount factor in (0, 1.2].
 */
export function parityForward(
  quotes: ParityQuotes,
  { years, rate, nearMoney = DEFAULT_NEAR_MONEY }: ParityOptions,
): ParityForward | null {
  const rows = usableRows(quotes).filter((row) => Math.abs(row.synthetic) <= nearMoney * row.strike);
  if (!(years > 0) || rows.length < (rate === undefined ? 3 : 1)) return null;
  const discount = rate === undefined ? discountFromLine(rows) : Math.exp(-rate * years);
  if (!(discount > 0 && discount <= 1.2)) return null;
  const mean = weightedMean(rows, (row) => row.strike + row.synthetic / discount);
  const low = Math.max(...rows.map((row) => row.strike + row.lowest / discount));
  const high = Math.min(...rows.map((row) => row.strike + row.highest / discount));
  const consistent = low <= high;
  const forward = consistent ? Math.min(Math.max(mean, low), high) : mean;
  return { forward, discount, rate: -Math.log(discount) / years, band: { low, high }, consistent, strikesUsed: rows.length };
}

/** The forward that one strike's call and put prices imply: K + (C - P)/D, dollars. */
export function syntheticForward(strike: Price, callPrice: Price, putPrice: Price, discount: number): Price {
  return strike + (callPrice - putPrice) / discount;
}

/** Widest |C - P| as a share of the strike at which American quotes are read for parity, tried in this order. */
const AMERICAN_NEAR_MONEY = [0.015, 0.04, DEFAULT_NEAR_MONEY] as const;
const ENOUGH_STRIKES = 3;

/**
 * Parity forward of options that may be exercised early: an in-the-money put holds some value for that right which parity knows
 * nothing of, so only the strikes nearest to the money are asked, and more of them only where there are fewer than three.
 */
export function americanParityForward(
  quotes: ParityQuotes,
  options: { readonly years: number; readonly rate: number },
): ParityForward | null {
  let widest: ParityForward | null = null;
  for (const nearMoney of AMERICAN_NEAR_MONEY) {
    const found = parityForward(quotes, { ...options, nearMoney });
    if (found && found.strikesUsed >= ENOUGH_STRIKES) return found;
    widest = found ?? widest;
  }
  return widest;
}

/** Continuous yield (dividends less borrow fee) that carries spot to the forward: q = r - ln(F/S)/t. Per year. */
export function impliedDividendYield(
  { forward, rate }: Pick<ParityForward, 'forward' | 'rate'>,
  spot: Price,
  years: number,
): number {
  return rate - Math.log(forward / spot) / years;
}

/** Present value of the dividends until expiration that the quotes imply: S - F D, dollars per share. */
export function impliedDividends({ forward, discount }: Pick<ParityForward, 'forward' | 'discount'>, spot: Price): Price {
  return spot - forward * discount;
}

interface Row {
  readonly strike: number;
  /** Call mid less put mid. */
  readonly synthetic: number;
  readonly lowest: number;
  readonly highest: number;
  readonly weight: number;
}

/** Spread assumed at least, in dollars, so that a locked quote does not outweigh everything. */
const LEAST_SPREAD = 0.01;

function usableRows(quotes: ParityQuotes): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < quotes.strikes.length; i++) {
    const strike = quotes.strikes[i]!;
    const [callBid, callAsk, putBid, putAsk] = [quotes.callBid[i]!, quotes.callAsk[i]!, quotes.putBid[i]!, quotes.putAsk[i]!];
    if (!(callBid > 0 && putBid > 0 && callAsk >= callBid && putAsk >= putBid)) continue;
    const spread = Math.max(callAsk - callBid + putAsk - putBid, LEAST_SPREAD);
    rows.push({
      strike,
      synthetic: (callBid + callAsk - putBid - putAsk) / 2,
      lowest: callBid - putAsk,
      highest: callAsk - putBid,
      weight: 1 / (spread * spread),
    });
  }
  return rows;
}

function weightedMean(rows: readonly Row[], value: (row: Row) => number): number {
  let sum = 0;
  let weight = 0;
  for (const row of rows) {
    sum += row.weight * value(row);
    weight += row.weight;
  }
  return sum / weight;
}

/** Minus the slope of the weighted least-squares line of C - P against K. */
function discountFromLine(rows: readonly Row[]): number {
  const meanStrike = weightedMean(rows, (row) => row.strike);
  const meanSynthetic = weightedMean(rows, (row) => row.synthetic);
  let across = 0;
  let along = 0;
  for (const { weight, strike, synthetic } of rows) {
    across += weight * (strike - meanStrike) * (synthetic - meanSynthetic);
    along += weight * (strike - meanStrike) ** 2;
  }
  return -across / along;
}
