import { parseOccSymbol } from '#domain/market/instrument';
import { type Instant, plusMs } from '#domain/units';
import type { Clock } from '#ports/clock';
import type { SymbolQuote, TradingHalt } from '#ports/marketData';
import { createHealth } from '../../alpacaStreams/health.ts';
import type { StreamSettings, StreamState } from '../../alpacaStreams/keptSocket.ts';
import type { Gateway } from '../../brokers/alpaca/gateway.ts';
import { openQuoteSocket, type SdkQuoteSocket } from './quoteSocket.ts';
import { haltOf } from './tradingStatus.ts';

export interface QuoteStream {
  start(): Promise<void>;
  stop(): void;
  /** The complete set wanted from now on. */
  watch(symbols: readonly string[]): void;
}

/** Quotes are handed on at most this often: the newest per symbol, whatever came in between. */
const CONFLATE_MS = 100;

/**
 * Option and stock quotes of what is held, and the trading status of every stock (`*`, so that it does not depend on what is
 * watched): two sockets, each kept open and watched for silence by itself, and one word about both. Quotes are conflated.
 */
export function openQuoteStream(parts: {
  readonly sdk: Gateway['sdk'];
  readonly clock: Clock;
  readonly url: string;
  readonly optionFeed: string;
  readonly stockFeed: string;
  readonly maxOptions: number;
  readonly maxStocks: number;
  readonly settings: StreamSettings;
  readonly silenceMs: number;
  flowingSince(at: Instant): Instant | null;
  onQuotes(quotes: readonly SymbolQuote[]): void;
  /** Trading halts of any stock, and their ends. */
  onHalts(halts: readonly TradingHalt[]): void;
  onState(state: StreamState, detail: string): void;
}): QuoteStream {
  const { sdk, clock } = parts;
  const pending = new Map<string, SymbolQuote>();
  let armed = false;
  const health = createHealth(['option quotes', 'stock quotes'], parts.onState);
  /** The stock socket that is open: it also tells of every halt. */
  let statuses: { subscribeForStatuses(symbols: string[]): void } | null = null;
  const socketOf = (name: 'option quotes' | 'stock quotes', open: () => SdkQuoteSocket) =>
    openQuoteSocket({
      ...parts,
      name,
      open,
      onQuote: take,
      askHalts: name === 'stock quotes' ? () => statuses?.subscribeForStatuses(['*']) : null,
      onState: (state, detail) => health.set(name, state, detail),
    });
  const options = socketOf('option quotes', () =>
    sdk.marketData.optionStream({ url: `${parts.url}/v1beta1/${parts.optionFeed}`, maxReconnectAttempts: -1 }),
  );
  const stocks = socketOf('stock quotes', () => {
    const socket = sdk.marketData.stockStream({ url: `${parts.url}/v2/${parts.stockFeed}`, maxReconnectAttempts: -1 });
    statuses = socket;
    socket.onStatus((status) => {
      const halt = socket === statuses ? haltOf(status, clock.now()) : null;
      if (halt) parts.onHalts([halt]);
    });
    return socket;
  });

  function take(quote: SymbolQuote): void {
    pending.set(quote.symbol, quote);
    if (armed) return;
    armed = true;
    clock.wakeAt(plusMs(clock.now(), CONFLATE_MS), () => {
      armed = false;
      const quotes = [...pending.values()];
      pending.clear();
      parts.onQuotes(quotes);
    });
  }

  return {
    async start() {
      await Promise.all([options.start(), stocks.start()]);
    },
    stop() {
      options.stop();
      stocks.stop();
    },
    watch(symbols) {
      const isOption = (symbol: string): boolean => parseOccSymbol(symbol) !== null;
      options.want(symbols.filter(isOption).slice(0, parts.maxOptions));
      stocks.want(symbols.filter((symbol) => !isOption(symbol)).slice(0, parts.maxStocks));
    },
  };
}
