import type { RawData, WebSocket } from 'ws';
import type { Pipe } from '#wire/pipe';

/** A window that cannot keep up is let go rather than buffered without end. */
export const MOST_BUFFERED_BYTES = 16 * 1024 * 1024;

/** A pipe over a WebSocket that has already said who it is. */
export function socketPipe(socket: WebSocket): Pipe {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<(reason: string) => void>();
  let goneBecause: string | null = null;

  function end(reason: string): void {
    if (goneBecause !== null) return;
    goneBecause = reason;
    for (const listener of closeListeners) listener(reason);
    frameListeners.clear();
    closeListeners.clear();
  }

  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : jsonOf(data);
    if (frame === undefined) {
      socket.close(1003, 'frames are JSON text');
      return;
    }
    for (const listener of [...frameListeners]) listener(frame);
  });
  socket.on('close', () => end('the window closed the line'));
  socket.on('error', () => end('the line failed'));

  return {
    send(frame) {
      if (goneBecause !== null) return;
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) {
        socket.close(1013, 'the window cannot keep up');
        end('the window cannot keep up');
        return;
      }
      socket.send(JSON.stringify(frame));
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
    close(reason = 'closed by the engine') {
      end(reason);
      socket.close(1000, reason.slice(0, 100));
    },
  };
}

/** The JSON value of a message; undefined when it is none. */
export function jsonOf(data: RawData): unknown {
  try {
    const parsed: unknown = JSON.parse(
      Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(new Uint8Array(data)).toString('utf8'),
    );
    return parsed;
  } catch {
    return undefined;
  }
}
