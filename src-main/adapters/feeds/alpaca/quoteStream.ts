import { parseOccSymbol } from '#domain/market/instrument';
import { instant, plusMs } from '#domain/units';
import type { Clock } from '#ports/clock';
import type { SymbolQuote } from '#ports/marketData';
import type { Gateway } from '../../brokers/alpaca/gateway.ts';

export interface QuoteStream {
  start(): Promise<void>;
  stop(): void;
  /** The complete set wanted from now on; kept here and applied again after every reconnection. */
  watch(symbols: readonly string[]): void;
}

/** Quotes are handed on at most this often: the newest per symbol, whatever came in between. */
const CONFLATE_MS = 100;
/** A socket that is open but says nothing for this long while something is watched is stale. */
const STALE_MS = 60_000;

/**
 * Option and stock quotes of what is held. The SDK restores its own idea of the subscriptions, which a race with the server's
 * acknowledgement can lose: the desired set is kept here and applied again. Quotes are conflated, and silence is noticed.
 */
export function openQuoteStream(parts: {
  readonly sdk: Gateway['sdk'];
  readonly clock: Clock;
  readonly url: string;
  readonly optionFeed: string;
  readonly stockFeed: string;
  readonly maxOptions: number;
  /** Authentication must be done within this time. */
  readonly authenticationMs: number;
  onQuotes(quotes: readonly SymbolQuote[]): void;
  onState(state: 'connected' | 'disconnected' | 'stale', detail: string): void;
}): QuoteStream {
  const { sdk, clock } = parts;
  const options = sdk.marketData.optionStream({
    url: `${parts.url}/v1beta1/${parts.optionFeed}`,
    maxReconnectAttempts: -1,
  });
  const stocks = sdk.marketData.stockStream({ url: `${parts.url}/v2/${parts.stockFeed}`, maxReconnectAttempts: -1 });
  const pending = new Map<string, SymbolQuote>();
  let desired: { readonly options: readonly string[]; readonly stocks: readonly string[] } = { options: [], stocks: [] };
  let applied: typeof desired = { options: [], stocks: [] };
  let heardAt = clock.now();
  let armed = false;
  let stopped = false;
  /** Subscriptions before authentication would be lost. */
  let ready = false;

  for (const [stream, name] of [
    [options, 'option quotes'],
    [stocks, 'stock quotes'],
  ] as const) {
    stream.onQuote((quote) => take(quote));
    stream.onError((message) => parts.onState('disconnected', `${name}: ${String(message)}`));
    stream.onReconnected(() => {
      applied = { options: [], stocks: [] };
      apply();
      parts.onState('connected', name);
    });
  }

  function take(quote: {
    readonly symbol?: string;
    readonly bidPrice?: number;
    readonly askPrice?: number;
    readonly bidSize?: number;
    readonly askSize?: number;
    readonly timestamp?: Date | undefined;
  }): void {
    const { symbol, bidPrice, askPrice } = quote;
    heardAt = clock.now();
    if (!symbol || bidPrice === undefined || askPrice === undefined) return;
    const at = quote.timestamp ? instant(quote.timestamp.getTime()) : heardAt;
    pending.set(symbol, {
      symbol,
      quote: { bid: bidPrice, ask: askPrice, bidSize: quote.bidSize ?? 0, askSize: quote.askSize ?? 0, at },
    });
    if (armed) return;
    armed = true;
    clock.wakeAt(plusMs(clock.now(), CONFLATE_MS), () => {
      armed = false;
      const quotes = [...pending.values()];
      pending.clear();
      parts.onQuotes(quotes);
    });
  }

  function apply(): void {
    if (!ready) return;
    const change = (stream: typeof options | typeof stocks, want: readonly string[], have: readonly string[]): void => {
      const added = want.filter((symbol) => !have.includes(symbol));
      const gone = have.filter((symbol) => !want.includes(symbol));
      if (added.length > 0) stream.subscribeForQuotes([...added]);
      if (gone.length > 0) stream.unsubscribeFromQuotes([...gone]);
    };
    change(options, desired.options, applied.options);
    change(stocks, desired.stocks, applied.stocks);
    applied = desired;
  }

  function watchSilence(): void {
    clock.wakeAt(plusMs(clock.now(), STALE_MS), () => {
      if (stopped) return;
      const watching = desired.options.length + desired.stocks.length > 0;
      if (watching && clock.now() - heardAt > STALE_MS) parts.onState('stale', 'the quote streams are silent');
      watchSilence();
    });
  }

  return {
    async start() {
      options.connect();
      stocks.connect();
      // The SDK resolves for a refused key, a closed socket and a missed deadline too: only the result tells.
      const results = await Promise.all([
        options.waitForAuthenticationResult(parts.authenticationMs),
        stocks.waitForAuthenticationResult(parts.authenticationMs),
      ]);
      const refused = results.find(({ authenticated }) => !authenticated);
      if (refused) throw new Error(`quotes: ${refused.message}`);
      ready = true;
      apply();
      parts.onState('connected', 'quotes');
      watchSilence();
    },
    stop() {
      stopped = true;
      options.disconnect();
      stocks.disconnect();
    },
    watch(symbols) {
      desired = {
        options: symbols.filter((symbol) => parseOccSymbol(symbol) !== null).slice(0, parts.maxOptions),
        stocks: symbols.filter((symbol) => parseOccSymbol(symbol) === null),
      };
      apply();
    },
  };
}
