import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalWriter } from '#ports/journal';
import type { JournalQueries } from '#ports/journalQueries';
import { type Anchor, openAnchor, readAnchor } from './anchor.ts';
import { genesisHash } from './chain.ts';
import { type Connection, openConnection } from './connection.ts';
import { journalIdOf, nameJournal } from './identity.ts';
import { JournalRefused, migrate, refuseNewer } from './migrate.ts';
import { PROJECTION_VERSION, rebuildReadModels } from './projections/projector.ts';
import { createQueries } from './queries.ts';
import { eventPage, journalRows } from './rows.ts';
import { createWriter } from './writer.ts';
import { takeWriterLock } from './writerLock.ts';

export interface OpenJournal {
  readonly writer: JournalWriter;
  readonly reader: JournalQueries;
  /** Commits whatever waits, with a sync. */
  flush(): void;
  /** Copies the journal while it is in use; see `backup.ts`. */
  readonly db: Connection;
  close(): void;
}

/**
 * Opens the journal for its one writer. `path` may be ':memory:'. A new database is named `journalId` (random when left out).
 * Throws {@link JournalRefused} when another process writes it, when it is newer than this program, or when it is not there
 * and `create` is false.
 */
export function openJournal(path: string, options: { readonly create: boolean; readonly journalId?: string }): OpenJournal {
  const inMemory = path === ':memory:';
  if (!inMemory && !existsSync(path)) {
    if (!options.create) throw new JournalRefused(`There is no journal at ${path}.`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }
  const lock = inMemory ? { release: (): void => {} } : takeWriterLock(path);
  if (!lock) throw new JournalRefused('Another Strikedesk is writing this journal; it can only be read from here.');
  try {
    return openLocked(path, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(
  path: string,
  options: { readonly create: boolean; readonly journalId?: string },
  lock: { release(): void },
): OpenJournal {
  const db = openConnection(path, { readonly: false, create: options.create });
  migrate(db, path);
  nameJournal(db, options.journalId);
  const journalId = journalIdOf(db);
  const head = headOf(db, journalId);
  refuseCutOff(db, path, head);
  bringReadModelsUpToDate(db);
  const anchor = path === ':memory:' ? null : openAnchor(path, head);
  const writer = createWriter({ db, journalId, head, onCommitted: (next) => anchor?.write(next) });
  const queries = createQueries(db, path);
  return {
    writer,
    reader: {
      ...queries,
      // Rows that wait for their commit stand in the table before the head moves: they would look like somebody else's.
      verify() {
        writer.flush();
        return queries.verify();
      },
    },
    flush: writer.flush,
    db,
    close() {
      writer.flush();
      db.close();
      anchor?.close();
      lock.release();
    },
  };
}

/** Opens the journal to read only; any number of readers may, while the writer works. */
export function openJournalReader(path: string): { readonly reader: JournalQueries; readonly db: Connection; close(): void } {
  if (!existsSync(path)) throw new JournalRefused(`There is no journal at ${path}.`);
  const db = openConnection(path, { readonly: true, create: false });
  try {
    refuseNewer(db);
    return { reader: createQueries(db, path), db, close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

function headOf(db: Connection, journalId: string): Anchor {
  const genesis = genesisHash(journalId);
  db.prepare('INSERT OR IGNORE INTO chain_head (only_one, seq, hash) VALUES (1, 0, ?)').run(genesis);
  const last = db.prepare<[], Anchor>('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').get();
  return last ?? { seq: 0, hash: genesis };
}

/** A journal whose end was cut off (or came from elsewhere) is not written on: the next row would hide it. */
function refuseCutOff(db: Connection, path: string, head: Anchor): void {
  const kept = db.prepare<[], Anchor>('SELECT seq, hash FROM chain_head').get();
  const anchor = path === ':memory:' ? null : readAnchor(path);
  const outside = anchor === 'unreadable' ? null : anchor;
  if ((kept && kept.hash !== head.hash) || (outside && outside.seq > head.seq))
    throw new JournalRefused(
      `The journal ends at row ${head.seq}, but ${Math.max(kept?.seq ?? 0, outside?.seq ?? 0)} rows were written. Restore a backup (npm run journal -- restore) or start a new journal.`,
    );
}

function bringReadModelsUpToDate(db: Connection): void {
  const version = db.prepare("SELECT value FROM meta WHERE key = 'projection'").pluck().get();
  if (version === String(PROJECTION_VERSION)) return;
  if (eventPage(db, 1, 1).length > 0) rebuildReadModels(db, journalRows(db, 1));
  else db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('projection', ?)").run(String(PROJECTION_VERSION));
}

export { JournalRefused };
