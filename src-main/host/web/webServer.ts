import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { type Handlers, serve } from '#wire/host';
import type { CodeLock } from '../codeLock.ts';
import { securityHeaders } from './securityHeaders.ts';
import { SESSION_OVER, type Session, type Sessions } from './sessions.ts';
import { jsonOf, socketPipe } from './socketPipe.ts';
import { windowFile } from './windowFiles.ts';

export interface WebServerOptions {
  readonly handlers: Handlers;
  /** Who may come in, and who is in. */
  readonly sessions: Sessions;
  /** The clock of the sessions. */
  readonly elapsedMs: () => number;
  /** Folder of the built window. */
  readonly root: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Wrong tokens lock sign-in for everybody for a while; who is signed in stays. */
  readonly lock: CodeLock;
  onError(where: string, error: unknown): void;
}

/** Longest frame of a window. Its commands are small; a fat frame is not one of ours. */
export const MOST_FRAME_BYTES = 256 * 1024;
/** A socket says who it is within this time. */
export const SIGN_IN_MS = 5_000;
/** Windows at once. */
export const MOST_WINDOWS = 32;
/** Close code of a token that is not accepted, or no longer. */
const NOT_ACCEPTED = 4401;
const LOCKED = 'sign-in is locked for a while';
/** Addresses are logged, kept in histories and sent on as referrers. */
const NO_TOKEN_HERE =
  'A token does not belong in an address: whoever reads a log or a history has it. Open the desk without it and type it there.';
const LOOPBACK = '127.0.0.1';
const SOCKET_PATH = '/wire';

const signIn = z.strictObject({ kind: z.literal('authenticate'), token: z.string().min(1).max(200) });

export interface WebServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the window and the contract on this machine only. Every request's Host must be this server's own (a name that was
 * rebound to 127.0.0.1 is refused), every socket's Origin too; a socket authenticates in its first message.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000, headersTimeout: 10_000 });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_FRAME_BYTES, perMessageDeflate: false });
  const port = await listen(server, options.port);
  const hosts = new Set([`${LOOPBACK}:${port}`, `localhost:${port}`]);
  const { lock } = options;

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      options.onError('web server', error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!isOwnHost(request) || !isOwnOrigin(request) || !isFromHere(request)) return refuse(socket, '403 Forbidden');
    if (carriesToken(request)) return refuse(socket, '400 Bad Request');
    if (request.url !== SOCKET_PATH) return refuse(socket, '404 Not Found');
    if (sockets.clients.size >= MOST_WINDOWS) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, greet);
  });
  server.on('clientError', (_, socket) => socket.destroy());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const host = request.headers.host ?? '';
    const headers = securityHeaders(hosts.has(host) ? `ws://${host}` : null);
    const plain = (status: number, text: string): void => {
      response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    };
    if (!isOwnHost(request)) return plain(403, 'This address is not served here.');
    if (!isFromHere(request)) return plain(403, 'Another site asked for this. Type the address yourself.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Only GET.');
    if (carriesToken(request)) return plain(400, NO_TOKEN_HERE);
    const path = new URL(request.url ?? '/', `http://${LOOPBACK}`).pathname;
    const file = await windowFile(options.root, path);
    if (!file) return plain(404, 'Not found.');
    response.writeHead(200, { ...headers, 'Content-Type': file.mediaType, 'Content-Length': file.bytes.length });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }

  function isOwnHost(request: IncomingMessage): boolean {
    return hosts.has(request.headers.host ?? '');
  }

  /** A browser always sends an Origin with a socket; whatever has none has no business here. */
  function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
    return origin === `http://${host ?? ''}`;
  }

  /** Browsers say where a request comes from: another site's page is refused, a typed or bookmarked address ('none') is not. */
  function isFromHere({ headers }: IncomingMessage): boolean {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  function greet(socket: WebSocket): void {
    const deadline = setTimeout(() => socket.close(NOT_ACCEPTED, 'no sign-in came'), SIGN_IN_MS);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => clearTimeout(deadline));
    socket.once('message', (data) => {
      clearTimeout(deadline);
      const hello = signIn.safeParse(jsonOf(data));
      const token = hello.success ? hello.data.token : '';
      const locked = lock.lockedUntil() !== null;
      // Who is signed in stays signed in, over a reload of the page too.
      const back = options.sessions.known(token);
      if (back !== null) return admit(socket, back);
      if (locked) return socket.close(NOT_ACCEPTED, LOCKED);
      const entry = options.sessions.enter(token);
      if (entry.kind === 'over') return socket.close(NOT_ACCEPTED, entry.why);
      if (entry.kind === 'wrong') {
        counted(() => lock.countWrong('a browser'));
        return socket.close(NOT_ACCEPTED, lock.lockedUntil() === null ? 'the token was not accepted' : LOCKED);
      }
      counted(() => lock.forget(entry.session.name));
      admit(socket, entry.session);
    });
  }

  function admit(socket: WebSocket, { role, name, token, until }: Session): void {
    const expiry = setTimeout(() => socket.close(NOT_ACCEPTED, SESSION_OVER), until - options.elapsedMs());
    socket.on('close', () => clearTimeout(expiry));
    socket.send(JSON.stringify({ kind: 'authenticated', role, token }));
    serve(socketPipe(socket), options.handlers, { caller: { role, via: 'browser', name }, onError: options.onError });
  }

  /** A count that cannot be put on record still counts in memory; the owner must get in and stop a desk whose journal fails. */
  function counted(count: () => void): void {
    try {
      count();
    } catch (error) {
      options.onError('web server', error);
    }
  }

  return {
    url: `http://${LOOPBACK}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.close(1001, 'the engine is stopping');
        setTimeout(() => {
          for (const socket of sockets.clients) socket.terminate();
        }, 500).unref();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A question after the path that names a token, as `/?token=...` does. */
function carriesToken({ url }: IncomingMessage): boolean {
  return /[?&][^=&#]*token/i.test(decoded(url ?? ''));
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Binds to loopback. When the wanted port is taken, any free one serves as well: the address is printed either way. */
function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const settled = (): void => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port was bound'));
    };
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || wanted === 0) return reject(error);
      server.once('error', reject);
      server.listen(0, LOOPBACK, settled);
    });
    server.listen(wanted, LOOPBACK, settled);
  });
}
