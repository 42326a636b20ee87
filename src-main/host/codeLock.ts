import { type Instant, instant } from '#domain/units';
import type { CodeDoor } from '#ports/codeDoor';
import type { JournalFact } from '#ports/facts';
import type { JournalQueries } from '#ports/journalQueries';

/**
 * Counts wrong codes at one door and shuts it for everybody when there were too many. Each count is in the journal before the
 * caller hears of it, so a restart opens nothing: count and lock are read from the newest row. There is no file of its own that
 * could be deleted to start anew; without a journal there is no desk either.
 */
export interface CodeLock {
  /** Epoch ms until which no code is looked at; null when the door is open. */
  lockedUntil(): number | null;
  /** Counts a wrong code; true when the door is shut by it. */
  countWrong(by: string): boolean;
  /** A right code: what was wrong before it counts no more. */
  forget(by: string): void;
}

type Counted = Extract<JournalFact, { kind: 'WrongCodeCounted' }>;

export function createCodeLock(parts: {
  readonly door: CodeDoor;
  readonly journal: Pick<JournalQueries, 'events'>;
  readonly recordFact: (fact: Counted) => void;
  readonly limits: () => { readonly wrong: number; readonly lockMinutes: number };
  /** The machine's own clock, whatever the market's does. */
  readonly wallNow: () => number;
}): CodeLock {
  const { door, wallNow } = parts;
  const lockMs = (): number => parts.limits().lockMinutes * 60_000;
  const before = newest(parts.journal, door);
  let wrong = before === null || before.lockedUntil !== null ? 0 : before.wrong;
  let countedAt: number = before?.wallAt ?? 0;
  // A clock that was set back since then must not shut the door for longer than a lock lasts.
  let until = Math.min(before?.lockedUntil ?? 0, wallNow() + lockMs());

  function record(lockedUntil: Instant | null, by: string): void {
    countedAt = wallNow();
    parts.recordFact({ kind: 'WrongCodeCounted', door, wrong, lockedUntil, wallAt: instant(countedAt), by });
  }

  return {
    lockedUntil: () => (wallNow() < until ? until : null),
    countWrong(by) {
      // So few in so long a time teach a guesser no more than the lock itself lets him try.
      if (Math.abs(wallNow() - countedAt) > lockMs()) wrong = 0;
      wrong += 1;
      const isTooMany = wrong >= parts.limits().wrong;
      if (isTooMany) until = wallNow() + lockMs();
      record(isTooMany ? instant(until) : null, by);
      if (isTooMany) wrong = 0;
      return isTooMany;
    },
    forget(by) {
      if (wrong === 0) return;
      wrong = 0;
      record(null, by);
    },
  };
}

function newest(journal: Pick<JournalQueries, 'events'>, door: CodeDoor): Counted | null {
  const { rows } = journal.events({ kinds: ['WrongCodeCounted'], text: `"${door}"`, beforeSeq: null, limit: 1 });
  for (const { fact } of rows) if (fact.kind === 'WrongCodeCounted') return fact;
  return null;
}
