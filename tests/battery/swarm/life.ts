import type { OpenJournal } from '#adapters/journal/journal';
import type { JournalRow, JournalWriter } from '#ports/journal';
import type { Latch } from '#ports/latch';

/**
 * One life of the program. When it ends, in the middle of whatever it was doing, nothing that it still does has an effect: the
 * journal, the latch and the wire are as they were at that moment, and the next life finds them so.
 */
export interface Life {
  readonly alive: boolean;
  end(): void;
}

/** A life that has begun. */
export function newLife(): Life {
  let alive = true;
  return {
    get alive() {
      return alive;
    },
    end() {
      alive = false;
    },
  };
}

/** The journal's writer as long as the life lasts; afterwards it only pretends. */
export function mortalWriter(writer: JournalWriter, life: Life): JournalWriter {
  return {
    journalId: writer.journalId,
    head: () => writer.head(),
    append(facts, options): readonly JournalRow[] {
      if (life.alive) return writer.append(facts, options);
      return facts.map(({ at, fact }) => ({ seq: 0, at, fact, hash: '0'.repeat(64) }));
    },
  };
}

/** The latch as long as the life lasts. */
export function mortalLatch(latch: Latch, life: Life): Latch {
  return {
    read: () => latch.read(),
    write(record) {
      if (life.alive) latch.write(record);
    },
  };
}

/** What a process takes with it: the rows of its open transaction. */
export function loseUncommitted(journal: OpenJournal): void {
  if (journal.db.inTransaction) journal.db.exec('ROLLBACK');
}
