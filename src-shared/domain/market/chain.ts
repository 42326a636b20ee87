import type { Instant, IsoDate, Price } from '../units.ts';
import type { ExerciseStyle, OptionContract, Right, Settlement } from './instrument.ts';

/** A two-sided price. Only a national best may be called NBBO; a delayed or single-venue price is a quote. */
export interface Quote {
  readonly bid: Price;
  readonly ask: Price;
  readonly bidSize: number;
  readonly askSize: number;
  /** When the source made it, not when it reached us. */
  readonly at: Instant;
}

/** What a parser found wrong with a quote. 'none' = usable on both sides; 'zeroBid' can be bought but not sold. */
export const QUOTE_DEFECTS = ['none', 'missing', 'notANumber', 'crossed', 'zeroBid', 'zeroAsk'] as const;
export type QuoteDefect = (typeof QUOTE_DEFECTS)[number];

/** Classifies a raw pair once, at the adapter's door. */
export function classifyQuote(bid: number, ask: number): QuoteDefect {
  if (Number.isNaN(bid) || Number.isNaN(ask)) return 'notANumber';
  if (!Number.isFinite(bid) || !Number.isFinite(ask) || bid < 0 || ask < 0) return 'notANumber';
  if (ask === 0) return bid === 0 ? 'missing' : 'zeroAsk';
  if (bid > ask) return 'crossed';
  return bid === 0 ? 'zeroBid' : 'none';
}

/**
 * One right (calls or puts) of one expiration, struct-of-arrays, index-aligned with `ExpirationSlice.strikes`.
 * NaN = the source did not give it. A strike that is not listed on this side has symbol ''.
 * Prices in dollars per share; volatility as a fraction; greeks per share as the vendor gave them.
 */
export interface SideColumns {
  readonly symbols: readonly string[];
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
  /** Instant of each quote (epoch ms). */
  readonly quoteAt: Float64Array;
  readonly volume: Float64Array;
  readonly openInterest: Float64Array;
  /** Index into QUOTE_DEFECTS. */
  readonly defect: Uint8Array;
  readonly vendorIv: Float64Array;
  readonly vendorDelta: Float64Array;
}

/** All contracts of one underlying that expire on one day (one root, one multiplier). Strikes ascend. */
export interface ExpirationSlice {
  readonly underlying: string;
  readonly root: string;
  readonly expiration: IsoDate;
  /** Last instant at which the contract trades. */
  readonly expiresAt: Instant;
  readonly style: ExerciseStyle;
  readonly settlement: Settlement;
  readonly multiplier: number;
  readonly pennyProgram: boolean;
  readonly strikes: Float64Array;
  readonly calls: SideColumns;
  readonly puts: SideColumns;
}

/** One coherent look at an underlying's chain: every leg of a candidate comes from the same snapshot. */
export interface ChainSnapshot {
  readonly underlying: string;
  /** When the snapshot was assembled; all slices belong to it. */
  readonly at: Instant;
  /** Per-process counter, so that a decision can name the snapshot it was made on. */
  readonly snapshotId: number;
  readonly spot: Quote;
  readonly slices: readonly ExpirationSlice[];
}

/** The columns of one right. */
export function sideOf(slice: ExpirationSlice, right: Right): SideColumns {
  return right === 'call' ? slice.calls : slice.puts;
}

/** (bid + ask) / 2. */
export function midOf(quote: { readonly bid: Price; readonly ask: Price }): Price {
  return (quote.bid + quote.ask) / 2;
}

/** The contract at a strike's index; null when it is not listed on that side. */
export function contractAt(slice: ExpirationSlice, right: Right, index: number): OptionContract | null {
  const symbol = sideOf(slice, right).symbols[index];
  const strike = slice.strikes[index];
  if (!symbol || strike === undefined) return null;
  const { underlying, root, expiration, style, settlement, multiplier, pennyProgram } = slice;
  return { symbol, underlying, root, right, strike, expiration, style, settlement, multiplier, pennyProgram };
}

/** The quote at a strike's index (NaN prices when the source gave none: look at the defect first). */
export function quoteAt(side: SideColumns, index: number): Quote {
  return {
    bid: side.bid[index] ?? Number.NaN,
    ask: side.ask[index] ?? Number.NaN,
    bidSize: side.bidSize[index] ?? 0,
    askSize: side.askSize[index] ?? 0,
    at: (side.quoteAt[index] ?? 0) as Instant,
  };
}
