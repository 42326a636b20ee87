import type { Pipe } from '#wire/pipe';

/** The two frames by which a port says that it is going away; a message port itself does not tell. */
const GOODBYE = { kind: 'goodbye' } as const;

function isGoodbye(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && 'kind' in frame && frame.kind === GOODBYE.kind;
}

/** A pipe over Electron's message port: structured JSON values, already authenticated by the shell's check of the sender. */
export function messagePortPipe(port: MessagePort): Pipe {
  const frameListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<(reason: string) => void>();
  let goneBecause: string | null = null;

  function end(reason: string) {
    if (goneBecause !== null) return;
    goneBecause = reason;
    for (const listener of closeListeners) listener(reason);
    frameListeners.clear();
    closeListeners.clear();
    port.close();
  }

  port.addEventListener('message', (event) => {
    if (isGoodbye(event.data)) end('The engine closed the line.');
    else for (const listener of [...frameListeners]) listener(event.data);
  });
  port.addEventListener('close', () => end('The engine closed the line or stopped.'));
  port.start();

  return {
    send(frame) {
      if (goneBecause === null) port.postMessage(frame);
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
      if (goneBecause === null) port.postMessage(GOODBYE);
      end(reason);
    },
  };
}
