import type { ChainSnapshot } from '#domain/market/chain';
import type { Instant } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import type { ConnectionChange, Fault, Unsubscribe } from '#ports/broker';
import type { Deliverable } from '#ports/deliverable';
import type {
  ChainAnswer,
  ChainRequest,
  HistoryAnswer,
  MarketData,
  MarketDataCapabilities,
  SymbolQuote,
  TradingHalt,
  UnderlyingHistory,
} from '#ports/marketData';

const MAX_WATCHED = 100_000;
const NOT_LISTED: Fault = { code: 'notListed', message: 'the embedded exchange does not list this underlying', retryable: false };

type Answer =
  | { readonly to: 'chains'; readonly message: ChainAnswer }
  | { readonly to: 'history'; readonly message: HistoryAnswer }
  | { readonly to: 'quotes'; readonly message: readonly SymbolQuote[]; readonly at: Instant }
  | { readonly to: 'halts'; readonly message: readonly TradingHalt[] }
  | { readonly to: 'connection'; readonly message: ConnectionChange };

/**
 * Market data of the embedded exchange in the same process. Requests are answered from the market as it is at the request, and
 * the answers wait until the driver calls {@link deliver}.
 */
export class EmbeddedFeed implements MarketData, Deliverable {
  readonly capabilities: MarketDataCapabilities = { id: 'embedded', quality: 'simulated', maxWatchedOptions: MAX_WATCHED };
  private readonly exchange: Exchange;
  private readonly chainListeners = new Set<(answer: ChainAnswer) => void>();
  private readonly historyListeners = new Set<(answer: HistoryAnswer) => void>();
  private readonly quoteListeners = new Set<(quotes: readonly SymbolQuote[], at: Instant) => void>();
  private readonly haltListeners = new Set<(halts: readonly TradingHalt[]) => void>();
  private readonly connectionListeners = new Set<(change: ConnectionChange) => void>();
  private queue: Answer[] = [];
  private watched: readonly string[] = [];
  /** Halts that were told, and whose end was not. */
  private readonly toldHalts = new Map<string, TradingHalt>();

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  /** Hands over everything that waits, in order. True when there was something. */
  deliver(): boolean {
    let any = false;
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      any = true;
      for (const answer of batch) this.hand(answer);
    }
    return any;
  }

  take(): readonly (() => void)[] {
    const batch = this.queue;
    this.queue = [];
    return batch.map((answer) => () => this.hand(answer));
  }

  /** Nothing is ever under way here: every request is answered into the queue while it is made. */
  idle(): Promise<void> {
    return Promise.resolve();
  }

  readonly settled = true;

  /** Queues the newest quotes of what is watched; the driver decides how often. */
  publishWatched(): void {
    if (this.watched.length > 0) this.requestQuotes(this.watched);
  }

  requestChains({ requestId, underlyings, window }: ChainRequest): void {
    this.tellHalts();
    const chains: ChainSnapshot[] = [];
    const missing: { underlying: string; fault: Fault }[] = [];
    for (const underlying of underlyings) {
      const chain = this.exchange.market.chainSnapshot(underlying, window);
      if (chain) chains.push(chain);
      else missing.push({ underlying, fault: NOT_LISTED });
    }
    this.queue.push({ to: 'chains', message: { requestId, at: this.exchange.now(), chains, missing } });
  }

  requestHistory({
    requestId,
    underlyings,
    days,
  }: {
    readonly requestId: string;
    readonly underlyings: readonly string[];
    readonly days: number;
  }): void {
    const histories: UnderlyingHistory[] = [];
    const missing: { underlying: string; fault: Fault }[] = [];
    for (const underlying of underlyings) {
      const history = this.exchange.market.historyOf(underlying, days);
      if (history) histories.push(history);
      else missing.push({ underlying, fault: NOT_LISTED });
    }
    this.queue.push({ to: 'history', message: { requestId, at: this.exchange.now(), histories, missing } });
  }

  watch(symbols: readonly string[]): void {
    this.watched = [...symbols];
  }

  requestQuotes(symbols: readonly string[]): void {
    this.tellHalts();
    const quotes: SymbolQuote[] = [];
    for (const symbol of symbols) {
      const quote = this.exchange.market.quoteOf(symbol);
      if (quote) quotes.push({ symbol, quote });
    }
    this.queue.push({ to: 'quotes', message: quotes, at: this.exchange.now() });
  }

  onChains(listener: (answer: ChainAnswer) => void): Unsubscribe {
    this.chainListeners.add(listener);
    return () => this.chainListeners.delete(listener);
  }

  onHistory(listener: (answer: HistoryAnswer) => void): Unsubscribe {
    this.historyListeners.add(listener);
    return () => this.historyListeners.delete(listener);
  }

  onQuotes(listener: (quotes: readonly SymbolQuote[], at: Instant) => void): Unsubscribe {
    this.quoteListeners.add(listener);
    return () => this.quoteListeners.delete(listener);
  }

  onHalts(listener: (halts: readonly TradingHalt[]) => void): Unsubscribe {
    this.haltListeners.add(listener);
    return () => this.haltListeners.delete(listener);
  }

  onConnection(listener: (change: ConnectionChange) => void): Unsubscribe {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  }

  start(): Promise<void> {
    this.connection('connected');
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.connection('disconnected');
    return Promise.resolve();
  }

  /** What changed since the last look: halts that began, and halts that are over. */
  private tellHalts(): void {
    const { market } = this.exchange;
    const now = market.halted();
    if (now.length === 0 && this.toldHalts.size === 0) return;
    const news: TradingHalt[] = [];
    for (const underlying of now) {
      const halt = market.haltOf(underlying);
      if (halt && !this.toldHalts.has(underlying)) news.push({ underlying, halted: true, ...halt, at: this.exchange.now() });
    }
    for (const halt of this.toldHalts.values())
      if (!now.includes(halt.underlying)) news.push({ ...halt, halted: false, at: this.exchange.now() });
    for (const halt of news) {
      if (halt.halted) this.toldHalts.set(halt.underlying, halt);
      else this.toldHalts.delete(halt.underlying);
    }
    if (news.length > 0) this.queue.push({ to: 'halts', message: news });
  }

  private connection(state: ConnectionChange['state']): void {
    this.queue.push({
      to: 'connection',
      message: { channel: 'data', state, detail: 'embedded exchange', at: this.exchange.now() },
    });
  }

  private hand(answer: Answer): void {
    switch (answer.to) {
      case 'chains':
        for (const listener of this.chainListeners) listener(answer.message);
        return;
      case 'history':
        for (const listener of this.historyListeners) listener(answer.message);
        return;
      case 'quotes':
        for (const listener of this.quoteListeners) listener(answer.message, answer.at);
        return;
      case 'halts':
        for (const listener of this.haltListeners) listener(answer.message);
        return;
      case 'connection':
        for (const listener of this.connectionListeners) listener(answer.message);
        return;
    }
  }
}
