import { isKnownKind } from '#ports/factKinds';
import type { JournalRow } from '#ports/journal';
import type { Connection } from './connection.ts';
import { journalTables } from './migrations/0001-journal.ts';

/** In order; the place in the list plus one is the database's `user_version`. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-journal', sql: journalTables },
];

/** The owner is told this sentence instead of a stack. */
export class JournalRefused extends Error {
  override readonly name = 'JournalRefused';
}

export function schemaVersion(db: Connection): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Throws {@link JournalRefused} when the database was written by a newer program. */
export function refuseNewer(db: Connection): void {
  const version = schemaVersion(db);
  if (version > MIGRATIONS.length)
    throw new JournalRefused(
      `This journal was written by a newer Strikedesk (schema ${version}; this one knows up to ${MIGRATIONS.length}). Update Strikedesk, or restore a backup made before the update.`,
    );
}

/**
 * Brings the database up to date, one transaction a step. A database with content is copied beside itself first
 * (`<name>.before-schema-<n>.db`, through SQLite so that the copy is whole).
 */
export function migrate(db: Connection, path: string): void {
  refuseNewer(db);
  const from = schemaVersion(db);
  if (from === MIGRATIONS.length) return;
  if (from > 0 && path !== ':memory:') db.prepare('VACUUM INTO ?').run(`${path}.before-schema-${from + 1}.db`);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < from) continue;
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  }
}

/**
 * Throws {@link JournalRefused} for a fact of a kind that this program does not know: a newer one wrote it, and a state folded
 * without it would not be what the account is.
 */
export function refuseUnknown({ seq, fact: { kind } }: JournalRow): void {
  if (!isKnownKind(kind))
    throw new JournalRefused(
      `Row ${seq} of this journal is a '${String(kind)}', which this Strikedesk does not know: a newer one wrote it. Update Strikedesk, or restore a backup made before the update.`,
    );
}
