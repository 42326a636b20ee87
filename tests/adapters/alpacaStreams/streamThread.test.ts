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

function open(stream: Parameters<typeof openStreamThread>[0]['order']['stream'], secret = KEY.secret): StreamThread {
  thread = openStreamThread({
    order: { keyId: KEY.keyId, secret, venue: embeddedVenue(server.url), authenticationMs: 3_000, slowRetryMs: 200, stream },
    clock: systemClock(),
    onMessage: (message) => said.push(message),
  });
  return thread;
}

const QUOTES = { kind: 'quotes', optionFeed: 'indicative', stockFeed: 'iex', maxOptions: 50 } as const;

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

  it('says that it is not connected while its key is refused, and goes on trying', async () => {
    open(QUOTES, 'wrong');
    await vi.waitFor(() => expect(states().filter((state) => state === 'disconnected').length).toBeGreaterThan(1), {
      timeout: 12_000,
    });
    expect(states()).not.toContain('connected');
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
