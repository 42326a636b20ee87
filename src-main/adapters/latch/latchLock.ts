import { closeSync, fstatSync, openSync, rmSync, statSync } from 'node:fs';

/** A hand needs the latch for a rename. A lock this old belongs to one that died, or stands still, with it: it is passed over. */
const STALE_MS = 500;
/** Nobody waits longer than this, whatever the lock's age says: a throw must not hang. */
const LONGEST_WAIT_MS = 1_000;
const PAUSE_MS = 2;

/**
 * Does something while no other process does: only the comparison of the latch and its rename, so that the wait is short. Where no
 * lock can be had (a full disk, a hand that stands still) it is done without one: throwing the switch comes before order.
 */
export function withLock<Answer>(lock: string, act: () => Answer): Answer {
  const mine = take(lock);
  try {
    return act();
  } finally {
    if (mine !== null && inodeOf(lock) === mine) rmSync(lock, { force: true });
  }
}

/** The taken lock's own number, by which it is known again; null without one. */
function take(lock: string): number | null {
  const until = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < until) {
    try {
      const handle = openSync(lock, 'wx', 0o600);
      const { ino } = fstatSync(handle);
      closeSync(handle);
      return ino;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return null;
    }
    if (isStale(lock)) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  return null;
}

function isStale(lock: string): boolean {
  const stat = statSync(lock, { throwIfNoEntry: false });
  // A clock that was set may put it into the future.
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > STALE_MS;
}

function inodeOf(lock: string): number | null {
  return statSync(lock, { throwIfNoEntry: false })?.ino ?? null;
}
