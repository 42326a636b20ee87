import type { Pipe } from '#wire/pipe';
import { SignInRequired } from './session.ts';

/** Close code of a host that does not accept the token. */
export const NOT_ACCEPTED = 4401;
/** What the host's reasons mean to the owner. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/locked/, 'Sign-in is locked for a while: there were too many wrong tokens.'],
  [/link/, 'This link was used before or is too old. Type the token, or print another link where the desk runs.'],
  [/session/, 'This session is over. Sign in again.'],
];
const HELLO_TIMEOUT_MS = 8_000;

/** The little of a browser's WebSocket that is used here, so that tests can bring their own. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'addEventListener'>;

/** The token of the session that now is, empty where the host gives none; null when this is no welcome. */
function welcomeIn(text: unknown): string | null {
  const frame: unknown = parsed(text);
  if (typeof frame !== 'object' || frame === null || !('kind' in frame) || frame.kind !== 'authenticated') return null;
  return 'token' in frame && typeof frame.token === 'string' ? frame.token : '';
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * Opens a WebSocket and authenticates in its first message, never in the address: `{kind: 'authenticate', token}` is
 * answered by `{kind: 'authenticated', token}` or by close code 4401. Rejects with {@link SignInRequired} for the latter. The
 * session's own token goes to `keep`: a link's code works only once. A refused token goes to `forget`.
 */
export function webSocketPipe(
  socket: SocketLike,
  token: string,
  { keep, forget }: { readonly keep?: (token: string) => void; readonly forget?: (token: string) => void } = {},
): Promise<Pipe> {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<(reason: string) => void>();
  let goneBecause: string | null = null;

  return new Promise((resolve, reject) => {
    let welcomed = false;
    const timer = setTimeout(() => {
      reject(new Error('The engine did not answer in time.'));
      socket.close();
    }, HELLO_TIMEOUT_MS);

    function end(reason: string) {
      if (goneBecause !== null) return;
      goneBecause = reason;
      clearTimeout(timer);
      for (const listener of closeListeners) listener(reason);
      frameListeners.clear();
      closeListeners.clear();
    }

    const pipe: Pipe = {
      send(frame) {
        if (goneBecause === null) socket.send(JSON.stringify(frame));
      },
      onFrame(listener) {
        frameListeners.add(listener);
        return () => frameListeners.delete(listener);
      },
      onClosed(listener) {
        if (goneBecause !== null) listener(goneBecause);
        else closeListeners.add(listener);
        return () => closeListeners.delete(listener);
      },
      close(reason = 'closed by this window') {
        end(reason);
        socket.close();
      },
    };

    socket.addEventListener('open', () => socket.send(JSON.stringify({ kind: 'authenticate', token })));
    socket.addEventListener('message', (event) => {
      if (welcomed) {
        const frame = parsed(event.data);
        for (const listener of [...frameListeners]) listener(frame);
        return;
      }
      const session = welcomeIn(event.data);
      if (session === null) return;
      welcomed = true;
      clearTimeout(timer);
      if (session !== '') keep?.(session);
      resolve(pipe);
    });
    socket.addEventListener('close', (event) => {
      end(event.reason || 'The engine closed the line or stopped.');
      if (welcomed) return;
      if (event.code === NOT_ACCEPTED) forget?.(token);
      reject(
        event.code === NOT_ACCEPTED
          ? new SignInRequired(REASONS.find(([sign]) => sign.test(event.reason))?.[1] ?? 'This token was not accepted.')
          : new Error('The engine cannot be reached.'),
      );
    });
  });
}
