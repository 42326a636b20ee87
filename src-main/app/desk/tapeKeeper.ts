import type { SessionTape } from '#adapters/sessionTape/sessionTape';
import type { Instant } from '#domain/units';
import type { AppSettings } from '#ports/settings/appSettings';
import { newTape } from './newTape.ts';

export interface TapeKeeper {
  flush(): void;
  /** Ends the tape with a word to the owner: what was recorded up to here can be replayed. Once. */
  end(why: string): void;
  close(): void;
}

/** Where this session is recorded; null when it is not to be, or cannot: a session is traded whether it is recorded or not. */
export function tapeFor(
  folder: string,
  settings: Pick<AppSettings, 'journal' | 'broker'>,
  now: Instant,
  onFailed: (error: unknown) => void,
): string | null {
  try {
    return newTape(folder, settings, now);
  } catch (error) {
    onFailed(error);
    return null;
  }
}

/** Keeps a session's tape within `mostMegabytes`. Nothing here throws: the journal counts, a tape is a convenience. */
export function keepTape(parts: {
  readonly tape: SessionTape | null;
  mostMegabytes(): number;
  tell(title: string, body: string): void;
  onFailed(error: unknown): void;
}): TapeKeeper {
  const { tape } = parts;
  let isOver = tape === null;
  const attempt = (act: (tape: SessionTape) => void): void => {
    try {
      if (tape) act(tape);
    } catch (error) {
      parts.onFailed(error);
    }
  };
  function close(): void {
    if (isOver) return;
    isOver = true;
    attempt((open) => open.close());
  }
  function end(why: string): void {
    if (isOver) return;
    close();
    parts.tell('The session is no longer recorded', `Trading goes on; what was recorded so far can be replayed: ${why}.`);
  }
  return {
    flush() {
      attempt((open) => open.flush());
      const most = parts.mostMegabytes();
      if ((tape?.bytes() ?? 0) > most * 1_048_576) end(`it holds ${most} MB`);
    },
    end,
    close,
  };
}
