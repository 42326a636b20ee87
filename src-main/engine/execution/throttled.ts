import type { Verdict } from '../risk/verdict.ts';
import type { Turn } from '../turn.ts';

const THROTTLES: readonly string[] = ['ordersPerSecond', 'ordersPerMinute', 'ordersPerDay'];
const MINUTE_MS = 60_000;

/** Remembers for a minute that the order throttles refused; the breaker of runaway loops counts it. */
export function noteThrottled({ present, now }: Turn, verdict: Verdict): void {
  if (verdict.kind !== 'refused' || !verdict.reasons.some((reason) => THROTTLES.includes(reason))) return;
  present.throttledAt = [...present.throttledAt.filter((at) => now - at < MINUTE_MS), now];
}
