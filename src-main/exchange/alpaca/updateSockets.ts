import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Exchange } from '../exchangeApi.ts';
import { updateJson } from './renderOrders.ts';

const message = z.union([
  z.looseObject({ action: z.literal('authenticate'), data: z.looseObject({ key_id: z.string(), secret_key: z.string() }) }),
  z.looseObject({ action: z.literal('auth'), key: z.string(), secret: z.string() }),
  z.looseObject({ action: z.literal('listen'), data: z.looseObject({ streams: z.array(z.string()) }) }),
]);

/** The `trade_updates` stream: JSON in binary frames, authentication first, nothing replayed. */
export function serveUpdates(exchange: Exchange, credentials: { readonly keyId: string; readonly secret: string }) {
  const listening = new Set<WebSocket>();
  let sent = 0;
  let occasions = 0;

  const say = (socket: WebSocket, value: unknown): void => socket.send(Buffer.from(JSON.stringify(value)));

  const forget = exchange.desk.onOrderUpdate((update) => {
    const frame = Buffer.from(JSON.stringify(updateJson(update)));
    for (const socket of listening) {
      occasions += 1;
      if (exchange.faults.strike('disconnectStream', 'trading', occasions, exchange.now())) {
        // Closed after what was said before: a driver that counts frames must not wait for one that was never sent.
        listening.delete(socket);
        socket.close();
        continue;
      }
      if (exchange.faults.strike('silentStream', 'trading', occasions, exchange.now())) continue;
      socket.send(frame);
      sent += 1;
    }
  });

  function accept(socket: WebSocket): void {
    let known = false;
    socket.on('message', (raw) => {
      const parsed = message.safeParse(readJson(String(raw)));
      if (!parsed.success) {
        say(socket, { action: 'error', data: { error_message: 'invalid message' } });
        return socket.close();
      }
      const { data: said } = parsed;
      if (said.action === 'listen') {
        if (!known) return say(socket, { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
        const streams = said.data.streams.filter((stream) => stream === 'trade_updates');
        if (streams.length > 0) listening.add(socket);
        return say(socket, { stream: 'listening', data: { streams } });
      }
      const keyId = said.action === 'auth' ? said.key : said.data.key_id;
      const secret = said.action === 'auth' ? said.secret : said.data.secret_key;
      known = keyId === credentials.keyId && secret === credentials.secret;
      return say(socket, {
        stream: 'authorization',
        data: { status: known ? 'authorized' : 'unauthorized', action: 'authenticate' },
      });
    });
    socket.on('close', () => listening.delete(socket));
    socket.on('error', () => listening.delete(socket));
  }

  return {
    accept,
    framesSent: (): number => sent,
    disconnectAll(): void {
      for (const socket of listening) socket.terminate();
    },
    stop: forget,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
