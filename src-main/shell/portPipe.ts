import type { MessagePortMain } from 'electron';
import type { Pipe } from '#wire/pipe';

const GOODBYE = { kind: 'goodbye' } as const;

/** A pipe over Electron's message port. Frames are plain JSON values: what JSON cannot carry does not cross. */
export function portPipe(port: MessagePortMain): Pipe {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<(reason: string) => void>();
  let goneBecause: string | null = null;

  function end(reason: string): void {
    if (goneBecause !== null) return;
    goneBecause = reason;
    for (const listener of closeListeners) listener(reason);
    frameListeners.clear();
    closeListeners.clear();
    port.close();
  }

  port.on('message', ({ data }) => {
    if (isGoodbye(data)) end('the window closed the line');
    else for (const listener of [...frameListeners]) listener(data);
  });
  port.on('close', () => end('the window is gone'));
  port.start();

  return {
    send(frame) {
      if (goneBecause === null) port.postMessage(JSON.parse(JSON.stringify(frame)));
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
      if (goneBecause === null) port.postMessage(GOODBYE);
      end(reason);
    },
  };
}

function isGoodbye(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && 'kind' in frame && frame.kind === GOODBYE.kind;
}
