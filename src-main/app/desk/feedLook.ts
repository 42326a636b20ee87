import { addDays, civilDate, daysToExpiration } from '#domain/market/calendar';
import type { ChainSnapshot, ExpirationSlice, Quote } from '#domain/market/chain';
import { isAdjusted } from '#domain/market/instrument';
import { sectorOf } from '#domain/market/sectors';
import type { Instant, IsoDate } from '#domain/units';
import type { MarketLook } from '#host/hostParts';
import type { MarketData, UnderlyingHistory } from '#ports/marketData';

/** Fresh quotes are waited for this long before what is known is shown. */
const REFRESH_MS = 3_000;

/** A chain that a window shows is asked for again when it is older than this. */
const CHAIN_MS = 10_000;
/** After a failure, a list of expirations is asked for again no sooner than this. */
const LIST_RETRY_MS = 60_000;
/** Furthest expiration that is listed, in days. */
const FURTHEST_DAYS = 800;
/** Strikes that a window shows, as a share of the spot price. */
const STRIKES_WITHIN = 0.5;

export interface FeedLookParts {
  /** The engine's feed: what it answers is shown too. */
  readonly feed: MarketData;
  /** A feed that answers windows alone, so that the engine never decides on a chain that it did not ask for. */
  readonly viewer: MarketData;
  readonly universe: readonly string[];
  now(): Instant;
  /** Every expiration that is listed between two dates. */
  listed(underlying: string, from: IsoDate, to: IsoDate): Promise<readonly IsoDate[]>;
  onError(where: string, error: unknown): void;
}

/** A look at a market that is only known by what its feed answered: chains, quotes and history are kept as they come. */
export function feedLook({ feed, viewer, universe, now, listed, onError }: FeedLookParts): MarketLook {
  const viewed = new Map<string, { readonly askedAt: Instant; readonly slice: ExpirationSlice | null }>();
  const lists = new Map<
    string,
    { readonly day: IsoDate; readonly askedAt: Instant; readonly dates: readonly IsoDate[] | null }
  >();
  let views = 0;
  let listing: Promise<void> = Promise.resolve();
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
  viewer.onChains(({ requestId, chains: answered }) => {
    const key = requestId.slice(requestId.indexOf(':') + 1);
    const before = viewed.get(key);
    const [chain] = answered;
    if (!before || !chain) return;
    quotes.set(chain.underlying, chain.spot);
    const expiration = key.split(' ')[1];
    viewed.set(key, { askedAt: before.askedAt, slice: standardAt(chain, expiration) });
  });

  /** What is known of the day's list; asks for it when it is not. */
  function listOf(underlying: string): readonly IsoDate[] | null {
    const day = civilDate(now());
    const known = lists.get(underlying);
    if (known && known.day === day && (known.dates !== null || now() - known.askedAt < LIST_RETRY_MS)) return known.dates;
    const askedAt = now();
    lists.set(underlying, { day, askedAt, dates: known?.dates ?? null });
    // One list at a time: a big universe must not take the scanner's share of the request budget at the start.
    const list = listing.then(() => listed(underlying, day, addDays(day, FURTHEST_DAYS)));
    listing = list.then(
      (dates) => void lists.set(underlying, { day, askedAt, dates: [...new Set(dates)].sort() }),
      (error: unknown) => onError(`list of ${underlying}'s expirations`, error),
    );
    return known?.dates ?? null;
  }

  const scanned = (underlying: string, expiration: IsoDate): ExpirationSlice | null =>
    standardAt(chains.get(underlying), expiration);

  /** The whole expiration, asked for again while a window looks at it; until it is here, what the scanner saw of it. */
  function sliceOf(underlying: string, expiration: IsoDate): ExpirationSlice | null {
    const key = `${underlying} ${expiration}`;
    const known = viewed.get(key);
    if (!known || now() - known.askedAt >= CHAIN_MS) {
      viewed.set(key, { slice: known?.slice ?? null, askedAt: now() });
      const days = daysToExpiration(civilDate(now()), expiration);
      views += 1;
      viewer.requestChains({
        requestId: `view-${views}:${key}`,
        underlyings: [underlying],
        window: { minDaysToExpiration: days, maxDaysToExpiration: days, strikesWithin: STRIKES_WITHIN },
      });
    }
    return known?.slice ?? scanned(underlying, expiration);
  }

  const barsOf = (underlying: string): UnderlyingHistory['bars'] => histories.get(underlying)?.bars ?? [];
  return {
    underlyings: universe.map((symbol) => ({ symbol, name: symbol, sector: sectorOf(symbol) })),
    quoteOf: (symbol) => quotes.get(symbol) ?? null,
    previousClose: (underlying) =>
      barsOf(underlying)
        .filter(({ date }) => date < civilDate(now()))
        .at(-1)?.close ?? null,
    expirations: (underlying) =>
      listOf(underlying) ?? [...new Set((chains.get(underlying)?.slices ?? []).map(({ expiration }) => expiration))].sort(),
    slice: sliceOf,
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

/** An expiration of the underlying itself: an adjusted series of the same day has the same strikes and is something else. */
function standardAt(chain: ChainSnapshot | undefined, expiration: string | undefined): ExpirationSlice | null {
  return chain?.slices.find((slice) => slice.expiration === expiration && !isAdjusted(slice)) ?? null;
}
