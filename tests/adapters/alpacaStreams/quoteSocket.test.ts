import { describe, expect, it } from 'vitest';
import type { StreamState } from '#adapters/alpacaStreams/keptSocket';
import { openQuoteSocket, type SdkQuoteSocket } from '#adapters/feeds/alpaca/quoteSocket';
import { type Instant, instant } from '#domain/units';
import { manualClock } from '#support/manualClock';

/** The SDK's socket as far as its timing goes: a script says what the server says. */
function scriptedSocket() {
  const listeners = {
    state: (_: string): void => {},
    error: (_: string): void => {},
    subscription: (_: unknown): void => {},
    quote: (_: { symbol: string; bidPrice: number; askPrice: number }): void => {},
  };
  const asked: string[] = [];
  const socket: SdkQuoteSocket = {
    connect: () => listeners.state('connecting'),
    disconnect: () => {},
    onStateChange: (listener) => {
      listeners.state = listener;
    },
    onError: (listener) => {
      listeners.error = listener;
    },
    on: (_event, listener) => {
      listeners.subscription = listener;
    },
    onQuote: (listener) => {
      listeners.quote = listener;
    },
    subscribeForQuotes: (symbols) => asked.push(...symbols),
    unsubscribeFromQuotes: (symbols) => asked.push(...symbols.map((symbol) => `-${symbol}`)),
  };
  return { socket, asked, listeners };
}

function opened(flowingSince: (at: Instant) => Instant | null = () => instant(0), tellsHalts = false) {
  const clock = manualClock();
  const begun = clock.now();
  const sockets: ReturnType<typeof scriptedSocket>[] = [];
  const heard: string[] = [];
  const said: { readonly after: number; readonly state: StreamState; readonly detail: string }[] = [];
  let haltsAsked = 0;
  const stream = openQuoteSocket({
    name: 'option quotes',
    clock,
    settings: { authenticationMs: 10_000, slowRetryMs: 90_000, renewMs: 2_000 },
    silenceMs: 60_000,
    flowingSince,
    open() {
      const next = scriptedSocket();
      sockets.push(next);
      return next.socket;
    },
    askHalts: tellsHalts
      ? () => {
          haltsAsked += 1;
        }
      : null,
    onQuote: ({ symbol }) => heard.push(symbol),
    onState: (state, detail) => said.push({ after: (clock.now() - begun) / 1000, state, detail }),
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  const authenticate = (): void => {
    last().listeners.state('connected');
    last().listeners.state('authenticated');
  };
  const acknowledge = (quotes: readonly string[], statuses: readonly string[] = []): void =>
    last().listeners.subscription({ quotes, statuses });
  const quote = (symbol: string): void => last().listeners.quote({ symbol, bidPrice: 1, askPrice: 1.1 });
  return { clock, begun, sockets, said, heard, stream, last, authenticate, acknowledge, quote, haltsAsked: () => haltsAsked };
}

describe('a one-sided quote', () => {
  it('is one of an option that nobody bids for, and none of a stock; it is heard all the same', () => {
    const { clock, said, heard, stream, last, authenticate, acknowledge, quote } = opened();
    void stream.start();
    stream.want(['XYZ']);
    authenticate();
    acknowledge(['XYZ']);
    quote('XYZ');
    clock.advance(30_000);
    for (const symbol of ['XYZ', 'XYZ260417P00090000']) last().listeners.quote({ symbol, bidPrice: 0, askPrice: 0.05 });
    last().listeners.quote({ symbol: 'XYZ', bidPrice: 101, askPrice: 100 });
    expect(heard).toEqual(['XYZ', 'XYZ260417P00090000']);
    clock.advance(59_000);
    expect(said.map(({ state }) => state)).toEqual(['connected']);
  });
});

describe('the halts that the stock stream tells', () => {
  it.each([
    ['acknowledged without them', true],
    ['refused', false],
  ])('are missed when they were %s: stale until the server says that it sends them', (_story, answers) => {
    const { clock, sockets, said, stream, authenticate, acknowledge, haltsAsked } = opened(undefined, true);
    void stream.start();
    authenticate();
    expect(haltsAsked()).toBe(1);
    if (answers) acknowledge([]);
    clock.advance(10_000);
    expect(said.slice(1)).toEqual([{ after: 10, state: 'stale', detail: 'option quotes: halts are not told' }]);
    expect(haltsAsked()).toBe(2);
    acknowledge([], ['*']);
    expect(said.at(-1)).toMatchObject({ state: 'connected' });
    clock.advance(60_000);
    expect(haltsAsked()).toBe(2);
    expect(sockets).toHaveLength(1);
    // A new connection knows of nothing.
    sockets[0]?.listeners.state('disconnected');
    authenticate();
    acknowledge([]);
    clock.advance(10_000);
    expect(said.at(-1)).toMatchObject({ state: 'stale' });
  });
});

describe('the watchdog of one quote stream', () => {
  it('calls silence stale at its sixtieth second, not at the next minute that happens to end', () => {
    const { clock, said, stream, authenticate, acknowledge, quote, sockets } = opened();
    void stream.start();
    stream.want(['A']);
    authenticate();
    acknowledge(['A']);
    clock.advance(59_000);
    quote('A'); // at second 59: a fixed rhythm of checks would notice its silence only at second 180 or 120
    clock.advance(59_999);
    expect(said.map(({ state }) => state)).toEqual(['connected']);
    clock.advance(1);
    expect(said.at(-1)).toEqual({ after: 119, state: 'stale', detail: 'option quotes: silent for 60 s' });
    clock.advance(2_000);
    expect(sockets).toHaveLength(2);
    authenticate();
    expect(said.at(-1)).toMatchObject({ after: 121, state: 'connected' });
    expect(sockets[1]?.asked).toEqual(['A']);
  });

  it('asks after a socket that stays quiet on every connection less and less often, and at once again after a quote', () => {
    const { clock, said, stream, authenticate, acknowledge, quote } = opened();
    void stream.start();
    stream.want(['A']);
    const reconnect = (): void => {
      clock.advance(2_000);
      authenticate();
      acknowledge(['A']);
    };
    authenticate();
    acknowledge(['A']);
    const staleAfter = (seconds: number): void => {
      const before = said.length;
      clock.advance(seconds * 1000 - 1);
      expect(said).toHaveLength(before);
      clock.advance(1);
      expect(said.at(-1)?.state).toBe('stale');
      reconnect();
    };
    for (const seconds of [60, 120, 240, 480, 960, 960]) staleAfter(seconds);
    quote('A');
    staleAfter(60);
  });

  it('expects nothing while the market is closed, and counts from its opening', () => {
    const opening = 3_600_000;
    const clockStart = manualClock().now();
    const { clock, said, stream, authenticate, acknowledge } = opened((at) =>
      at >= clockStart + opening ? instant(clockStart + opening) : null,
    );
    void stream.start();
    stream.want(['A']);
    authenticate();
    acknowledge(['A']);
    clock.advance(opening + 59_000);
    expect(said.map(({ state }) => state)).toEqual(['connected']);
    clock.advance(2_000);
    expect(said.at(-1)).toMatchObject({ state: 'stale' });
  });

  it('replaces a socket that does not answer a subscription, and names what it was not promised', () => {
    const { clock, said, stream, authenticate, acknowledge, last, sockets } = opened();
    void stream.start();
    stream.want(['A', 'B']);
    authenticate();
    clock.advance(10_000);
    expect(said.at(-1)).toMatchObject({ state: 'stale', detail: 'option quotes: subscriptions are not answered' });
    clock.advance(2_000);
    authenticate();
    acknowledge(['A']); // B was lost in a race, or is over the limit
    clock.advance(10_000);
    expect(said.at(-1)).toMatchObject({ state: 'stale', detail: 'option quotes: 1 of 2 symbols are not acknowledged' });
    expect(last().asked).toEqual(['A', 'B', 'B']);
    acknowledge(['A', 'B']);
    expect(said.at(-1)).toMatchObject({ state: 'connected' });
    expect(sockets).toHaveLength(2);
  });

  it('holds every connection to the deadline, the SDK’s own reconnections too, and hears of a socket that closes without a word', () => {
    const { clock, said, stream, authenticate, acknowledge, last, sockets } = opened();
    void stream.start();
    authenticate();
    stream.want(['A']);
    acknowledge(['A']);
    last().listeners.state('disconnected');
    last().listeners.state('waiting to reconnect');
    expect(said.at(-1)).toMatchObject({ state: 'disconnected', detail: 'option quotes: the socket was closed' });
    clock.advance(30_000); // the SDK's pause may be long
    last().listeners.state('connecting');
    last().listeners.state('connected');
    clock.advance(9_999);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(said.at(-1)).toMatchObject({ state: 'disconnected', detail: 'option quotes: not ready within 10 s' });
    clock.advance(90_000);
    expect(sockets).toHaveLength(2);
  });
});
