import { randomBytes } from 'node:crypto';
import { invariant } from '#domain/units';
import type { Connection } from './connection.ts';

const FORM = /^[a-z0-9]{4,16}$/;

/** The journal's own name, part of every client order id. Throws when the database has none. */
export function journalIdOf(db: Connection): string {
  const id: unknown = db.prepare("SELECT value FROM meta WHERE key = 'journalId'").pluck().get();
  invariant(typeof id === 'string', 'this database is not a Strikedesk journal');
  return id;
}

/** Names a new journal. A simulation names its own, so that two runs of one seed are equal byte for byte. */
export function nameJournal(db: Connection, wanted: string | undefined): void {
  const id = wanted ?? randomBytes(5).toString('hex');
  invariant(FORM.test(id), `a journal id is 4 to 16 lower-case letters and digits: ${id}`);
  db.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('journalId', ?)").run(id);
}
