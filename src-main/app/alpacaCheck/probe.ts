import WebSocket from 'ws';
import type { AlpacaVenue } from '#adapters/brokers/alpaca/venue';

/** What came back on the wire, undecoded: the check is about the wire itself. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null for an empty body or one that is not JSON. */
  readonly body: unknown;
}

export interface UpdateListener {
  /** Event names in the order in which they came, of one client order id. */
  eventsOf(clientOrderId: string): readonly string[];
  isOpen(): boolean;
  close(): void;
}

/** Requests and streams of one account, each sent once and never retried. */
export interface Probe {
  request(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<WireAnswer>;
  listen(): Promise<UpdateListener>;
  /** Lets a moment pass in which the venue may answer. */
  pause(): Promise<void>;
}

const REQUEST_MS = 15_000;
const LISTEN_MS = 10_000;

/** Opens a probe on a venue. `pause` is the venue's own way to let time pass. */
export function createProbe(venue: AlpacaVenue, key: { keyId: string; secret: string }, pause: () => Promise<void>): Probe {
  const headers = {
    'APCA-API-KEY-ID': key.keyId,
    'APCA-API-SECRET-KEY': key.secret,
    'Content-Type': 'application/json',
  };
  return {
    pause,
    async request(method, path, body) {
      const base = /^\/(v2\/stocks|v1beta1)\//.test(path) ? venue.dataUrl : venue.tradingUrl;
      const answer = await fetch(`${base}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(REQUEST_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, headers: answer.headers, body: jsonOf(await answer.text()) };
    },
    listen: () => listenTo(venue.updatesUrl, key),
  };
}

function listenTo(url: string, key: { readonly keyId: string; readonly secret: string }): Promise<UpdateListener> {
  const socket = new WebSocket(url);
  const events: { readonly id: string; readonly event: string }[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error('the update stream did not answer'));
    }, LISTEN_MS);
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.on('open', () => socket.send(JSON.stringify({ action: 'auth', key: key.keyId, secret: key.secret })));
    socket.on('message', (raw) => {
      const message = jsonOf(String(raw));
      const stream = fieldOf(message, 'stream');
      const data = fieldOf(message, 'data');
      if (stream === 'authorization') {
        if (fieldOf(data, 'status') !== 'authorized') return socket.terminate();
        socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
      }
      if (stream === 'listening') {
        clearTimeout(timer);
        resolve({
          eventsOf: (id) => events.filter((one) => one.id === id).map(({ event }) => event),
          isOpen: () => socket.readyState === WebSocket.OPEN,
          close: () => socket.terminate(),
        });
      }
      if (stream === 'trade_updates')
        events.push({ id: String(fieldOf(fieldOf(data, 'order'), 'client_order_id')), event: String(fieldOf(data, 'event')) });
    });
  });
}

/** A field of an answer; undefined where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
