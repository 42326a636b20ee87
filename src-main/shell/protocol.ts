import { protocol } from 'electron';
import { securityHeaders } from '#host/web/securityHeaders';
import { windowFile } from '#host/web/windowFiles';
import { isOwnAddress, SCHEME } from './addresses.ts';

/** Must run before the app is ready: the scheme behaves like https, without cookies or service workers. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window from `root` under the strict policy. */
export function serveWindow(root: string): void {
  protocol.handle(SCHEME, (request) => answer(root, request));
}

/** The answer to one request of a window. */
export async function answer(root: string, request: { readonly url: string; readonly method: string }): Promise<Response> {
  const headers = securityHeaders(null);
  const file =
    isOwnAddress(request.url) && request.method === 'GET' ? await windowFile(root, new URL(request.url).pathname) : null;
  if (!file) return new Response('Not found.', { status: 404, headers });
  return new Response(file.bytes, { headers: { ...headers, 'Content-Type': file.mediaType } });
}
