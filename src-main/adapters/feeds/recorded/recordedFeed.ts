import type { Instant } from '#domain/units';
import type { RecordedExchange } from '#exchange/recorded/recordedExchange';
import type { ConnectionChange } from '#ports/broker';
import type { Deliverable } from '#ports/deliverable';
import type { ChainAnswer, HistoryAnswer, MarketData, SymbolQuote } from '#ports/marketData';

/** The recorded exchange as market data. Between two looks there is nothing to say: an empty answer, not an error. */
export function createRecordedFeed(exchange: RecordedExchange): MarketData & Deliverable {
  const chains = new Set<(answer: ChainAnswer) => void>();
  const histories = new Set<(answer: HistoryAnswer) => void>();
  const quotes = new Set<(quotes: readonly SymbolQuote[], at: Instant) => void>();
  const connections = new Set<(change: ConnectionChange) => void>();
  let queue: (() => void)[] = [];

  const say = <Message>(listeners: ReadonlySet<(message: Message) => void>, message: Message): void => {
    queue.push(() => {
      for (const listener of listeners) listener(message);
    });
  };
  const subscribe = <Listener>(set: Set<Listener>, listener: Listener): (() => void) => {
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  };

  return {
    capabilities: { id: 'recorded', quality: 'recorded', maxWatchedOptions: Number.MAX_SAFE_INTEGER },
    requestChains({ requestId, underlyings, window }) {
      const found = underlyings.flatMap((underlying) => {
        const chain = exchange.chain(underlying, window);
        return chain ? [chain] : [];
      });
      say(chains, { requestId, at: exchange.now(), chains: found, missing: [] });
    },
    requestHistory({ requestId, underlyings, days }) {
      say(histories, {
        requestId,
        at: exchange.now(),
        histories: underlyings.map((underlying) => ({
          underlying,
          bars: exchange.barsOf(underlying).slice(-days),
          dividends: [],
          earnings: [],
        })),
        missing: [],
      });
    },
    requestQuotes(symbols) {
      const found = symbols.flatMap((symbol) => {
        const quote = exchange.quoteOf(symbol);
        return quote ? [{ symbol, quote }] : [];
      });
      if (found.length === 0) return;
      const at = exchange.now();
      queue.push(() => {
        for (const listener of quotes) listener(found, at);
      });
    },
    watch: () => {},
    onChains: (listener) => subscribe(chains, listener),
    onHistory: (listener) => subscribe(histories, listener),
    onQuotes: (listener) => subscribe(quotes, listener),
    onHalts: () => () => {},
    onConnection: (listener) => subscribe(connections, listener),
    start() {
      const change: ConnectionChange = { channel: 'data', state: 'connected', detail: 'recorded', at: exchange.now() };
      say(connections, change);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
    take() {
      const batch = queue;
      queue = [];
      return batch;
    },
    idle: () => Promise.resolve(),
    settled: true,
  };
}
