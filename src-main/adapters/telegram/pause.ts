/** A wait that does not keep the process alive, and that can be cut short. */
export interface Pause {
  wait(ms: number): Promise<void>;
  /** Ends the wait that runs, if one does. */
  cut(): void;
}

export function createPause(): Pause {
  let end: (() => void) | null = null;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, ms);
        timer.unref();
        function done(): void {
          clearTimeout(timer);
          end = null;
          resolve();
        }
        end = done;
      }),
    cut: () => end?.(),
  };
}

/** How long to wait before the next try, milliseconds. */
export interface Pauses {
  /** After the first failure; doubles up to `longest`, and chance takes up to a half off. */
  readonly first: number;
  readonly longest: number;
  /** While another program reads with the same token. */
  readonly conflict: number;
  /** After the token was not accepted. */
  readonly refused: number;
}

export const PAUSES: Pauses = { first: 1_000, longest: 60_000, conflict: 10_000, refused: 300_000 };

/** Pause after the n-th failure in a row (n from 1). `chance` in 0..1. */
export function backOff({ first, longest }: Pauses, failures: number, chance: number): number {
  return Math.min(longest, first * 2 ** Math.min(failures - 1, 30)) * (1 - chance / 2);
}
