import { type Instant, invariant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { JournalRow, JournalWriter } from '#ports/journal';
import type { Anchor } from './anchor.ts';
import { canonicalJson } from './canonicalJson.ts';
import { rowHash } from './chain.ts';
import { checkpointer } from './checkpoint.ts';
import type { Connection } from './connection.ts';
import { createProjector } from './projections/projector.ts';

/** Rows that may wait for a durable commit before one is made anyway. */
const MOST_WAITING = 5_000;

export interface WriterParts {
  readonly db: Connection;
  readonly journalId: string;
  readonly head: Anchor;
  readonly onCommitted: (head: Anchor) => void;
}

export interface SqliteWriter extends JournalWriter {
  /** Commits, with a sync, whatever waits. */
  flush(): void;
}

/**
 * Appends facts to the chain and to the read models in one transaction. Rows that need not be durable yet wait in the open
 * transaction; the next durable append (or flush) commits and syncs all of them. After a failed write the writer stays shut:
 * what the disk holds is then unknown until the journal is opened again.
 */
export function createWriter({ db, journalId, head: start, onCommitted }: WriterParts): SqliteWriter {
  const insert = db.prepare('INSERT INTO events (seq, at, kind, fact, hash) VALUES (?, ?, ?, ?, ?)');
  const moveHead = db.prepare('UPDATE chain_head SET seq = ?, hash = ? WHERE only_one = 1');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const fold = checkpointer(db);
  const projector = createProjector(db);
  let head = start;
  let waiting = 0;
  let broken: string | null = null;

  function append(
    facts: readonly { readonly at: Instant; readonly fact: JournalFact }[],
    options: { readonly durable: boolean },
  ): readonly JournalRow[] {
    invariant(broken === null, `the journal failed earlier and takes no more rows: ${broken}`);
    try {
      if (!db.inTransaction) begin.run();
      const rows = facts.map(({ at, fact }) => write(at, fact));
      waiting += rows.length;
      if (options.durable || waiting >= MOST_WAITING) commitNow();
      return rows;
    } catch (error) {
      shut(error);
      throw error;
    }
  }

  function write(at: Instant, fact: JournalFact): JournalRow {
    const seq = head.seq + 1;
    const text = canonicalJson(fact);
    const hash = rowHash(head.hash, { seq, at, kind: fact.kind, fact: text });
    insert.run(seq, at, fact.kind, text, hash);
    head = { seq, hash };
    const row: JournalRow = { seq, at, fact, hash };
    projector.take(row);
    return row;
  }

  function commitNow(): void {
    if (!db.inTransaction) return;
    moveHead.run(head.seq, head.hash);
    commit.run();
    waiting = 0;
    onCommitted(head);
    fold();
  }

  function shut(error: unknown): void {
    broken = error instanceof Error ? error.message : String(error);
    if (db.inTransaction) db.exec('ROLLBACK');
  }

  return {
    journalId,
    append,
    head: () => head,
    flush() {
      if (broken !== null) return;
      try {
        commitNow();
      } catch (error) {
        shut(error);
        throw error;
      }
    },
  };
}
