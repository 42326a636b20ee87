/**
 * Implied volatilities of quotes rather than prices: a quote that has none is reported by kind, one at a time or a chain at once.
 */
import type { Price } from '../units.ts';
import { CHAIN_IV_STATUS, type ChainIvTerms } from './chainImpliedVolatility.ts';
import type { ChainWork } from './chainWork.ts';
import { type ImpliedVolatility, type ImpliedVolatilityInput, impliedVolatility } from './impliedVolatility.ts';

/** Why a quote implies no volatility: the price's own reasons, and the quote's. */
export type NoVolatility = Exclude<ImpliedVolatility['kind'], 'volatility'> | 'missing' | 'crossed' | 'zeroBid';

/** What a two-sided quote implies, annual fractions. A bid below intrinsic value (or an ask above any) has no volatility: null. */
export type QuoteVolatility =
  | { readonly kind: 'volatility'; readonly bid: number | null; readonly mid: number; readonly ask: number | null }
  | { readonly kind: NoVolatility };

/** Volatilities of bid, mid and ask; the mid's decides whether there is one. Never NaN. */
export function quoteImpliedVolatility(
  terms: Omit<ImpliedVolatilityInput, 'price'>,
  bid: Price | null,
  ask: Price | null,
): QuoteVolatility {
  const defect = defectOf(bid ?? Number.NaN, ask ?? Number.NaN);
  if (defect) return { kind: defect };
  const at = (price: Price): ImpliedVolatility => impliedVolatility({ ...terms, price });
  const mid = at((bid! + ask!) / 2);
  if (mid.kind !== 'volatility') return mid;
  const known = (side: ImpliedVolatility): number | null => (side.kind === 'volatility' ? side.volatility : null);
  return { kind: 'volatility', bid: known(at(bid!)), mid: mid.volatility, ask: known(at(ask!)) };
}

/** What is wrong with a quote as such; null for a sound one. */
function defectOf(bid: number, ask: number): 'missing' | 'crossed' | 'zeroBid' | null {
  if (!(Number.isFinite(bid) && Number.isFinite(ask)) || bid < 0) return 'missing';
  if (bid > ask) return 'crossed';
  return bid > 0 ? null : 'zeroBid';
}

/** What became of one strike of a chain of quotes; index into the status column. */
export const QUOTE_IV_STATUS = [...CHAIN_IV_STATUS, 'missing', 'crossed', 'zeroBid'] as const;

const NOT_A_NUMBER = QUOTE_IV_STATUS.indexOf('notANumber');
const BELOW_INTRINSIC = QUOTE_IV_STATUS.indexOf('belowIntrinsic');
const STATUS_OF = {
  missing: QUOTE_IV_STATUS.indexOf('missing'),
  crossed: QUOTE_IV_STATUS.indexOf('crossed'),
  zeroBid: QUOTE_IV_STATUS.indexOf('zeroBid'),
} as const;

/** Two-sided quotes of one expiry, index-aligned columns, dollars per share; NaN where there is none. */
export interface QuoteColumns {
  readonly strikes: Float64Array;
  readonly callBid: Float64Array;
  readonly callAsk: Float64Array;
  readonly putBid: Float64Array;
  readonly putAsk: Float64Array;
}

/**
 * Volatilities and status of an expiry from its quotes, in the columns of `work` (whose strikes and mids it fills): only sound
 * quotes count (finite, not crossed, with a bid); a strike whose out-of-the-money side is not sound is solved from its other side
 * through parity, and where that is not sound either the status names what is wrong with the out-of-the-money side. Returns how
 * many strikes got a volatility; nothing is allocated in the loop.
 */
export function quoteImpliedVolatilityChain(
  work: ChainWork,
  terms: ChainIvTerms,
  quotes: QuoteColumns,
  count: number = quotes.strikes.length,
): number {
  const { strikes, callBid, callAsk, putBid, putAsk } = quotes;
  const { callMids, putMids, status } = work;
  work.strikes.set(strikes);
  for (let i = 0; i < count; i++) {
    callMids[i] = soundMid(callBid[i]!, callAsk[i]!);
    putMids[i] = soundMid(putBid[i]!, putAsk[i]!);
  }
  const found = work.imply(terms, count);
  if (found === count) return found;
  for (let i = 0; i < count; i++) {
    if (status[i] !== NOT_A_NUMBER && status[i] !== BELOW_INTRINSIC) continue;
    const isPut = terms.forward > strikes[i]!;
    const defect = isPut ? defectOf(putBid[i]!, putAsk[i]!) : defectOf(callBid[i]!, callAsk[i]!);
    if (defect) status[i] = STATUS_OF[defect];
  }
  return found;
}

/** Mid of a sound quote, NaN of any other. */
function soundMid(bid: number, ask: number): number {
  return bid > 0 && ask >= bid && ask < Number.POSITIVE_INFINITY ? 0.5 * (bid + ask) : Number.NaN;
}
