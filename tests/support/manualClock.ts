import { type Instant, instant, plusMs } from '#domain/units';
import type { Clock } from '#ports/clock';

/** A clock moved by hand: wake-ups fire in order of time, each at its own instant. */
export function manualClock(start = 1_800_000_000_000): Clock & { advance(ms: number): void } {
  let now = instant(start);
  let count = 0;
  let waiting: { readonly at: Instant; readonly order: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    wakeAt(at, wake) {
      count += 1;
      const entry = { at: instant(Math.max(at, now)), order: count, wake };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const target = plusMs(now, ms);
      for (;;) {
        const next = waiting.filter(({ at }) => at <= target).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (!next) break;
        waiting = waiting.filter((other) => other !== next);
        now = next.at;
        next.wake();
      }
      now = target;
    },
  };
}
