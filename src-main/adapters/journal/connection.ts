import Database from 'better-sqlite3';
import { invariant } from '#domain/units';

export type Connection = Database.Database;

/** Statements wait this long for another connection's lock, milliseconds. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens a database and sets, then reads back, everything that durability rests on. better-sqlite3 opens a WAL database with
 * synchronous=NORMAL, which may lose a committed row when the power fails: FULL is asserted on every connection.
 * Throws when the file is not there (and `create` is false) or a setting did not take.
 */
export function openConnection(path: string, options: { readonly readonly: boolean; readonly create: boolean }): Connection {
  const db = new Database(path, { readonly: options.readonly, fileMustExist: !options.create, timeout: BUSY_TIMEOUT_MS });
  try {
    const inMemory = path === ':memory:';
    if (!options.readonly) assertSet(db, 'journal_mode', 'WAL', inMemory ? 'memory' : 'wal');
    // The writer folds the log itself: see `checkpoint.ts`.
    if (!options.readonly) assertSet(db, 'wal_autocheckpoint', '0', 0);
    assertSet(db, 'synchronous', 'FULL', 2);
    assertSet(db, 'fullfsync', '1', 1);
    assertSet(db, 'checkpoint_fullfsync', '1', 1);
    assertSet(db, 'trusted_schema', 'OFF', 0);
    assertSet(db, 'foreign_keys', 'ON', 1);
    assertSet(db, 'cell_size_check', 'ON', 1);
    invariant(db.pragma('busy_timeout', { simple: true }) === BUSY_TIMEOUT_MS, 'busy_timeout did not take');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function assertSet(db: Connection, name: string, value: string, expected: number | string): void {
  db.pragma(`${name} = ${value}`);
  const found: unknown = db.pragma(name, { simple: true });
  invariant(found === expected, `${name} is ${String(found)}, not ${expected}: the journal would not be safe`);
}
