import type { Connection } from './connection.ts';

/** Pages that wait in the write-ahead log before they are folded into the database: SQLite's own default. */
const MOST_WAITING_PAGES = 1_000;

interface LogState {
  /** 1 when another connection was in the way. */
  readonly busy: number;
  /** Pages in the log; -1 for a database that has none. */
  readonly log: number;
  /** Those of them that are in the database already. */
  readonly checkpointed: number;
}

/**
 * What folds the write-ahead log into the database after a commit, once enough of it waits. SQLite's automatic checkpoint does
 * the same but throws its errors away: a disk that fails a write or a sync there would be trusted until the next one. Here it
 * throws SqliteError; the commit before it stands. A reader in the way is no error: the rest is folded another time.
 */
export function checkpointer(db: Connection): () => void {
  if (db.memory) return () => {};
  const state = db.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)');
  const fold = db.prepare<[], LogState>('PRAGMA wal_checkpoint(PASSIVE)');
  return () => {
    const now = state.get();
    if (now && now.log - now.checkpointed >= MOST_WAITING_PAGES) fold.get();
  };
}
