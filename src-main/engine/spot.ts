import { midOf, type Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import type { SymbolQuote } from '#ports/marketData';
import type { ScannerSettings } from '#ports/settings/settings';
import { isSane } from './risk/combinationQuote.ts';
import type { Present, Turn } from './turn.ts';

/**
 * A stock's quote whose middle is its price. One venue's own book may be one-sided, or hundreds of dollars wide, in the middle of a
 * session: half of 0 x 100.10 is no spot.
 */
export function isSpot(quote: Quote, { maxSpotSpreadFraction }: Pick<ScannerSettings, 'maxSpotSpreadFraction'>): boolean {
  return isWithin(quote, maxSpotSpreadFraction);
}

function isWithin(quote: Quote, widest: number): boolean {
  return isSane(quote) && quote.bid > 0 && quote.ask - quote.bid <= widest * midOf(quote);
}

/** What came with an answer, as far as it can be believed. */
export interface TakenQuotes {
  /** Options, and stocks whose middle is a price. */
  readonly priced: ReadonlySet<string>;
  /** Stocks that can be sold at what was shown, whether its middle is a price or not. */
  readonly shares: ReadonlySet<string>;
}

/**
 * The newest quotes, as far as they can be believed; what stands for a stock otherwise is its last good one, which ages as any other.
 * Answers with what was taken: an answer of which nothing was is no sign of life of the feed.
 */
export function takeQuotes(turn: Turn, quotes: readonly SymbolQuote[]): TakenQuotes {
  const { present, now } = turn;
  const priced = new Set<string>();
  const shares = new Set<string>();
  for (const { symbol, quote } of quotes) {
    if (parseOccSymbol(symbol) === null) {
      const stock = takeStock(turn, symbol, quote);
      if (stock.isShares) shares.add(symbol);
      if (!stock.isSpot) continue;
    } else present.quotes.set(symbol, quote);
    priced.add(symbol);
  }
  if (priced.size > 0) present.dataAt = now;
  return { priced, shares };
}

/** Keeps a stock's quote for what it is good for: as its price, and as what its shares are sold at. */
export function takeStock(
  { present, settings: { scanner, execution } }: Turn,
  symbol: string,
  quote: Quote,
): { readonly isSpot: boolean; readonly isShares: boolean } {
  const asSpot = isSpot(quote, scanner);
  const asShares = asSpot || isWithin(quote, execution.maxShareSpreadFraction);
  if (asSpot) present.quotes.set(symbol, quote);
  if (asShares) present.shareQuotes.set(symbol, quote);
  return { isSpot: asSpot, isShares: asShares };
}

/** What a leg can be left at: of a stock also a quote too wide for a price, since what is held must go at what is shown. */
export function leavingQuoteOf({ quotes, shareQuotes }: Present, symbol: string): Quote | null {
  return shareQuotes.get(symbol) ?? quotes.get(symbol) ?? null;
}
