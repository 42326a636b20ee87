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
  /**
   * Called before and after everything that the engine does to the world (rows, orders, cancels, exercises, the latch) and before
   * it asks the broker for a look; a test may end the life there. A request for market data leaves nothing to be found.
   */
  passing(point: string): void;
}

/** A life that has begun. `passing` may end it. */
export function newLife(passing: (point: string, life: Life) => void = () => {}): Life {
  let alive = true;
  const life: Life = {
    get alive() {
      return alive;
    },
    end() {
      alive = false;
    },
    passing(point) {
      if (alive) passing(point, life);
    },
  };
  return life;
}

/** The journal's writer as long as the life lasts; afterwards it only pretends. */
export function mortalWriter(writer: JournalWriter, life: Life): JournalWriter {
  return {
    journalId: writer.journalId,
    head: () => writer.head(),
    append(facts, options): readonly JournalRow[] {
      const kinds = [...new Set(facts.map(({ fact }) => fact.kind))].join('+');
      life.passing(`before append ${kinds}`);
      if (!life.alive) return facts.map(({ at, fact }) => ({ seq: 0, at, fact, hash: '0'.repeat(64) }));
      const rows = writer.append(facts, options);
      life.passing(`after append ${kinds}`);
      return rows;
    },
  };
}

/** The latch as long as the life lasts. */
export function mortalLatch(latch: Latch, life: Life): Latch {
  return {
    read: () => latch.read(),
    write(record) {
      life.passing('before latch');
      if (life.alive) latch.write(record);
      life.passing('after latch');
    },
    replace(seen, next) {
      life.passing('before latch');
      const isMoved = !life.alive || latch.replace(seen, next);
      life.passing('after latch');
      return isMoved;
    },
  };
}

/** What a process takes with it: the rows of its open transaction. */
export function loseUncommitted(journal: OpenJournal): void {
  if (journal.db.inTransaction) journal.db.exec('ROLLBACK');
}
