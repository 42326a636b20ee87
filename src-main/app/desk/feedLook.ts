import { civilDate } from '#domain/market/calendar';
import type { ChainSnapshot, Quote } from '#domain/market/chain';
import { sectorOf } from '#domain/market/sectors';
import type { Instant } from '#domain/units';
import type { MarketLook } from '#host/hostParts';
import type { MarketData, UnderlyingHistory } from '#ports/marketData';

/** Fresh quotes are waited for this long before what is known is shown. */
const REFRESH_MS = 3_000;

/** A look at a market that is only known by what its feed answered: chains, quotes and history are kept as they come. */
export function feedLook(feed: MarketData, universe: readonly string[], now: () => Instant): MarketLook {
  const chains = new Map<string, ChainSnapshot>();
  const quotes = new Map<string, Quote>();
  const histories = new Map<string, UnderlyingHistory>();
  feed.onChains(({ chains: answered }) => {
    for (const chain of answered) {
      chains.set(chain.underlying, chain);
      quotes.set(chain.underlying, chain.spot);
    }
  });
  feed.onQuotes((answered) => {
    for (const { symbol, quote } of answered) quotes.set(symbol, quote);
  });
  feed.onHistory(({ histories: answered }) => {
    for (const history of answered) histories.set(history.underlying, history);
  });
  const barsOf = (underlying: string): UnderlyingHistory['bars'] => histories.get(underlying)?.bars ?? [];
  return {
    underlyings: universe.map((symbol) => ({ symbol, name: symbol, sector: sectorOf(symbol) })),
    quoteOf: (symbol) => quotes.get(symbol) ?? null,
    previousClose: (underlying) =>
      barsOf(underlying)
        .filter(({ date }) => date < civilDate(now()))
        .at(-1)?.close ?? null,
    expirations: (underlying) => [...new Set((chains.get(underlying)?.slices ?? []).map(({ expiration }) => expiration))].sort(),
    slice: (underlying, expiration) => chains.get(underlying)?.slices.find((slice) => slice.expiration === expiration) ?? null,
    bars: barsOf,
    refresh(symbols) {
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          stop();
          resolve();
        };
        const timer = setTimeout(done, REFRESH_MS);
        const stop = feed.onQuotes((answered) => {
          if (answered.some(({ symbol }) => symbols.includes(symbol))) done();
        });
        feed.requestQuotes(symbols);
      });
    },
  };
}
