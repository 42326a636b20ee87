import type { Pipe, Unsubscribe } from './pipe.ts';

/** Two ends of one line in memory. Frames are copied as JSON, in order, within the same turn of the event loop's queue. */
export function memoryPipes(): readonly [Pipe, Pipe] {
  const first = createEnd();
  const second = createEnd();
  first.join(second);
  second.join(first);
  return [first.pipe, second.pipe];
}

interface End {
  readonly pipe: Pipe;
  deliver(frame: unknown): void;
  closed(reason: string): void;
  join(other: End): void;
}

function createEnd(): End {
  const listeners = new Set<(frame: unknown) => void>();
  const closers = new Set<(reason: string) => void>();
  let other: End | null = null;
  let goneBecause: string | null = null;

  function closed(reason: string): void {
    if (goneBecause !== null) return;
    goneBecause = reason;
    for (const listener of closers) listener(reason);
    closers.clear();
    listeners.clear();
  }

  const pipe: Pipe = {
    send(frame) {
      if (goneBecause !== null) return;
      const copy: unknown = JSON.parse(JSON.stringify(frame));
      void Promise.resolve().then(() => other?.deliver(copy));
    },
    onFrame(listener): Unsubscribe {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosed(listener): Unsubscribe {
      if (goneBecause !== null) listener(goneBecause);
      else closers.add(listener);
      return () => closers.delete(listener);
    },
    close(reason = 'closed') {
      closed(reason);
      other?.closed(reason);
    },
  };

  return {
    pipe,
    deliver(frame) {
      for (const listener of [...listeners]) listener(frame);
    },
    closed,
    join(end) {
      other = end;
    },
  };
}
