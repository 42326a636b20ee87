import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FromStream } from '#adapters/alpacaStreams/messages';
import { openStreamThread, type StreamThread } from '#adapters/alpacaStreams/streamThread';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { systemClock } from '#adapters/clock/systemClock';
import { nextSession } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { manualClock } from '#support/manualClock';

const KEY = { keyId: 'PKSTREAM', secret: 'secret', controlToken: 'control' };

let exchange: Exchange;
let server: AlpacaServer;
let said: Exclude<FromStream, { kind: 'alive' }>[] = [];
let thread: StreamThread | null = null;

const control = (path: string, body?: unknown) =>
  fetch(`${server.url}/strikedesk/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${KEY.controlToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
/** Moves the market, which makes the server publish the quotes that are watched. */
const advance = () => control('advance', { target: exchange.now() + 1_000 });
const states = () => said.flatMap((message) => (message.kind === 'state' ? [message.state] : []));
const quoted = () =>
  new Set(said.flatMap((message) => (message.kind === 'quotes' ? message.quotes.map(({ symbol }) => symbol) : [])));

beforeEach(async () => {
  exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 30 } } });
  const until = plusMs(nextSession(exchange.now()).open, 600_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  said = [];
});
afterEach(async () => {
  thread?.stop();
  await server.close();
});

type Spawn = NonNullable<Parameters<typeof openStreamThread>[0]['spawn']>;

function open(
  stream: Parameters<typeof openStreamThread>[0]['order']['stream'],
  secret = KEY.secret,
  spawn?: Spawn,
): StreamThread {
  thread = openStreamThread({
    order: {
      keyId: KEY.keyId,
      secret,
      venue: embeddedVenue(server.url),
      settings: { authenticationMs: 3_000, slowRetryMs: 200, renewMs: 200 },
      stream,
    },
    clock: systemClock(),
    onMessage: (message) => said.push(message),
    ...(spawn ? { spawn } : {}),
  });
  return thread;
}

const QUOTES = {
  kind: 'quotes',
  optionFeed: 'indicative',
  stockFeed: 'iex',
  maxOptions: 50,
  maxStocks: 30,
  silenceMs: 60_000,
  hours: 'always',
} as const;

describe('a stream on its own thread', () => {
  it('hands on the quotes that are wanted, and again after every disconnection', async () => {
    const option = exchange.market.contracts({ underlyings: ['SPY'] })[40]?.symbol ?? '';
    open(QUOTES).watch(['SPY', option]);
    await vi.waitFor(() => expect(states()).toContain('connected'), { timeout: 8_000 });
    await vi.waitFor(
      async () => {
        await advance();
        expect(quoted()).toEqual(new Set(['SPY', option]));
      },
      { timeout: 8_000, interval: 150 },
    );
    await control('disconnect');
    said = [];
    await vi.waitFor(
      async () => {
        await advance();
        expect(quoted()).toEqual(new Set(['SPY', option]));
      },
      { timeout: 15_000, interval: 200 },
    );
  }, 40_000);

  it('replaces a thread that dies, with what was wanted, and is heard again', async () => {
    const option = exchange.market.contracts({ underlyings: ['SPY'] })[40]?.symbol ?? '';
    const threads: Worker[] = [];
    open(QUOTES, KEY.secret, (order) => {
      const next = new Worker(new URL('../../../src-main/adapters/alpacaStreams/streamWorker.ts', import.meta.url), {
        workerData: order,
      });
      threads.push(next);
      return next;
    }).watch([option]);
    const heard = () =>
      vi.waitFor(
        async () => {
          await advance();
          expect(quoted()).toEqual(new Set([option]));
        },
        { timeout: 15_000, interval: 150 },
      );
    await heard();
    await threads[0]?.terminate();
    await vi.waitFor(() => expect(states().at(-1)).toBe('disconnected'), { timeout: 3_000 });
    said = [];
    await heard();
    expect(states()).toContain('connected');
    expect(threads).toHaveLength(2);
  }, 40_000);

  it('replaces a thread that falls silent ten seconds after its last word, and one that cannot run again and again', async () => {
    const clock = manualClock();
    const scripts = [
      `require('node:worker_threads').parentPort.on('message', () => {}); require('node:worker_threads').parentPort.postMessage({ kind: 'alive' });`,
      `throw new Error('out of memory')`,
      `throw new Error('out of memory')`,
      `require('node:worker_threads').parentPort.on('message', (m) => require('node:worker_threads').parentPort.postMessage({ kind: 'state', state: 'connected', detail: m.symbols.join() }));`,
    ];
    let started = 0;
    thread = openStreamThread({
      order: {
        ...KEY,
        venue: embeddedVenue(server.url),
        settings: { authenticationMs: 1, slowRetryMs: 1, renewMs: 1 },
        stream: QUOTES,
      },
      clock,
      onMessage: (message) => said.push(message),
      spawn() {
        started += 1;
        return new Worker(scripts[started - 1] ?? '', { eval: true });
      },
    });
    thread.watch(['SPY']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.advance(10_000);
    expect(said).toEqual([]);
    clock.advance(2_000);
    expect(said).toEqual([{ kind: 'state', state: 'stale', detail: 'quotes: its thread does not answer' }]);
    for (const deaths of [1, 2]) {
      clock.advance(2_000);
      await vi.waitFor(() => expect(said).toHaveLength(1 + deaths));
    }
    expect(said.slice(1)).toEqual(Array(2).fill({ kind: 'state', state: 'disconnected', detail: 'quotes: out of memory' }));
    clock.advance(2_000);
    await vi.waitFor(() => expect(said.at(-1)).toEqual({ kind: 'state', state: 'connected', detail: 'SPY' }));
    expect(started).toBe(4);
  }, 20_000);

  it('says once, and why, that it is not connected while its key is refused', async () => {
    open(QUOTES, 'wrong');
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 8_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(said).toEqual([
      { kind: 'state', state: 'disconnected', detail: expect.stringMatching(/^(option|stock) quotes: auth failed$/) },
    ]);
  }, 20_000);

  it('hears order updates with their numbers whole', async () => {
    open({ kind: 'updates' });
    await vi.waitFor(() => expect(states()).toContain('connected'), { timeout: 8_000 });
    await fetch(`${server.url}/v2/orders`, {
      method: 'POST',
      headers: { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret },
      body: JSON.stringify({
        symbol: 'SPY',
        qty: '3',
        side: 'buy',
        type: 'limit',
        limit_price: '1.00',
        time_in_force: 'day',
        client_order_id: 'heard-1',
      }),
    });
    await advance();
    await vi.waitFor(
      () =>
        expect(said.some((message) => message.kind === 'update' && JSON.stringify(message.data).includes('heard-1'))).toBe(true),
      { timeout: 8_000 },
    );
  }, 20_000);
});
