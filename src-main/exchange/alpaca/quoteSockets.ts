import { decode, ExtData, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Exchange } from '../exchangeApi.ts';

const message = z.looseObject({
  action: z.enum(['auth', 'subscribe', 'unsubscribe']),
  key: z.string().optional(),
  secret: z.string().optional(),
  quotes: z.array(z.string()).optional(),
  trades: z.array(z.string()).optional(),
  bars: z.array(z.string()).optional(),
});

interface Client {
  readonly socket: WebSocket;
  readonly kind: 'options' | 'stocks' | 'news';
  known: boolean;
  readonly quotes: Set<string>;
  readonly trades: Set<string>;
}

/** Symbols that one connection may hold, as on the free plan for options and stocks. */
const CAPS = { options: 200, stocks: 30, news: 1000 } as const;

/** A client that has not authenticated by then is sent away. */
const AUTH_TIMEOUT_MS = 10_000;

/** Market data streams in MessagePack: the option stream, the stock stream and news; one connection for each. */
export function serveQuotes(exchange: Exchange, credentials: { readonly keyId: string; readonly secret: string }) {
  const clients = new Set<Client>();
  const sent = { options: 0, stocks: 0 };
  let occasions = 0;

  const say = (client: Client, messages: readonly Record<string, unknown>[]): void => client.socket.send(encode(messages));
  const fail = (client: Client, code: number, msg: string): void => say(client, [{ T: 'error', code, msg }]);

  function accept(socket: WebSocket, path: string): void {
    const kind = path.startsWith('/v1beta1/news') ? 'news' : path.startsWith('/v1beta1/') ? 'options' : 'stocks';
    const client: Client = { socket, kind, known: false, quotes: new Set(), trades: new Set() };
    const taken = [...clients].some((other) => other.kind === kind);
    say(client, [{ T: 'success', msg: 'connected' }]);
    if (taken) {
      fail(client, 406, 'connection limit exceeded');
      return;
    }
    clients.add(client);
    const deadline = setTimeout(() => {
      if (client.known) return;
      fail(client, 404, 'auth timeout');
      socket.close();
    }, AUTH_TIMEOUT_MS).unref();
    socket.on('message', (raw) => hear(client, raw instanceof Buffer ? raw : Buffer.from(String(raw))));
    socket.on('close', () => {
      clearTimeout(deadline);
      clients.delete(client);
    });
    socket.on('error', () => clients.delete(client));
  }

  function hear(client: Client, raw: Buffer): void {
    const parsed = message.safeParse(readMessage(raw));
    if (!parsed.success) return fail(client, 400, 'invalid syntax');
    const { action, key, secret } = parsed.data;
    if (action === 'auth') {
      if (client.known) return fail(client, 403, 'already authenticated');
      client.known = key === credentials.keyId && secret === credentials.secret;
      return client.known ? say(client, [{ T: 'success', msg: 'authenticated' }]) : fail(client, 402, 'auth failed');
    }
    if (!client.known) return fail(client, 401, 'not authenticated');
    change(client, action, parsed.data.quotes ?? [], parsed.data.trades ?? []);
  }

  function change(
    client: Client,
    action: 'subscribe' | 'unsubscribe',
    quotes: readonly string[],
    trades: readonly string[],
  ): void {
    if (client.kind === 'options' && quotes.includes('*')) return fail(client, 400, 'cannot subscribe to * for option quotes');
    const after = new Set([...client.quotes, ...quotes]);
    if (action === 'subscribe' && after.size > CAPS[client.kind]) return fail(client, 405, 'symbol limit exceeded');
    for (const symbol of quotes) action === 'subscribe' ? client.quotes.add(symbol) : client.quotes.delete(symbol);
    for (const symbol of trades) action === 'subscribe' ? client.trades.add(symbol) : client.trades.delete(symbol);
    say(client, [{ T: 'subscription', trades: [...client.trades], quotes: [...client.quotes] }]);
  }

  /** Sends the newest quote of everything subscribed; the driver says how often. */
  function publish(): void {
    for (const client of clients) {
      if (!client.known || client.quotes.size === 0 || client.kind === 'news') continue;
      const batch = [...client.quotes].flatMap((symbol) => {
        const quote = exchange.market.quoteOf(symbol);
        return quote ? [frameOf(symbol, quote)] : [];
      });
      if (batch.length === 0 || isStruck(client)) continue;
      say(client, batch);
      sent[client.kind] += 1;
    }
  }

  /** A fault of this stream: it says nothing, or its socket is gone. */
  function isStruck({ kind, socket }: Client): boolean {
    const { faults } = exchange;
    occasions += 1;
    if (faults.strike('disconnectStream', kind, occasions, exchange.now())) {
      socket.terminate();
      return true;
    }
    return faults.strike('silentStream', kind, occasions, exchange.now()) !== null;
  }

  return {
    accept,
    publish,
    framesSent: (): typeof sent => ({ ...sent }),
    disconnectAll(): void {
      for (const client of clients) client.socket.terminate();
    },
  };
}

function frameOf(symbol: string, quote: Quote): Record<string, unknown> {
  const option = parseOccSymbol(symbol) !== null;
  return {
    T: 'q',
    S: symbol,
    bx: option ? 'A' : 'V',
    bp: quote.bid,
    bs: quote.bidSize,
    ax: option ? 'A' : 'V',
    ap: quote.ask,
    as: quote.askSize,
    c: option ? 'A' : ['R'],
    t: timestamp(quote.at),
  };
}

/** MessagePack's timestamp extension (-1), 64-bit form: 30 bits of nanoseconds, 34 bits of seconds. */
function timestamp(at: number): ExtData {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  const seconds = Math.floor(at / 1000);
  const nanos = (at % 1000) * 1_000_000;
  view.setUint32(0, nanos * 4 + Math.floor(seconds / 2 ** 32));
  view.setUint32(4, seconds >>> 0);
  return new ExtData(-1, bytes);
}

function readMessage(raw: Buffer): unknown {
  try {
    return raw[0] === 0x7b ? JSON.parse(raw.toString('utf8')) : decode(raw);
  } catch {
    return null;
  }
}
