import { midOf, type Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import type { SymbolQuote } from '#ports/marketData';
import type { ScannerSettings } from '#ports/settings/settings';
import { isSane } from './risk/combinationQuote.ts';
import type { Turn } from './turn.ts';

/**
 * A stock's quote whose middle is its price. One venue's own book may be one-sided, or hundreds of dollars wide, in the middle of a
 * session: half of 0 x 100.10 is no spot.
 */
export function isSpot(quote: Quote, { maxSpotSpreadFraction }: Pick<ScannerSettings, 'maxSpotSpreadFraction'>): boolean {
  return isSane(quote) && quote.bid > 0 && quote.ask - quote.bid <= maxSpotSpreadFraction * midOf(quote);
}

/**
 * The newest quotes, as far as they can be believed; what stands for a stock otherwise is its last good one, which ages as any other.
 * Answers with what was taken: an answer of which nothing was is no sign of life of the feed.
 */
export function takeQuotes({ present, settings, now }: Turn, quotes: readonly SymbolQuote[]): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const { symbol, quote } of quotes) {
    if (parseOccSymbol(symbol) === null && !isSpot(quote, settings.scanner)) continue;
    present.quotes.set(symbol, quote);
    taken.add(symbol);
  }
  if (taken.size > 0) present.dataAt = now;
  return taken;
}
