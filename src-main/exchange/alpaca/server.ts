import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { instant } from '#domain/units';
import type { Exchange } from '../exchangeApi.ts';
import { faultScript } from '../faults.ts';
import { dataRoutes } from './dataRoutes.ts';
import { serveQuotes } from './quoteSockets.ts';
import { failure, ok, type Route, type RouteAnswer } from './route.ts';
import { tradingRoutes } from './tradingRoutes.ts';
import { serveUpdates } from './updateSockets.ts';
import { type WireFault, wireFaultOf } from './wireFaults.ts';

export interface AlpacaServerOptions {
  readonly exchange: Exchange;
  readonly keyId: string;
  readonly secret: string;
  /** Opens the private lever under /strikedesk/ that moves the exchange's clock. */
  readonly controlToken: string;
  /** 0 = any free port. */
  readonly port: number;
}

export interface AlpacaServer {
  readonly url: string;
  framesSent(): { readonly trading: number; readonly options: number; readonly stocks: number };
  close(): Promise<void>;
}

const MAX_BODY = 65_536;
/** Stands for a body that is not JSON. */
const MALFORMED = Symbol('malformed body');

/** The embedded exchange on loopback, speaking Alpaca's own protocol: one port for trading, data and streams. */
export async function createAlpacaServer(options: AlpacaServerOptions): Promise<AlpacaServer> {
  const { exchange } = options;
  const routes: readonly Route[] = [...tradingRoutes(exchange), ...dataRoutes(exchange)];
  const updates = serveUpdates(exchange, options);
  const quotes = serveQuotes(exchange, options);
  let requests = 0;

  const framesSent = (): ReturnType<AlpacaServer['framesSent']> => ({ trading: updates.framesSent(), ...quotes.framesSent() });

  const server = createServer((request, response) => {
    requests += 1;
    const id = `req-${requests}`;
    handle(request, id).then(
      ({ answer, fault }) => reply(response, answer, fault, id),
      (error: unknown) =>
        reply(
          response,
          failure(500, 50010000, error instanceof Error ? error.message : 'internal server error occurred'),
          null,
          id,
        ),
    );
  });

  async function handle(
    request: IncomingMessage,
    id: string,
  ): Promise<{ readonly answer: RouteAnswer; readonly fault: WireFault | null }> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await bodyOf(request);
    if (url.pathname.startsWith('/strikedesk/')) return { answer: control(request, url, body), fault: null };
    if (request.headers['apca-api-key-id'] !== options.keyId || request.headers['apca-api-secret-key'] !== options.secret)
      return { answer: { status: 403, body: { message: 'forbidden.' } }, fault: null };
    const fault = wireFaultOf(exchange, request.method ?? 'GET', url.pathname, id);
    if (fault?.before) return { answer: fault.answer, fault };
    if (body === MALFORMED) return { answer: failure(400, 40010000, 'request body format is invalid'), fault };
    return { answer: routed(request.method ?? 'GET', url, body), fault };
  }

  function routed(method: string, url: URL, body: unknown): RouteAnswer {
    for (const route of routes) {
      if (route.method !== method) continue;
      const match = route.pattern.exec(decodeURIComponent(url.pathname));
      if (match) return route.answer({ path: match.slice(1), query: url.searchParams, body });
    }
    return failure(404, 40410000, `endpoint not found: ${method} ${url.pathname}`);
  }

  /** The lever for an engine in another process: simulated time moves when it says so. */
  function control(request: IncomingMessage, url: URL, body: unknown): RouteAnswer {
    if (request.headers.authorization !== `Bearer ${options.controlToken}`)
      return { status: 401, body: { message: 'unauthorized' } };
    if (url.pathname === '/strikedesk/now') return ok({ now: exchange.now(), framesSent: framesSent() });
    if (url.pathname === '/strikedesk/advance') {
      const target = typeof body === 'object' && body !== null && 'target' in body ? Number(body.target) : Number.NaN;
      if (!Number.isSafeInteger(target) || target < exchange.now())
        return failure(422, 42210000, 'target must be a time that is not past');
      const now = exchange.advanceTo(instant(target));
      quotes.publish();
      return ok({ now, framesSent: framesSent() });
    }
    if (url.pathname === '/strikedesk/earnings')
      return ok(exchange.market.underlyings.flatMap(({ symbol }) => exchange.market.historyOf(symbol, 1)?.earnings ?? []));
    if (url.pathname === '/strikedesk/faults') {
      const script = faultScript.safeParse(body);
      if (!script.success) return failure(422, 42210000, script.error.issues[0]?.message ?? 'invalid fault script');
      exchange.faults.use(script.data);
      return ok({ rules: script.data.length });
    }
    if (url.pathname === '/strikedesk/disconnect') {
      updates.disconnectAll();
      quotes.disconnectAll();
      return ok({});
    }
    return failure(404, 40410000, 'no such control');
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1 << 20 });
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    sockets.handleUpgrade(request, socket, head, (client) => {
      if (path === '/stream') updates.accept(client);
      else quotes.accept(client, path);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    framesSent,
    async close() {
      updates.stop();
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size > MAX_BODY) throw new RangeError('request body too large');
    chunks.push(part);
  }
  if (size === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return MALFORMED;
  }
}

function reply(response: ServerResponse, answer: RouteAnswer, fault: WireFault | null, id: string): void {
  if (fault?.hangUp) {
    response.destroy();
    return;
  }
  const headers = {
    'X-Request-ID': id,
    'X-RateLimit-Limit': '200',
    'X-RateLimit-Remaining': '199',
    'X-RateLimit-Reset': '0',
    ...fault?.headers,
  };
  if (fault?.malformed !== undefined) {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/html' });
    response.end(fault.malformed);
    return;
  }
  if (answer.body === undefined && answer.text === undefined) {
    response.writeHead(answer.status, headers);
    response.end();
    return;
  }
  response.writeHead(answer.status, { ...headers, 'Content-Type': 'application/json; charset=UTF-8' });
  response.end(answer.text ?? JSON.stringify(answer.body));
}
