import type { Instant } from '#domain/units';

interface Letter {
  readonly at: Instant;
  /** Within one instant: what precedes what in the life of an order, whichever way it came. */
  readonly rank: number;
  readonly order: number;
  readonly hand: () => void;
}

/**
 * Answers on their way to the engine. In live use each is handed over at once; in simulated time they wait for the driver and
 * are then put in canonical order, so that the interleaving of REST answers and stream frames does not matter.
 */
export function createMailbox(immediate: boolean) {
  let letters: Letter[] = [];
  let count = 0;
  return {
    put(at: Instant, rank: number, hand: () => void): void {
      if (immediate) return hand();
      count += 1;
      letters.push({ at, rank, order: count, hand });
    },
    take(): readonly (() => void)[] {
      const batch = letters.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
      letters = [];
      return batch.map((letter) => letter.hand);
    },
    isEmpty: (): boolean => letters.length === 0,
  };
}

export type Mailbox = ReturnType<typeof createMailbox>;
