/**
 * A whole universe of chains as columns, fit for a SharedArrayBuffer: every expiry has the same number of strikes (shorter ones
 * are padded with strikes of 0), so that a column is one block and an expiry a slice of it.
 */
import { type ChainWork, type ChainWorkshop, typescriptChain } from '../../pricing/chainWork.ts';
import { quickCdf } from '../../pricing/normal.ts';
import { quoteImpliedVolatilityChain } from '../../pricing/quoteImpliedVolatility.ts';

/** Names of the per-strike columns, in the order in which they lie in memory. */
export const STRIKE_COLUMNS = [
  'strike',
  'lnStrike',
  'callBid',
  'callAsk',
  'putBid',
  'putAsk',
  'callLiquidity',
  'putLiquidity',
  'volatility',
] as const;
/** Names of the per-expiry columns. */
export const EXPIRY_COLUMNS = ['spot', 'forward', 'discount', 'years', 'forecastVolatility'] as const;

type Columns<Names extends readonly string[]> = { readonly [Name in Names[number]]: Float64Array };

/** Prices in dollars per share; liquidity 0 to 1; volatility (filled by the scan) and forecastVolatility annual fractions. */
export interface Universe {
  readonly expiries: number;
  readonly strikesEach: number;
  readonly strikes: Columns<typeof STRIKE_COLUMNS>;
  readonly terms: Columns<typeof EXPIRY_COLUMNS>;
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** Bytes a universe takes. */
export function universeBytes(expiries: number, strikesEach: number): number {
  return 8 * expiries * (STRIKE_COLUMNS.length * strikesEach + EXPIRY_COLUMNS.length);
}

/** Lays a universe's columns over a buffer of {@link universeBytes}. */
export function universeOn(buffer: ArrayBuffer | SharedArrayBuffer, expiries: number, strikesEach: number): Universe {
  const block = expiries * strikesEach;
  const after = 8 * STRIKE_COLUMNS.length * block;
  const view = (byteOffset: number, length: number) => new Float64Array(buffer as ArrayBuffer, byteOffset, length);
  const strike = (name: (typeof STRIKE_COLUMNS)[number]) => view(8 * STRIKE_COLUMNS.indexOf(name) * block, block);
  const term = (name: (typeof EXPIRY_COLUMNS)[number]) => view(after + 8 * EXPIRY_COLUMNS.indexOf(name) * expiries, expiries);
  return {
    expiries,
    strikesEach,
    buffer,
    strikes: {
      strike: strike('strike'),
      lnStrike: strike('lnStrike'),
      callBid: strike('callBid'),
      callAsk: strike('callAsk'),
      putBid: strike('putBid'),
      putAsk: strike('putAsk'),
      callLiquidity: strike('callLiquidity'),
      putLiquidity: strike('putLiquidity'),
      volatility: strike('volatility'),
    },
    terms: {
      spot: term('spot'),
      forward: term('forward'),
      discount: term('discount'),
      years: term('years'),
      forecastVolatility: term('forecastVolatility'),
    },
  };
}

/** Points of the distribution table of one expiry. */
export const DISTRIBUTION_BINS = 128;

/** One expiry made ready for the candidate loops: everything transcendental is done here, once per contract. */
export interface PreparedExpiry {
  readonly count: number;
  readonly strike: Float64Array;
  /** What selling (buying) one contract brings (costs) after slippage, dollars per share; NaN where the quote allows neither. */
  readonly putSell: Float64Array;
  readonly putBuy: Float64Array;
  readonly callSell: Float64Array;
  readonly callBuy: Float64Array;
  /** Fair values under the forecast volatility. */
  readonly putFair: Float64Array;
  readonly callFair: Float64Array;
  /** What buying one contract adds to a spread's expected value: fair value less price. */
  readonly putGift: Float64Array;
  readonly callGift: Float64Array;
  /** A long leg's part of a spread's maximum loss: strike less price (put), strike plus price (call). */
  readonly putDepth: Float64Array;
  readonly callHeight: Float64Array;
  readonly putLiquidity: Float64Array;
  readonly callLiquidity: Float64Array;
  /** P(S_T <= low + step·i) under the forecast volatility. */
  readonly distribution: Float64Array;
  readonly frame: { low: number; perStep: number; discount: number };
  /** Volatilities (and what became of each), prices and greeks as quoted. */
  readonly quoted: ChainWork;
  /** Prices and greeks under the forecast volatility. */
  readonly forecast: ChainWork;
}

/** Working memory for one expiry of n strikes, and the kernels that fill it; allocate once per thread. */
export function allocatePrepared(n: number, workshop: ChainWorkshop = typescriptChain): PreparedExpiry {
  const column = () => new Float64Array(n);
  return {
    count: n,
    strike: column(),
    putSell: column(),
    putBuy: column(),
    callSell: column(),
    callBuy: column(),
    putFair: column(),
    callFair: column(),
    putGift: column(),
    callGift: column(),
    putDepth: column(),
    callHeight: column(),
    putLiquidity: column(),
    callLiquidity: column(),
    distribution: new Float64Array(DISTRIBUTION_BINS + 1),
    frame: { low: 0, perStep: 0, discount: 1 },
    quoted: workshop(n),
    forecast: workshop(n),
  };
}

/**
 * Reads one expiry of the universe: implied volatilities (also written back to the universe), greeks at them, fair values and
 * the distribution under the forecast volatility, and prices after `slippage` (part of half the spread paid per leg).
 */
export function prepareExpiry(universe: Universe, expiry: number, slippage: number, out: PreparedExpiry): void {
  const n = universe.strikesEach;
  const from = expiry * n;
  const { strikes, terms } = universe;
  const years = terms.years[expiry]!;
  const forward = terms.forward[expiry]!;
  const expiryTerms = { spot: terms.spot[expiry]!, forward, discount: terms.discount[expiry]!, years };
  const part = (column: Float64Array): Float64Array => column.subarray(from, from + n);
  const quotes = {
    strikes: part(strikes.strike),
    callBid: part(strikes.callBid),
    callAsk: part(strikes.callAsk),
    putBid: part(strikes.putBid),
    putAsk: part(strikes.putAsk),
  };
  out.strike.set(quotes.strikes);
  tradedPrices(quotes.callBid, quotes.callAsk, slippage, out.callSell, out.callBuy, n);
  tradedPrices(quotes.putBid, quotes.putAsk, slippage, out.putSell, out.putBuy, n);
  out.callLiquidity.set(part(strikes.callLiquidity));
  out.putLiquidity.set(part(strikes.putLiquidity));
  const lnStrikes = part(strikes.lnStrike);
  const { quoted, forecast } = out;
  quoteImpliedVolatilityChain(quoted, expiryTerms, quotes, n);
  quoted.lnStrikes.set(lnStrikes);
  quoted.price(expiryTerms, n);
  strikes.volatility.set(quoted.volatilities, from);
  const expected = terms.forecastVolatility[expiry]!;
  forecast.strikes.set(quotes.strikes);
  forecast.lnStrikes.set(lnStrikes);
  forecast.volatilities.fill(expected);
  forecast.price(expiryTerms, n);
  out.putFair.set(forecast.greeks.putPrice);
  out.callFair.set(forecast.greeks.callPrice);
  for (let i = 0; i < n; i++) {
    const strike = out.strike[i]!;
    const put = out.putBuy[i]!;
    const call = out.callBuy[i]!;
    out.putGift[i] = out.putFair[i]! - put;
    out.callGift[i] = out.callFair[i]! - call;
    out.putDepth[i] = strike - put;
    out.callHeight[i] = strike + call;
  }
  fillDistribution(out, forward, expected * Math.sqrt(years), expiryTerms.discount);
}

/** Prices after slippage: nothing is sold without a bid, nothing is done on a crossed quote (NaN falls at every comparison). */
function tradedPrices(
  bid: Float64Array,
  ask: Float64Array,
  slippage: number,
  sell: Float64Array,
  buy: Float64Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const half = 0.5 * (ask[i]! - bid[i]!);
    const mid = bid[i]! + half;
    const sound = half >= 0;
    sell[i] = sound && bid[i]! > 0 ? mid - slippage * half : Number.NaN;
    buy[i] = sound ? mid + slippage * half : Number.NaN;
  }
}

/** Lognormal distribution function on an even grid over the strikes' range. */
function fillDistribution(out: PreparedExpiry, forward: number, deviation: number, discount: number): void {
  const low = out.strike[0]!;
  const step = (out.strike[out.count - 1]! - low) / DISTRIBUTION_BINS;
  const lnForward = Math.log(forward);
  for (let i = 0; i <= DISTRIBUTION_BINS; i++) {
    out.distribution[i] = quickCdf((Math.log(low + i * step) - lnForward) / deviation + 0.5 * deviation);
  }
  out.frame.low = low;
  out.frame.perStep = 1 / step;
  out.frame.discount = discount;
}
