import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server on the way makes of one kind of request: some reach the broker first, of some the answer is changed. */
export type WireFault =
  /** Answers by itself. `forwarded`: the broker has acted on it all the same. */
  | {
      readonly kind: 'says';
      readonly status: number;
      readonly body: string;
      readonly type?: string;
      readonly forwarded?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The broker's answer, changed. */
  | {
      readonly kind: 'changes';
      readonly change: (text: string) => string;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'silent'; readonly forwarded: boolean }
  /** The answer comes drop by drop and never ends. */
  | { readonly kind: 'drips' }
  | { readonly kind: 'resetsBeforeHead'; readonly forwarded: boolean }
  | { readonly kind: 'resetsInBody' };

export interface FaultyWire {
  readonly url: string;
  /** From now on every request `METHOD /path` that begins with `on` meets this; null = none does. */
  use(on: string, fault: WireFault | null): void;
  /** What was asked since the last fault was set, as `METHOD /path`. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** A server on loopback between the adapter and the broker's. */
export async function openFaultyWire(target: string): Promise<FaultyWire> {
  let rule: { readonly on: string; readonly fault: WireFault } | null = null;
  let asked: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${request.method ?? 'GET'} ${request.url ?? '/'}`;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    asked.push(name);
    const fault = rule && name.startsWith(rule.on) ? rule.fault : null;
    const forward = () => passOn(request, Buffer.concat(chunks), target);
    if (fault === null) {
      const passed = await forward();
      response.writeHead(passed.status, { 'Content-Type': passed.type });
      response.end(passed.text);
      return;
    }
    switch (fault.kind) {
      case 'says':
        if (fault.forwarded) await forward();
        response.writeHead(fault.status, { 'Content-Type': fault.type ?? 'application/json', ...fault.headers });
        response.end(fault.body);
        return;
      case 'changes': {
        const passed = await forward();
        response.writeHead(passed.status, { 'Content-Type': fault.type ?? passed.type, ...fault.headers });
        response.end(fault.change(passed.text));
        return;
      }
      case 'silent':
        if (fault.forwarded) await forward();
        return;
      case 'drips': {
        const { text, status, type } = await forward();
        response.writeHead(status, { 'Content-Type': type });
        let place = 0;
        const drip = setInterval(() => {
          response.write(text.charAt(place % Math.max(1, text.length - 1)) || ' ');
          place += 1;
        }, 40);
        response.on('close', () => clearInterval(drip));
        return;
      }
      case 'resetsBeforeHead':
        if (fault.forwarded) await forward();
        response.destroy();
        return;
      case 'resetsInBody': {
        const { text, status, type } = await forward();
        response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) + 10 });
        response.write(text.slice(0, Math.ceil(text.length / 2)), () => setTimeout(() => response.destroy(), 20));
        return;
      }
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    use(on, fault) {
      rule = fault === null ? null : { on, fault };
      asked = [];
    },
    asked: () => asked,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function passOn(
  request: IncomingMessage,
  body: Buffer,
  target: string,
): Promise<{ readonly status: number; readonly text: string; readonly type: string }> {
  const method = request.method ?? 'GET';
  const headers = new Headers();
  for (const name of ['apca-api-key-id', 'apca-api-secret-key', 'content-type', 'authorization']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await fetch(`${target}${request.url ?? '/'}`, {
    method,
    headers,
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: new Uint8Array(body) }),
  });
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('Content-Type') ?? 'text/plain' };
}
