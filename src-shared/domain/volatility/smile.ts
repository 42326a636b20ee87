import type { Right } from '../market/instrument.ts';
import { type NoVolatility, quoteImpliedVolatility } from '../pricing/quoteImpliedVolatility.ts';
import type { ParityForward, ParityQuotes } from './parityForward.ts';

/** One expiration's quotes as volatilities, out-of-the-money side at each strike, struct-of-arrays by ascending strike. */
export interface Smile {
  /** Which expiration this is, 'SPXW 2026-12-18' say: the slice of a surface that a later smile replaces. */
  readonly key: string;
  readonly years: number;
  readonly forward: number;
  readonly discount: number;
  readonly strikes: Float64Array;
  /** ln(strike / forward). */
  readonly logMoneyness: Float64Array;
  readonly bidVolatility: Float64Array;
  readonly midVolatility: Float64Array;
  readonly askVolatility: Float64Array;
  /** 1 = call, 0 = put: the side whose quote was used. */
  readonly isCall: Uint8Array;
  /** Out-of-the-money quotes that were not used, ascending by strike, each with its reason. */
  readonly leftOut: readonly LeftOut[];
}

/** A quote that a smile does without: it implies no volatility, is wider than the filter allows, or too far away. */
export interface LeftOut {
  readonly strike: number;
  readonly right: Right;
  readonly reason: NoVolatility | 'tooWide' | 'tooFar';
}

/** Which quotes are worth fitting. */
export interface SmileFilter {
  /** Widest (ask - bid) / mid in price. Default 1 (a 0.05 by 0.15 quote), range 0.05 to 2. */
  readonly widestSpread?: number;
  /** Furthest |ln(K/F)| / (at-the-money volatility x sqrt(t)). Default 4: beyond it quotes are a few ticks of insurance, not opinion. Range 1 to 100. */
  readonly furthest?: number;
  /** The smile's key. Default: its years, to six digits. */
  readonly key?: string;
}

/**
 * Smile of one expiration from its quotes and parity forward: puts below the forward, calls from it up. Left out are strikes
 * without a live bid, with a mid outside the price bounds of any volatility, or too wide. Empty when nothing is usable.
 */
export function smileOf(
  quotes: ParityQuotes,
  { forward, discount }: Pick<ParityForward, 'forward' | 'discount'>,
  years: number,
  filter: SmileFilter = {},
): Smile {
  const { widestSpread = 1, furthest = 4, key = years.toFixed(6) } = filter;
  const rows: { strike: number; bid: number; mid: number; ask: number; isCall: boolean }[] = [];
  const leftOut: LeftOut[] = [];
  for (let i = 0; i < quotes.strikes.length; i++) {
    const strike = quotes.strikes[i]!;
    const isCall = strike >= forward;
    const right = isCall ? 'call' : 'put';
    const bid = (isCall ? quotes.callBid : quotes.putBid)[i]!;
    const ask = (isCall ? quotes.callAsk : quotes.putAsk)[i]!;
    const implied = quoteImpliedVolatility({ right, forward, strike, years, discount }, bid, ask);
    if (implied.kind !== 'volatility') leftOut.push({ strike, right, reason: implied.kind });
    else if (ask - bid > (widestSpread * (ask + bid)) / 2) leftOut.push({ strike, right, reason: 'tooWide' });
    else rows.push({ strike, bid: implied.bid ?? 0, mid: implied.mid, ask: implied.ask ?? implied.mid, isCall });
  }
  const nearest = rows.reduce(
    (best, row) => (Math.abs(row.strike - forward) < Math.abs(best - forward) ? row.strike : best),
    Number.POSITIVE_INFINITY,
  );
  const atTheMoney = rows.find((row) => row.strike === nearest)?.mid ?? 0;
  const isNear = (row: { strike: number }) =>
    Math.abs(Math.log(row.strike / forward)) <= furthest * atTheMoney * Math.sqrt(years);
  const kept = rows.filter(isNear);
  for (const row of rows)
    if (!isNear(row)) leftOut.push({ strike: row.strike, right: row.isCall ? 'call' : 'put', reason: 'tooFar' });
  return {
    key,
    years,
    forward,
    discount,
    strikes: Float64Array.from(kept, (row) => row.strike),
    logMoneyness: Float64Array.from(kept, (row) => Math.log(row.strike / forward)),
    bidVolatility: Float64Array.from(kept, (row) => row.bid),
    midVolatility: Float64Array.from(kept, (row) => row.mid),
    askVolatility: Float64Array.from(kept, (row) => row.ask),
    isCall: Uint8Array.from(kept, (row) => (row.isCall ? 1 : 0)),
    leftOut: leftOut.sort((a, b) => a.strike - b.strike),
  };
}
