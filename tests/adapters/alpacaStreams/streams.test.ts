import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { StreamState } from '#adapters/alpacaStreams/keptSocket';
import { updatesOnThread } from '#adapters/alpacaStreams/updatesOnThread';
import { openUpdateStream } from '#adapters/brokers/alpaca/updateStream';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { systemClock } from '#adapters/clock/systemClock';
import { openQuoteStream, type QuoteStream } from '#adapters/feeds/alpaca/quoteStream';
import { haltOf } from '#adapters/feeds/alpaca/tradingStatus';
import { nextSession } from '#domain/market/calendar';
import { instant, isoDate, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import type { TradingHalt } from '#ports/marketData';

const KEY = { keyId: 'PKSTREAM', secret: 'secret', controlToken: 'control' };
const SETTINGS = { authenticationMs: 1_000, slowRetryMs: 400, renewMs: 100 };
const SILENCE_MS = 600;
const sdk = new Alpaca({ keyId: KEY.keyId, secret: KEY.secret, retry: false, rateLimit: false });

let exchange: Exchange;
let server: AlpacaServer;
let quotes: { readonly symbol: string; readonly at: number }[] = [];
let said: { readonly state: StreamState; readonly detail: string; readonly at: number }[] = [];
let halts: TradingHalt[] = [];
let stop: () => void = () => {};
let option = '';

const control = (path: string, body?: unknown) =>
  fetch(`${server.url}/strikedesk/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${KEY.controlToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const advance = () => control('advance', { target: exchange.now() + 1_000 });
const waitFor = (check: () => void, timeout = 8_000) =>
  vi.waitFor(
    async () => {
      await advance();
      check();
    },
    { timeout, interval: 50 },
  );

beforeEach(async () => {
  exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 30 } } });
  const until = plusMs(nextSession(exchange.now()).open, 600_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  option = exchange.market.contracts({ underlyings: ['SPY'] })[40]?.symbol ?? '';
  quotes = [];
  said = [];
  halts = [];
});
afterEach(async () => {
  stop();
  await server.close();
});

function openQuotes(): QuoteStream {
  const stream = openQuoteStream({
    sdk,
    clock: systemClock(),
    url: embeddedVenue(server.url).streamUrl,
    optionFeed: 'indicative',
    stockFeed: 'iex',
    maxOptions: 50,
    maxStocks: 30,
    settings: SETTINGS,
    silenceMs: SILENCE_MS,
    flowingSince: () => instant(0),
    onQuotes: (batch) => quotes.push(...batch.map(({ symbol }) => ({ symbol, at: Date.now() }))),
    onHalts: (batch) => halts.push(...batch),
    onState: (state, detail) => said.push({ state, detail, at: Date.now() }),
  });
  stop = stream.stop;
  stream.start().catch(() => {});
  stream.watch(['SPY', option]);
  return stream;
}

const lastSaid = () => said.at(-1)?.state;
const heardSince = (symbol: string, at: number) => quotes.some((quote) => quote.symbol === symbol && quote.at >= at);

describe('the quote streams against a server that misbehaves', () => {
  it.each([
    ['options', 'option quotes', 'SPY'],
    ['stocks', 'stock quotes', ''],
  ])(
    'finds a mute %s socket though the other stream is busy, replaces it, and is heard again',
    async (subject, name, busy) => {
      openQuotes();
      await waitFor(() => expect(new Set(quotes.map(({ symbol }) => symbol))).toEqual(new Set(['SPY', option])));
      exchange.faults.use([{ kind: 'silentStream', subject }]);
      const muteFrom = Date.now();
      await waitFor(() => expect(lastSaid()).toBe('stale'));
      expect(said.at(-1)?.detail).toMatch(new RegExp(`^${name}: silent for 1 s`));
      expect(heardSince(busy || option, muteFrom)).toBe(true);
      exchange.faults.use([]);
      const healedAt = Date.now();
      await waitFor(() => expect(lastSaid()).toBe('connected'));
      await waitFor(() => expect(heardSince(subject === 'options' ? option : 'SPY', healedAt)).toBe(true));
    },
    30_000,
  );

  it('waits for the slot of a connection limit at a slow pace, and calls nothing connected until both streams are', async () => {
    const squatter = new WebSocket(`${embeddedVenue(server.url).streamUrl}/v1beta1/indicative`);
    await new Promise((resolve) => squatter.once('message', resolve));
    const begun = Date.now();
    openQuotes();
    await vi.waitFor(() => expect(said.filter(({ detail }) => /option quotes: connection limit/.test(detail))).toHaveLength(1), {
      timeout: 5_000,
    });
    // The stocks come and go in the meantime: their return is no word about the options.
    exchange.faults.use([{ kind: 'disconnectStream', subject: 'stocks', times: 1 }]);
    await waitFor(() => expect(heardSince('SPY', begun)).toBe(true));
    await vi.waitFor(() => expect(Date.now() - begun).toBeGreaterThan(1_500), { timeout: 5_000 });
    expect(said.map(({ state }) => state)).not.toContain('connected');
    squatter.terminate();
    await waitFor(() => expect(lastSaid()).toBe('connected'));
    await waitFor(() => expect(heardSince(option, begun)).toBe(true));
  }, 30_000);

  it('hears of a socket that closes without a word, and comes back with everything that is wanted', async () => {
    const stream = openQuotes();
    await waitFor(() => expect(lastSaid()).toBe('connected'));
    const other = exchange.market.contracts({ underlyings: ['SPY'] })[44]?.symbol ?? '';
    exchange.faults.use([{ kind: 'disconnectStream', subject: 'options', times: 1 }]);
    await waitFor(() => expect(said.map(({ state }) => state)).toContain('disconnected'));
    stream.watch(['SPY', other]); // while it is down, or just back: it may be back before we look
    await waitFor(() => expect(lastSaid()).toBe('connected'));
    const settledAt = Date.now() + 300;
    await waitFor(() => expect(heardSince(other, settledAt)).toBe(true));
    expect(heardSince(option, settledAt)).toBe(false);
  }, 30_000);
});

describe('the trading status of stocks', () => {
  it('tells that a stock nobody watches is halted and goes on, in the words of its tape, and asks again after a lost line', async () => {
    openQuotes();
    await waitFor(() => expect(lastSaid()).toBe('connected'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    exchange.faults.use([
      { kind: 'halt', subject: 'AAPL' },
      { kind: 'halt', subject: 'KO' },
    ]);
    await waitFor(() => expect(halts).toHaveLength(2));
    expect(halts.map(({ underlying, halted, code, reason }) => [underlying, halted, code, reason])).toEqual([
      ['AAPL', true, 'LUDP', 'Volatility Trading Pause'],
      ['KO', true, 'M', 'Limit Up-Limit Down (LULD) Trading Pause'],
    ]);
    exchange.faults.use([{ kind: 'halt', subject: 'KO' }]);
    await waitFor(() =>
      expect(halts.slice(2)).toMatchObject([{ underlying: 'AAPL', halted: false, reason: 'Trading Resumption' }]),
    );
    exchange.faults.use([{ kind: 'disconnectStream', subject: 'stocks', times: 1 }]);
    await waitFor(() => expect(said.map(({ state }) => state)).toContain('disconnected'));
    await waitFor(() => expect(lastSaid()).toBe('connected'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    exchange.faults.use([{ kind: 'halt', subject: 'MSFT' }]);
    await waitFor(() => expect(halts.at(-1)).toMatchObject({ underlying: 'MSFT', halted: true }));
  }, 30_000);

  it.each([
    ['2', 'Trading Halt', true],
    ['H', 'Trading Halt', true],
    ['P', 'Volatility Trading Pause', true],
    ['Q', 'Quotation Resumption', true], // quoted again, not traded yet
    ['3', 'Resume', false],
    ['T', 'Trading Resumption', false],
    ['E', 'Short Sale Restriction', null],
    ['F', 'Limit Up-Limit Down', null],
    ['9', 'Market On Close Imbalance Buy', null],
    ['Z', 'Market-wide trading halt', true], // in no list: its words decide
    ['Z', 'Something else', null],
  ] as const)('reads status %s (%s): halted %s', (statusCode, statusMessage, halted) => {
    const read = haltOf({ symbol: 'KO', statusCode, statusMessage, reasonCode: 'T1', reasonMessage: 'News' }, 5);
    expect(read).toEqual(halted === null ? null : { underlying: 'KO', halted, code: 'T1', reason: 'News', at: 5 });
  });
});

describe('the stream of order updates against a server that misbehaves', () => {
  const sendOrder = (clientOrderId: string) =>
    fetch(`${server.url}/v2/orders`, {
      method: 'POST',
      headers: { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret },
      body: JSON.stringify({
        symbol: 'SPY',
        qty: '1',
        side: 'buy',
        type: 'limit',
        limit_price: '1.00',
        time_in_force: 'day',
        client_order_id: clientOrderId,
      }),
    });

  it('calls a stream stale that says nothing of an accepted order, and believes the next connection', async () => {
    const heard: string[] = [];
    const stream = updatesOnThread({
      ...KEY,
      venue: embeddedVenue(server.url),
      clock: systemClock(),
      settings: { ...SETTINGS, authenticationMs: 5_000 },
      silenceMs: 500,
      onUpdate: (data) => heard.push(JSON.stringify(data)),
      onState: (state, detail) => said.push({ state, detail, at: Date.now() }),
    });
    stop = stream.stop;
    await stream.start();
    await vi.waitFor(() => expect(lastSaid()).toBe('connected'), { timeout: 8_000 });

    await sendOrder('spoken-of');
    stream.expectWord(0);
    await waitFor(() => expect(heard.length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(said.map(({ state }) => state)).toEqual(['connected']);

    exchange.faults.use([{ kind: 'silentStream', subject: 'trading' }]);
    const before = stream.framesReceived();
    await sendOrder('passed-over');
    stream.expectWord(before);
    await waitFor(() => expect(said.map(({ state }) => state)).toEqual(['connected', 'stale', 'connected']));
    expect(said[1]?.detail).toBe('order updates: silent for 0.5 s after the broker accepted an order');
    exchange.faults.use([]);
    await sendOrder('spoken-of-again');
    await waitFor(() => expect(heard.some((text) => text.includes('spoken-of-again'))).toBe(true));
    expect(heard.some((text) => text.includes('passed-over'))).toBe(false); // what the sweep after the gap is for
  }, 40_000);

  /** A server of a few words: what it answers to each message. */
  async function scripted(answers: (message: Record<string, unknown>) => unknown) {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    let connections = 0;
    sockets.on('connection', (socket) => {
      connections += 1;
      socket.on('message', (raw) => {
        const answer = answers(JSON.parse(String(raw)));
        if (answer) socket.send(JSON.stringify(answer));
      });
    });
    await new Promise((resolve) => sockets.once('listening', resolve));
    const address = sockets.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const stream = openUpdateStream({
      sdk,
      venue: { ...embeddedVenue(server.url), updatesUrl: `ws://127.0.0.1:${port}/stream` },
      clock: systemClock(),
      settings: { authenticationMs: 300, slowRetryMs: 300, renewMs: 100 },
      onUpdate() {},
      onState: (state, detail) => said.push({ state, detail, at: Date.now() }),
    });
    stop = () => {
      stream.stop();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    };
    return { stream, connections: () => connections };
  }

  it('gives up a connection that is never authenticated at its deadline, and tries one at a time', async () => {
    const { stream, connections } = await scripted(() => null);
    await expect(stream.start()).rejects.toThrow('not ready within 0.3 s');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    // One try takes its deadline and its pause: 0.6 s. Two chains of tries would show twice as many.
    expect(connections()).toBeGreaterThanOrEqual(3);
    expect(connections()).toBeLessThanOrEqual(5);
    expect(said.map(({ state }) => state)).not.toContain('connected');
  }, 20_000);

  it('keeps to one try at a time while its key is refused', async () => {
    const { stream, connections } = await scripted(() => ({ stream: 'authorization', data: { status: 'unauthorized' } }));
    await expect(stream.start()).rejects.toThrow('auth failed');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(connections()).toBeGreaterThanOrEqual(4);
    expect(connections()).toBeLessThanOrEqual(8);
  }, 20_000);

  it('does not believe an acknowledgement that leaves trade_updates out', async () => {
    const { stream } = await scripted(({ action }) =>
      action === 'listen'
        ? { stream: 'listening', data: { streams: [] } }
        : { stream: 'authorization', data: { status: 'authorized' } },
    );
    await expect(stream.start()).rejects.toThrow('does not listen to trade_updates');
    expect(said.map(({ state }) => state)).not.toContain('connected');
  }, 20_000);
});
