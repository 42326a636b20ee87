import { decode, ExtData, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Quote } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import { type Instant, instant } from '#domain/units';
import type { Exchange, IntradayBar } from '../exchangeApi.ts';

const message = z.looseObject({
  action: z.enum(['auth', 'subscribe', 'unsubscribe']),
  key: z.string().optional(),
  secret: z.string().optional(),
  quotes: z.array(z.string()).optional(),
  trades: z.array(z.string()).optional(),
  bars: z.array(z.string()).optional(),
  statuses: z.array(z.string()).optional(),
});

type Frame = Readonly<Record<string, unknown>>;

const MINUTE_MS = 60_000;

interface Client {
  readonly socket: WebSocket;
  readonly kind: 'options' | 'stocks' | 'news';
  known: boolean;
  readonly quotes: Set<string>;
  readonly trades: Set<string>;
  readonly bars: Set<string>;
  readonly statuses: Set<string>;
  /** Underlyings of which this client heard last that they are halted. */
  readonly halted: Set<string>;
  /** Until when trades and bars have been told. */
  toldUntil: Instant;
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
    const client: Client = {
      socket,
      kind,
      known: false,
      quotes: new Set(),
      trades: new Set(),
      bars: new Set(),
      statuses: new Set(),
      halted: new Set(),
      toldUntil: exchange.now(),
    };
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
    change(client, action, parsed.data);
  }

  function change(client: Client, action: 'subscribe' | 'unsubscribe', wanted: z.output<typeof message>): void {
    if (client.kind === 'options' && wanted.quotes?.includes('*'))
      return fail(client, 400, 'cannot subscribe to * for option quotes');
    // Option streams carry quotes and trades only.
    const channels =
      client.kind === 'options' ? (['quotes', 'trades'] as const) : (['quotes', 'trades', 'bars', 'statuses'] as const);
    const tooMany = channels.some(
      (channel) => new Set([...client[channel], ...(wanted[channel] ?? [])]).size > CAPS[client.kind],
    );
    if (action === 'subscribe' && tooMany) return fail(client, 405, 'symbol limit exceeded');
    for (const channel of channels)
      for (const symbol of wanted[channel] ?? [])
        action === 'subscribe' ? client[channel].add(symbol) : client[channel].delete(symbol);
    if (action === 'subscribe' && wanted.statuses) for (const symbol of exchange.market.halted()) client.halted.add(symbol);
    const { trades, quotes, bars, statuses } = client;
    const acknowledged = { T: 'subscription', trades: [...trades], quotes: [...quotes] };
    say(client, [client.kind === 'options' ? acknowledged : { ...acknowledged, bars: [...bars], statuses: [...statuses] }]);
  }

  /** Sends what is new of everything subscribed; the driver says how often. */
  function publish(): void {
    const now = exchange.now();
    for (const client of clients) {
      if (!client.known || client.kind === 'news') continue;
      const batch = [...quoteFrames(client), ...tradeFrames(client), ...barFrames(client), ...statusFrames(client)];
      client.toldUntil = now;
      if (batch.length === 0 || isStruck(client)) continue;
      say(client, batch);
      sent[client.kind] += 1;
    }
  }

  function quoteFrames({ quotes }: Client): Frame[] {
    return [...quotes].flatMap((symbol) => {
      const quote = exchange.market.quoteOf(symbol);
      return quote ? [frameOf(symbol, quote)] : [];
    });
  }

  /** An option's newest trade when it is new; the underlying's minute as one trade when it ends. */
  function tradeFrames({ trades, toldUntil, kind }: Client): Frame[] {
    return [...trades].flatMap((symbol): Frame[] => {
      if (kind === 'options') {
        const trade = exchange.market.look(symbol)?.lastTrade;
        if (!trade || trade.at <= toldUntil) return [];
        return [{ T: 't', S: symbol, t: timestamp(trade.at), p: trade.price, s: trade.size, x: 'A', c: 'I' }];
      }
      return minutesEnded(symbol, toldUntil).map((bar) => {
        const at = bar.at + MINUTE_MS;
        return {
          T: 't',
          S: symbol,
          i: bar.at % 1_000_000,
          x: 'V',
          p: bar.close,
          s: bar.volume,
          c: ['@'],
          z: 'B',
          t: timestamp(at),
        };
      });
    });
  }

  function barFrames({ bars, toldUntil }: Client): Frame[] {
    return [...bars].flatMap((symbol) =>
      minutesEnded(symbol, toldUntil).map(({ at, open, high, low, close, volume }) => ({
        T: 'b',
        S: symbol,
        o: open,
        h: high,
        l: low,
        c: close,
        v: volume,
        n: 1,
        vw: close,
        t: timestamp(at),
      })),
    );
  }

  /** Halts that began or ended since this client heard of them; as on the tape, nothing is told of those before it asked. */
  function statusFrames({ statuses, halted }: Client): Frame[] {
    if (statuses.size === 0) return [];
    const now = exchange.market.halted().filter((symbol) => statuses.has('*') || statuses.has(symbol));
    const begun = now.filter((symbol) => !halted.has(symbol));
    const over = [...halted].filter((symbol) => !now.includes(symbol));
    for (const symbol of begun) halted.add(symbol);
    for (const symbol of over) halted.delete(symbol);
    return [...begun.map((symbol) => statusOf(symbol, true)), ...over.map((symbol) => statusOf(symbol, false))];
  }

  /** A trading status in the codes of the symbol's tape: C for Nasdaq's, A and B for the others. */
  function statusOf(symbol: string, halted: boolean): Frame {
    const profile = exchange.market.underlyings.find((each) => each.symbol === symbol);
    const utp = profile?.exchange === 'NASDAQ';
    const halt = exchange.market.haltOf(symbol);
    return {
      T: 's',
      S: symbol,
      sc: halted ? (utp ? 'H' : '2') : utp ? 'T' : '3',
      sm: halted ? 'Trading Halt' : utp ? 'Trading Resumption' : 'Resume',
      rc: halt?.code ?? '',
      rm: halt?.reason ?? '',
      t: timestamp(exchange.now()),
      z: utp ? 'C' : 'B',
    };
  }

  /** Minutes that were complete at the present and not yet at `since`. */
  function minutesEnded(symbol: string, since: Instant): readonly IntradayBar[] {
    const from = instant(Math.max(0, since - MINUTE_MS + 1));
    return exchange.market.minuteBars(symbol, from, instant(Math.max(from, exchange.now() - MINUTE_MS + 1)));
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

function frameOf(symbol: string, quote: Quote): Frame {
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
