import { once } from 'node:events';
import { decode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { nextSession } from '#domain/market/calendar';
import { plusMs } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { smallExchange } from '#support/embeddedAccount';

/** Answers and frames of the stand-in for Alpaca, as text; quotes and statuses as the JSON of their packed form. */
export interface Captured {
  /** By what is asked: see {@link REST}. */
  readonly rest: Readonly<Record<string, string>>;
  readonly updates: readonly string[];
  readonly optionQuotes: readonly string[];
  readonly stockQuotes: readonly string[];
}

/** What stands for the battery's own order in every payload. */
export interface Own {
  readonly clientOrderId: string;
  readonly legs: readonly [short: string, long: string];
}

const KEY = { keyId: 'PKPAYLOADS', secret: 'secret', controlToken: 'control' };
const HEADERS = { 'APCA-API-KEY-ID': KEY.keyId, 'APCA-API-SECRET-KEY': KEY.secret };

/** Trades two put spreads and a share at the stand-in and keeps whatever it says, with `own` in the place of its order. */
export async function capture(own: Own): Promise<Captured> {
  const exchange = smallExchange();
  const until = plusMs(nextSession(exchange.now()).open, 1_800_000);
  while (exchange.now() < until) exchange.advanceTo(until);
  const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  try {
    const spot = exchange.market.quoteOf('SPY')?.bid ?? 0;
    const puts = exchange.market
      .contracts({ underlyings: ['SPY'], right: 'put', strikeFrom: spot - 15, strikeTo: spot - 2 })
      .filter(({ expiration }) => expiration === '2026-01-30')
      .map(({ symbol }) => symbol);
    const [long = '', short = ''] = [puts[0], puts.at(-1)];
    const owned = (text: string): string => text.replaceAll(short, own.legs[0]).replaceAll(long, own.legs[1]);
    const updates: string[] = [];
    const trading = await listening(`${server.url}/stream`, (raw) => {
      if (raw.includes('"trade_updates"') && raw.includes('"event"')) updates.push(owned(raw));
    });
    trading.send(JSON.stringify({ action: 'authenticate', data: { key_id: KEY.keyId, secret_key: KEY.secret } }));
    trading.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    const optionQuotes: string[] = [];
    const stockQuotes: string[] = [];
    const quotes = [
      await quoting(`${server.url}/v1beta1/indicative`, [short, long], [], optionQuotes),
      await quoting(`${server.url}/v2/iex`, ['SPY'], ['*'], stockQuotes),
    ];
    const ask = async (path: string, method = 'GET', body?: unknown): Promise<string> => {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: HEADERS,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return owned(await answer.text());
    };
    const move = async (seconds: number): Promise<void> => {
      const target = exchange.now() + seconds * 1000;
      while (exchange.now() < target) {
        await fetch(`${server.url}/strikedesk/advance`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${KEY.controlToken}` },
          body: JSON.stringify({ target }),
        });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await new Promise((resolve) => setTimeout(resolve, 100));
    const leg = (symbol: string, side: string) => ({ symbol, ratio_qty: '1', side, position_intent: `${side}_to_open` });
    const order = { type: 'limit', time_in_force: 'day' };
    const mleg = { ...order, order_class: 'mleg', qty: '2', limit_price: '0.00', legs: [leg(short, 'sell'), leg(long, 'buy')] };
    const posted = await ask('/v2/orders', 'POST', { ...mleg, client_order_id: own.clientOrderId });
    await move(10);
    await ask('/v2/orders', 'POST', { ...mleg, limit_price: '-4.50', client_order_id: 'resting' });
    await ask('/v2/orders', 'POST', {
      ...order,
      symbol: 'SPY',
      qty: '1',
      side: 'buy',
      limit_price: (spot + 5).toFixed(2),
      client_order_id: 'shares',
    });
    await move(10);
    const byClient = await ask(`/v2/orders:by_client_order_id?client_order_id=${own.clientOrderId}`);
    const id = idIn(byClient);
    const near = `strike_price_gte=${spot - 4}&strike_price_lte=${spot + 4}`;
    const rest = {
      posted,
      byClient,
      byId: await ask(`/v2/orders/${id}?nested=true`),
      account: await ask('/v2/account'),
      positions: await ask('/v2/positions'),
      open: await ask('/v2/orders?status=open&nested=true'),
      closed: await ask('/v2/orders?status=closed&nested=true'),
      activities: await ask('/v2/account/activities?direction=asc'),
      contracts: await ask(
        `/v2/options/contracts?underlying_symbols=SPY&expiration_date_gte=2026-01-30&expiration_date_lte=2026-01-30&${near}`,
      ),
      chain: await ask(
        `/v1beta1/options/snapshots/SPY?feed=indicative&expiration_date_gte=2026-01-30&expiration_date_lte=2026-01-30&${near}`,
      ),
      spots: await ask('/v2/stocks/quotes/latest?symbols=SPY&feed=iex'),
      optionQuotes: await ask(`/v1beta1/options/quotes/latest?symbols=${short},${long}&feed=indicative`),
      bars: await ask('/v2/stocks/bars?symbols=SPY&timeframe=1Day&start=2025-12-20T00:00:00Z&limit=10000&feed=iex'),
      actions: await ask('/v1/corporate-actions?symbols=SPY&types=cash_dividend&start=2025-01-01&end=2026-12-31'),
    };
    exchange.faults.use([{ kind: 'halt', subject: 'SPY' }]);
    await move(3);
    await ask(`/v2/orders/${id}`, 'DELETE');
    await move(3);
    for (const socket of [trading, ...quotes]) socket.terminate();
    return { rest, updates: [...new Set(updates)], optionQuotes, stockQuotes };
  } finally {
    await server.close();
  }
}

async function listening(url: string, hear: (text: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  socket.on('message', (raw) => hear(String(raw)));
  await once(socket, 'open');
  return socket;
}

async function quoting(url: string, quotes: readonly string[], statuses: readonly string[], kept: string[]): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers: { 'Content-Type': 'application/msgpack' } });
  socket.on('message', (raw: Buffer) => {
    const messages: unknown = decode(raw);
    if (!Array.isArray(messages)) return;
    for (const message of messages) {
      const text = JSON.stringify(message);
      if (/"T":"(q|s)"/.test(text) && kept.length < 40) kept.push(text);
    }
  });
  await once(socket, 'open');
  const { encode } = await import('@msgpack/msgpack');
  socket.send(encode({ action: 'auth', key: KEY.keyId, secret: KEY.secret }));
  socket.send(encode({ action: 'subscribe', quotes, ...(statuses.length > 0 ? { statuses } : {}) }));
  return socket;
}

function idIn(text: string): string {
  const json: unknown = JSON.parse(text);
  return typeof json === 'object' && json !== null && 'id' in json ? String(json.id) : '';
}
