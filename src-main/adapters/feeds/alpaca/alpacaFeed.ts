import { addDays, civilDate } from '#domain/market/calendar';
import { type ChainSnapshot, classifyQuote, type Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Instant, IsoDate } from '#domain/units';
import type { ConnectionChange, Fault } from '#ports/broker';
import type { Clock } from '#ports/clock';
import type { Deliverable } from '#ports/deliverable';
import type {
  ChainAnswer,
  ChainRequest,
  EarningsDate,
  HistoryAnswer,
  MarketData,
  SymbolQuote,
  TradingHalt,
  UnderlyingHistory,
} from '#ports/marketData';
import { createHealth } from '../../alpacaStreams/health.ts';
import type { QuoteOrder, StreamOrder } from '../../alpacaStreams/messages.ts';
import { openStreamThread, type StreamThread } from '../../alpacaStreams/streamThread.ts';
import { faultOf } from '../../brokers/alpaca/fault.ts';
import { objectOf, textOf } from '../../brokers/alpaca/fields.ts';
import { type Gateway, GatewayError } from '../../brokers/alpaca/gateway.ts';
import { createMailbox } from '../../brokers/alpaca/mailbox.ts';
import { quoteOf, type SnapshotItem, sliceOf } from './chainDecode.ts';
import { fetchContracts, type ListedExpiration } from './contracts.ts';
import { fetchHistory } from './history.ts';
import { pages } from './pages.ts';

export interface AlpacaFeedParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly immediate: boolean;
  /** 'indicative' quotes are delayed or altered and are shown as such; 'opra' needs a subscription. */
  readonly optionFeed: 'indicative' | 'opra';
  readonly stockFeed: 'iex' | 'sip';
  readonly quality: 'nbbo' | 'indicative' | 'simulated';
  /** Quotes of held contracts over streams on a thread of their own; null = asked for by REST only. */
  readonly stream: (Omit<StreamOrder, 'stream'> & Pick<QuoteOrder, 'maxStocks' | 'silenceMs' | 'hours'>) | null;
  readonly maxWatchedOptions: number;
  /** Scheduled earnings: Alpaca has none, they come from the owner's file or the embedded exchange. */
  earnings(): Promise<readonly EarningsDate[]>;
}

const SNAPSHOT_PAGE = 1000;
const QUOTES_PER_REQUEST = 100;

/** Alpaca as market data: chains and history by REST, quotes of what is held by REST and stream. */
export function createAlpacaFeed(parts: AlpacaFeedParts): MarketData & Deliverable {
  const { gateway, clock, stockFeed } = parts;
  const mailbox = createMailbox(parts.immediate);
  const chainListeners = new Set<(answer: ChainAnswer) => void>();
  const historyListeners = new Set<(answer: HistoryAnswer) => void>();
  const quoteListeners = new Set<(quotes: readonly SymbolQuote[], at: Instant) => void>();
  const haltListeners = new Set<(halts: readonly TradingHalt[]) => void>();
  const connectionListeners = new Set<(change: ConnectionChange) => void>();
  const contracts = new Map<
    string,
    { readonly day: IsoDate; readonly from: IsoDate; readonly to: IsoDate; readonly listed: Promise<readonly ListedExpiration[]> }
  >();
  let snapshots = 0;
  let requests = 0;
  let stream: StreamThread | null = null;

  const health = createHealth(parts.stream ? ['requests', 'streams'] : ['requests'], (state, detail) => {
    const change: ConnectionChange = gateway.withoutKey({ channel: 'data', state, detail, at: clock.now() });
    mailbox.put(change.at, 9, () => {
      for (const listener of connectionListeners) listener(change);
    });
  });
  const say = (state: ConnectionChange['state'], detail: string): void => health.set('requests', state, detail);

  /** What is missing and why, without the key; chains and histories hold figures alone and are left as they are. */
  const toldMissing = <Missing extends object>(missing: Missing[]): Missing[] => missing.map(gateway.withoutKey);

  /** A rank per request keeps answers in the order in which they were asked for. */
  function answer<Message>(rank: number, listeners: ReadonlySet<(message: Message) => void>, message: Message): void {
    mailbox.put(clock.now(), 100 + rank, () => {
      for (const listener of listeners) listener(message);
    });
  }

  function listedOf(underlying: string, from: IsoDate, to: IsoDate): Promise<readonly ListedExpiration[]> {
    const day = civilDate(clock.now());
    const known = contracts.get(underlying);
    if (known && known.day === day && known.from <= from && known.to >= to) return known.listed;
    const listed = fetchContracts(gateway, underlying, from, to);
    contracts.set(underlying, { day, from, to, listed });
    listed.catch(() => contracts.delete(underlying));
    return listed;
  }

  async function chainOf(underlying: string, spot: Quote, { window }: ChainRequest, snapshotId: number): Promise<ChainSnapshot> {
    const now = clock.now();
    const today = civilDate(now);
    const from = addDays(today, window.minDaysToExpiration);
    const to = addDays(today, window.maxDaysToExpiration);
    const middle = (spot.bid + spot.ask) / 2;
    const lowest = middle * (1 - window.strikesWithin);
    const highest = middle * (1 + window.strikesWithin);
    const [listed, items] = await Promise.all([listedOf(underlying, from, to), itemsOf(underlying, from, to, lowest, highest)]);
    const slices = listed.flatMap((expiration) => {
      if (expiration.expiration < from || expiration.expiration > to || expiration.expiresAt <= now) return [];
      const slice = sliceOf(underlying, expiration, lowest, highest, items);
      return slice ? [slice] : [];
    });
    return { underlying, at: now, snapshotId, spot, slices };
  }

  async function itemsOf(
    underlying: string,
    from: IsoDate,
    to: IsoDate,
    lowest: number,
    highest: number,
  ): Promise<ReadonlyMap<string, SnapshotItem>> {
    const items = new Map<string, SnapshotItem>();
    const nextPage = pages('option chain');
    let pageToken: string | null = null;
    do {
      const token: string | null = pageToken;
      const body = objectOf(
        await gateway.data('market', (api) =>
          api.marketData.options.optionChainRaw({
            underlyingSymbol: underlying,
            feed: parts.optionFeed,
            limit: SNAPSHOT_PAGE,
            strikePriceGte: lowest,
            strikePriceLte: highest,
            expirationDateGte: new Date(from),
            expirationDateLte: new Date(to),
            ...(token === null ? {} : { pageToken: token }),
          }),
        ),
        'option chain',
      );
      for (const [symbol, item] of Object.entries(objectOf(body['snapshots'] ?? {}, 'snapshots')))
        items.set(symbol, itemOf(item));
      pageToken = nextPage(textOf(body, 'next_page_token'));
    } while (pageToken !== null);
    return items;
  }

  async function spotsOf(lane: 'exit' | 'market', underlyings: readonly string[]): Promise<ReadonlyMap<string, Quote>> {
    const body = objectOf(
      await gateway.data(lane, (api) =>
        api.marketData.stocks.stockLatestQuotesRaw({ symbols: underlyings.join(','), feed: stockFeed }),
      ),
      'stock quotes',
    );
    return new Map([...quotesIn(body)].filter(([, quote]) => isTwoSided(quote)));
  }

  async function requestChains(request: ChainRequest, rank: number): Promise<void> {
    const chains: ChainSnapshot[] = [];
    const missing: { underlying: string; fault: Fault }[] = [];
    try {
      const spots = await spotsOf('market', request.underlyings);
      const wanted = request.underlyings.map(async (underlying) => {
        const spot = spots.get(underlying);
        if (!spot) throw new GatewayError({ code: 'notListed', message: `${underlying} has no quote`, retryable: false }, true);
        snapshots += 1;
        return chainOf(underlying, spot, request, snapshots);
      });
      const settled = await Promise.allSettled(wanted);
      settled.forEach((result, index) => {
        if (result.status === 'fulfilled') chains.push(result.value);
        else missing.push({ underlying: request.underlyings[index] ?? '', fault: faultOf(result.reason) });
      });
      say(chains.length > 0 ? 'connected' : 'disconnected', 'option chains');
    } catch (error) {
      for (const underlying of request.underlyings) missing.push({ underlying, fault: faultOf(error) });
      say('disconnected', faultOf(error).message);
    }
    answer(rank, chainListeners, { requestId: request.requestId, at: clock.now(), chains, missing: toldMissing(missing) });
  }

  async function requestQuotes(symbols: readonly string[], rank: number): Promise<void> {
    const found = new Map<string, Quote>();
    const add = (quotes: ReadonlyMap<string, Quote>): void => {
      for (const [symbol, quote] of quotes) found.set(symbol, quote);
    };
    const options = symbols.filter((symbol) => parseOccSymbol(symbol) !== null);
    const stocks = symbols.filter((symbol) => parseOccSymbol(symbol) === null);
    const work: Promise<void>[] = [];
    // An exit waits for the quotes of its legs and of its underlying: neither goes behind chains.
    if (stocks.length > 0) work.push(spotsOf('exit', stocks).then(add));
    for (let index = 0; index < options.length; index += QUOTES_PER_REQUEST) {
      const part = options.slice(index, index + QUOTES_PER_REQUEST);
      work.push(
        gateway
          .data('exit', (api) =>
            api.marketData.options.optionLatestQuotesRaw({ symbols: part.join(','), feed: parts.optionFeed }),
          )
          .then((body) => add(quotesIn(objectOf(body, 'option quotes')))),
      );
    }
    // What came is delivered: the data are down only when nothing was answered at all.
    const failed = (await Promise.allSettled(work)).filter((part) => part.status === 'rejected');
    const [first] = failed;
    if (first && failed.length === work.length) say('disconnected', faultOf(first.reason).message);
    else say('connected', 'quotes');
    deliverQuotes(
      symbols.flatMap((symbol) => quoteIfAny(symbol, found.get(symbol))),
      rank,
    );
  }

  function deliverQuotes(quotes: readonly SymbolQuote[], rank: number): void {
    const at = clock.now();
    mailbox.put(at, 100 + rank, () => {
      for (const listener of quoteListeners) listener(quotes, at);
    });
  }

  async function requestHistory(
    request: { readonly requestId: string; readonly underlyings: readonly string[]; readonly days: number },
    rank: number,
  ): Promise<void> {
    const histories: UnderlyingHistory[] = [];
    const missing: { underlying: string; fault: Fault }[] = [];
    // A calendar that cannot be read is not one without dates: no history is whole without it.
    const earnings = Promise.resolve().then(() => parts.earnings());
    const settled = await Promise.allSettled(
      request.underlyings.map(async (underlying) =>
        fetchHistory({ gateway, clock, stockFeed }, underlying, request.days, await earnings),
      ),
    );
    settled.forEach((result, index) => {
      if (result.status === 'fulfilled') histories.push(result.value);
      else missing.push({ underlying: request.underlyings[index] ?? '', fault: faultOf(result.reason) });
    });
    answer(rank, historyListeners, { requestId: request.requestId, at: clock.now(), histories, missing: toldMissing(missing) });
  }

  const next = (): number => {
    requests += 1;
    return requests;
  };
  const subscribe = <Listener>(set: Set<Listener>, listener: Listener): (() => void) => {
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  };

  return {
    capabilities: { id: 'alpaca', quality: parts.quality, maxWatchedOptions: parts.maxWatchedOptions },
    requestChains: (request) => void requestChains(request, next()),
    requestHistory: (request) => void requestHistory(request, next()),
    requestQuotes: (symbols) => void requestQuotes(symbols, next()),
    watch: (symbols) => stream?.watch(symbols),
    onChains: (listener) => subscribe(chainListeners, listener),
    onHistory: (listener) => subscribe(historyListeners, listener),
    onQuotes: (listener) => subscribe(quoteListeners, listener),
    onHalts: (listener) => subscribe(haltListeners, listener),
    onConnection: (listener) => subscribe(connectionListeners, listener),
    start() {
      say('connected', parts.optionFeed);
      if (parts.stream === null) return Promise.resolve();
      const { optionFeed, maxWatchedOptions: maxOptions } = parts;
      const { maxStocks, silenceMs, hours, ...order } = parts.stream;
      stream = openStreamThread({
        order: { ...order, stream: { kind: 'quotes', optionFeed, stockFeed, maxOptions, maxStocks, silenceMs, hours } },
        clock,
        onMessage(message) {
          if (message.kind === 'quotes') deliverQuotes(message.quotes, next());
          if (message.kind === 'halts') answer(next(), haltListeners, message.halts.map(gateway.withoutKey));
          if (message.kind === 'state') health.set('streams', message.state, message.detail);
        },
      });
      return Promise.resolve();
    },
    stop() {
      stream?.stop();
      return Promise.resolve();
    },
    take: () => mailbox.take(),
    get settled() {
      return gateway.underWay() === 0;
    },
    async idle() {
      while (gateway.underWay() > 0) await new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
}

/** One venue's book of a stock is often one-sided in the middle of a session: the half of what is left is no price. */
function isTwoSided({ bid, ask }: Quote): boolean {
  return classifyQuote(bid, ask) === 'none';
}

function quoteIfAny(symbol: string, quote: Quote | undefined): SymbolQuote[] {
  return quote && classifyQuote(quote.bid, quote.ask) !== 'notANumber' ? [{ symbol, quote }] : [];
}

function quotesIn(body: Readonly<Record<string, unknown>>): ReadonlyMap<string, Quote> {
  const quotes = new Map<string, Quote>();
  for (const [symbol, value] of Object.entries(objectOf(body['quotes'] ?? {}, 'quotes'))) {
    const quote = quoteOf(objectOf(value, 'quote'));
    if (quote) quotes.set(symbol, quote);
  }
  return quotes;
}

function itemOf(value: unknown): SnapshotItem {
  return typeof value === 'object' && value !== null ? value : {};
}
