import { classifyQuote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import { type Instant, instant, plusMs } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';
import type { SymbolQuote } from '#ports/marketData';
import {
  type KeptSocket,
  keepOpen,
  type SdkSocket,
  type StreamSettings,
  type StreamState,
} from '../../alpacaStreams/keptSocket.ts';

/** A quote as the SDK decodes it. */
interface SdkQuote {
  readonly symbol?: string;
  readonly bidPrice?: number;
  readonly askPrice?: number;
  readonly bidSize?: number;
  readonly askSize?: number;
  readonly timestamp?: Date | undefined;
}

export interface SdkQuoteSocket extends SdkSocket {
  onQuote(listener: (quote: SdkQuote) => void): unknown;
  subscribeForQuotes(symbols: string[]): void;
  unsubscribeFromQuotes(symbols: string[]): void;
}

export interface QuoteSocket extends Pick<KeptSocket, 'start' | 'stop'> {
  /** The complete set wanted from now on; kept here and asked for again after every reconnection. */
  want(symbols: readonly string[]): void;
}

/** A socket whose silence was broken by nothing, not even a new connection, is asked after less and less often. */
const MOST_PATIENCE = 16;

/**
 * The quotes of one stream, with a watchdog of its own: a socket that is open but says nothing while something is wanted and the
 * market is open is stale and is replaced, whatever the other stream says. The SDK's own idea of the subscriptions can be lost in
 * a race with the server's acknowledgement, so the wanted set is kept here and compared with what the server says it sends. So are
 * the trading statuses, where this stream tells them: a halt that nobody tells would look like none.
 */
export function openQuoteSocket(parts: {
  readonly name: string;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  /** Longest believable silence while something is wanted. */
  readonly silenceMs: number;
  /** Since when quotes must be flowing; null while the market is closed. */
  flowingSince(at: Instant): Instant | null;
  open(): SdkQuoteSocket;
  /** Asks the open socket for the trading status of every stock; null = this stream has none. */
  readonly askHalts: (() => void) | null;
  onQuote(quote: SymbolQuote): void;
  onState(state: StreamState, detail: string): void;
}): QuoteSocket {
  const { clock, silenceMs, settings, askHalts } = parts;
  let socket: SdkQuoteSocket | null = null;
  let wanted: readonly string[] = [];
  let asked: readonly string[] = [];
  let acknowledged: ReadonlySet<string> = new Set();
  let haltsTold = askHalts === null;
  /** The last sign that was believed: a quote, a new connection, or the moment from which something is wanted. */
  let heardAt = clock.now();
  let patience = 1;
  let cancelSilence: Cancel = () => {};
  let cancelCheck: Cancel = () => {};
  let shortened = false;
  /** Whether the server has answered anything since it was last asked. */
  let answered = true;

  const kept = keepOpen<SdkQuoteSocket>({
    name: parts.name,
    clock,
    settings,
    open() {
      const next = parts.open();
      socket = next;
      next.onQuote((quote) => {
        if (next === socket) take(quote);
      });
      return next;
    },
    onAuthenticated() {
      asked = [];
      acknowledged = new Set();
      haltsTold = askHalts === null;
      shortened = false;
      heardAt = clock.now();
      return true;
    },
    onSubscription(said) {
      acknowledged = new Set(symbolsOf(said, 'quotes'));
      haltsTold = askHalts === null || symbolsOf(said, 'statuses').includes('*');
      answered = true;
      // What the SDK asked for again by itself after a reconnection, and nobody wants any more.
      const surplus = [...acknowledged].filter((symbol) => !wanted.includes(symbol));
      if (surplus.length > 0) socket?.unsubscribeFromQuotes(surplus);
      if (shortened && isComplete()) {
        shortened = false;
        parts.onState('connected', parts.name);
      }
      return true;
    },
    // What matters of it shows: quotes that stay away, or symbols that are not acknowledged.
    onTrouble() {},
    onState(state, detail) {
      parts.onState(state, detail);
      if (state !== 'connected') return;
      askHalts?.();
      apply();
      watchSilence();
    },
  });

  function take(quote: SdkQuote): void {
    const { symbol, bidPrice, askPrice } = quote;
    heardAt = clock.now();
    if (patience > 1) {
      patience = 1;
      watchSilence();
    }
    // The SDK hands on whatever the frame held.
    if (typeof symbol !== 'string' || symbol === '' || !Number.isFinite(bidPrice) || !Number.isFinite(askPrice)) return;
    // A one-sided book is a price of an option that nobody bids for; of a stock it is none.
    if (parseOccSymbol(symbol) === null && classifyQuote(Number(bidPrice), Number(askPrice)) !== 'none') return;
    const told = quote.timestamp instanceof Date ? quote.timestamp.getTime() : Number.NaN;
    const at = quote.timestamp === undefined ? heardAt : instant(Number.isNaN(told) ? 0 : told);
    parts.onQuote({
      symbol,
      quote: { bid: Number(bidPrice), ask: Number(askPrice), bidSize: sizeOf(quote.bidSize), askSize: sizeOf(quote.askSize), at },
    });
  }

  const isComplete = (): boolean => haltsTold && wanted.every((symbol) => acknowledged.has(symbol));

  function apply(): void {
    if (!kept.isReady()) return;
    const added = wanted.filter((symbol) => !asked.includes(symbol));
    const gone = asked.filter((symbol) => !wanted.includes(symbol));
    asked = wanted;
    if (added.length + gone.length > 0) answered = false;
    if (gone.length > 0) socket?.unsubscribeFromQuotes([...gone]);
    if (added.length > 0) socket?.subscribeForQuotes([...added]);
    checkAcknowledged();
  }

  /** Some time after asking, the server must have said that it sends everything; else it is asked again, and mute it is replaced. */
  function checkAcknowledged(): void {
    cancelCheck();
    cancelCheck = clock.wakeAt(plusMs(clock.now(), settings.authenticationMs), () => {
      if (!kept.isReady()) return;
      if (!answered) return kept.renew('subscriptions are not answered');
      if (isComplete()) return;
      const missing = wanted.filter((symbol) => !acknowledged.has(symbol));
      shortened = true;
      const lacking =
        missing.length > 0 ? `${missing.length} of ${wanted.length} symbols are not acknowledged` : 'halts are not told';
      parts.onState('stale', `${parts.name}: ${lacking}`);
      if (missing.length > 0) socket?.subscribeForQuotes(missing);
      if (!haltsTold) askHalts?.();
      checkAcknowledged();
    });
  }

  function watchSilence(): void {
    cancelSilence();
    if (!kept.isReady() || wanted.length === 0) return;
    const allowed = silenceMs * patience;
    const since = parts.flowingSince(clock.now());
    const from = since === null ? clock.now() : Math.max(since, heardAt);
    cancelSilence = clock.wakeAt(plusMs(instant(from), allowed), () => {
      if (!kept.isReady() || wanted.length === 0) return;
      const flowing = parts.flowingSince(clock.now());
      const silentMs = flowing === null ? 0 : clock.now() - Math.max(flowing, heardAt);
      if (silentMs < allowed) return watchSilence();
      patience = Math.min(patience * 2, MOST_PATIENCE);
      kept.renew(`silent for ${Math.round(silentMs / 1000)} s`);
    });
  }

  return {
    start: kept.start,
    stop() {
      cancelSilence();
      cancelCheck();
      kept.stop();
    },
    want(symbols) {
      const idle = wanted.length === 0;
      wanted = symbols;
      if (idle) heardAt = clock.now();
      apply();
      watchSilence();
    },
  };
}

function sizeOf(size: unknown): number {
  return typeof size === 'number' && Number.isFinite(size) ? size : 0;
}

function symbolsOf(acknowledged: unknown, channel: 'quotes' | 'statuses'): readonly string[] {
  const symbols: unknown =
    typeof acknowledged === 'object' && acknowledged !== null ? Reflect.get(acknowledged, channel) : undefined;
  return Array.isArray(symbols) ? symbols.map(String) : [];
}
