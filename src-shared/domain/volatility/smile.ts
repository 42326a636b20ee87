import type { Right } from '../market/instrument.ts';
import { impliedVolatility } from '../pricing/impliedVolatility.ts';
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
  const volatility = (right: Right, strike: number, price: number): number => {
    const implied = impliedVolatility({ right, forward, strike, years, discount, price });
    return implied.kind === 'volatility' ? implied.volatility : 0;
  };
  for (let i = 0; i < quotes.strikes.length; i++) {
    const strike = quotes.strikes[i]!;
    const isCall = strike >= forward;
    const bid = (isCall ? quotes.callBid : quotes.putBid)[i]!;
    const ask = (isCall ? quotes.callAsk : quotes.putAsk)[i]!;
    if (!(bid > 0 && ask >= bid && ask - bid <= (widestSpread * (ask + bid)) / 2)) continue;
    const right = isCall ? 'call' : 'put';
    const mid = volatility(right, strike, (bid + ask) / 2);
    if (mid > 0) rows.push({ strike, bid: volatility(right, strike, bid), mid, ask: volatility(right, strike, ask), isCall });
  }
  const nearest = rows.reduce(
    (best, row) => (Math.abs(row.strike - forward) < Math.abs(best - forward) ? row.strike : best),
    Number.POSITIVE_INFINITY,
  );
  const atTheMoney = rows.find((row) => row.strike === nearest)?.mid ?? 0;
  const kept = rows.filter((row) => Math.abs(Math.log(row.strike / forward)) <= furthest * atTheMoney * Math.sqrt(years));
  return {
    key,
    years,
    forward,
    discount,
    strikes: Float64Array.from(kept, (row) => row.strike),
    logMoneyness: Float64Array.from(kept, (row) => Math.log(row.strike / forward)),
    bidVolatility: Float64Array.from(kept, (row) => row.bid),
    midVolatility: Float64Array.from(kept, (row) => row.mid),
    askVolatility: Float64Array.from(kept, (row) => (row.ask > 0 ? row.ask : row.mid)),
    isCall: Uint8Array.from(kept, (row) => (row.isCall ? 1 : 0)),
  };
}
