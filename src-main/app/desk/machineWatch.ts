import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { MachineObservation } from '#ports/engine';

/** Time between two looks at loop and heap, and at what is slower to ask for. */
const LOOK_MS = 5_000;
const SLOW_LOOK_MS = 60_000;
const RESOLUTION_MS = 20;

export interface MachineWatchParts {
  readonly folder: string;
  /** Our clock less the broker's; null where there is one clock only. */
  readonly clockSkew: (() => Promise<number>) | null;
  observed(observation: MachineObservation): void;
  onError(where: string, error: unknown): void;
}

/** Free space where a folder lies, megabytes. */
export async function freeMegabytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return (bavail * bsize) / 1_048_576;
}

/** Measures the machine and tells it as events: the engine judges, it never looks itself. */
export function watchMachine(parts: MachineWatchParts): { stop(): void } {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();

  const look = (): void => {
    const longest = loop.max / 1e6;
    loop.reset();
    if (Number.isFinite(longest)) parts.observed({ kind: 'loopLag', value: Math.max(0, longest - RESOLUTION_MS) });
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    parts.observed({ kind: 'heap', value: used_heap_size / heap_size_limit });
  };
  const slowLook = (): void => {
    freeMegabytes(parts.folder).then(
      (value) => parts.observed({ kind: 'diskFree', value }),
      (error: unknown) => parts.onError('free disk space', error),
    );
    parts.clockSkew?.().then(
      (value) => parts.observed({ kind: 'clockSkew', value }),
      (error: unknown) => parts.onError('broker clock', error),
    );
  };
  slowLook();
  const timers = [setInterval(look, LOOK_MS), setInterval(slowLook, SLOW_LOOK_MS)];
  for (const timer of timers) timer.unref();
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
      loop.disable();
    },
  };
}
