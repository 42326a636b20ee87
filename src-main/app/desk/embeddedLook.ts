import { civilDate, daysToExpiration } from '#domain/market/calendar';
import type { ExpirationSlice } from '#domain/market/chain';
import { isoDate } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import type { MarketLook } from '#host/hostParts';
import type { Deliverable } from '#ports/deliverable';
import type { MarketData } from '#ports/marketData';

/** Days of bars in a chart. */
const BARS = 252;
/** Every strike that is listed. */
const ALL_STRIKES = 10;

/** The embedded exchange's market, for the window. Lists and closes are kept for the day, chains for the moment. */
export function embeddedLook(exchange: Exchange, feed: MarketData & Deliverable): MarketLook {
  const { market } = exchange;
  const listed = keptFor(
    () => civilDate(exchange.now()),
    (underlying: string) =>
      [...new Set(market.contracts({ underlyings: [underlying] }).map(({ expiration }) => expiration))].sort(),
  );
  const closes = keptFor(
    () => civilDate(exchange.now()),
    (underlying: string) =>
      market
        .historyOf(underlying, 2)
        ?.bars.filter(({ date }) => date < civilDate(exchange.now()))
        .at(-1)?.close ?? null,
  );
  const slices = keptFor(
    () => String(exchange.now()),
    (key: string): ExpirationSlice | null => {
      const [underlying = '', expiration = ''] = key.split(' ');
      const days = daysToExpiration(exchange.now(), isoDate(expiration));
      const window = { minDaysToExpiration: days, maxDaysToExpiration: days, strikesWithin: ALL_STRIKES };
      const chain = market.chainSnapshot(underlying, window);
      return chain?.slices.find((slice) => slice.expiration === expiration) ?? null;
    },
  );
  return {
    underlyings: market.underlyings,
    quoteOf: (symbol) => market.quoteOf(symbol),
    previousClose: closes,
    expirations: listed,
    slice: (underlying, expiration) => slices(`${underlying} ${expiration}`),
    bars: (underlying) => market.historyOf(underlying, BARS)?.bars ?? [],
    refresh(symbols) {
      feed.requestQuotes(symbols);
      for (const hand of feed.take()) hand();
      return Promise.resolve();
    },
  };
}

/** Remembers answers for as long as `period` says the same. */
function keptFor<Answer>(period: () => string, read: (key: string) => Answer): (key: string) => Answer {
  const kept = new Map<string, Answer>();
  let current = '';
  return (key) => {
    const now = period();
    if (now !== current) {
      kept.clear();
      current = now;
    }
    const known = kept.get(key);
    if (known !== undefined) return known;
    const answer = read(key);
    kept.set(key, answer);
    return answer;
  };
}
