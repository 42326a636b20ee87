import { type Instant, instant } from '#domain/units';
import type { Clock } from '#ports/clock';

/** Longest wait of one timer: the platform's timers overflow beyond 2^31 milliseconds. */
const LONGEST_WAIT_MS = 2_000_000_000;

/** The machine's own clock. */
export function systemClock(): Clock {
  const now = (): Instant => instant(Date.now());
  return {
    now,
    wakeAt(at, wake) {
      let timer = setTimeout(fire, waitFor(at));
      function waitFor(target: Instant): number {
        return Math.min(LONGEST_WAIT_MS, Math.max(0, target - now()));
      }
      function fire(): void {
        if (now() < at) timer = setTimeout(fire, waitFor(at));
        else wake();
      }
      return () => clearTimeout(timer);
    },
  };
}
