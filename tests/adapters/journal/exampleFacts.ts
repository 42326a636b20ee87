import { instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';

/** A small fact with its number in it. */
export function fault(n: number): { at: ReturnType<typeof instant>; fact: JournalFact } {
  return {
    at: instant(1_700_000_000_000 + n),
    fact: {
      kind: 'FaultRecorded',
      where: `story ${n}`,
      severity: 'low',
      fault: { code: 'example', message: `n=${n}`, retryable: true },
    },
  };
}
