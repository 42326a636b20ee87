import { readAnchor } from '#adapters/journal/anchor';
import { openConnection } from '#adapters/journal/connection';
import { eventRows } from '#adapters/journal/rows';
import { type ChainPlace, verifyChain } from '#adapters/journal/verify';

/** One thing that somebody with SQLite and bad intentions does to a row; answers with the row that must be named. */
interface Deed {
  readonly name: string;
  sql(seq: number): string;
  /** Place that the verifier must name; null when the deed makes no sense for this row. */
  named(seq: number, last: number): number | null;
}

/** Kept free by every journal: seq is a positive integer. */
const PARKED = 1_000_000_000;

export const DEEDS: readonly Deed[] = [
  { name: 'change the fact', sql: (seq) => `UPDATE events SET fact = fact || ' ' WHERE seq = ${seq}`, named: (seq) => seq },
  { name: 'change the instant', sql: (seq) => `UPDATE events SET at = at + 1 WHERE seq = ${seq}`, named: (seq) => seq },
  { name: 'change the kind', sql: (seq) => `UPDATE events SET kind = kind || 'x' WHERE seq = ${seq}`, named: (seq) => seq },
  {
    name: 'change the hash',
    sql: (seq) => `UPDATE events SET hash = '${'0'.repeat(64)}' WHERE seq = ${seq}`,
    named: (seq) => seq,
  },
  { name: 'delete', sql: (seq) => `DELETE FROM events WHERE seq = ${seq}`, named: (seq) => seq },
  {
    name: 'swap with the next',
    sql: (seq) =>
      `UPDATE events SET seq = ${PARKED} WHERE seq = ${seq}; UPDATE events SET seq = ${seq} WHERE seq = ${seq + 1}; UPDATE events SET seq = ${seq + 1} WHERE seq = ${PARKED}`,
    named: (seq, last) => (seq < last ? seq : null),
  },
  {
    name: 'cut off the end',
    sql: (seq) =>
      `DELETE FROM events WHERE seq >= ${seq}; UPDATE chain_head SET seq = ${seq - 1}, hash = coalesce((SELECT hash FROM events WHERE seq = ${seq - 1}), hash)`,
    named: (seq) => seq,
  },
];

export interface TamperResult {
  readonly rows: number;
  readonly deeds: number;
  readonly detected: number;
  readonly missed: readonly string[];
}

/**
 * The walk is deterministic and carries nothing but its place, so beginning at the row before the deed shows what a walk from the
 * first row would; for every so many rows it is begun at the first row all the same.
 */
const WHOLE_WALK_EVERY = 20;

/**
 * Does every deed to every row (every `stride`-th, offset by `from`) of a closed journal, one at a time, and asks the verifier.
 * Detected means that it says no and names the right row. The journal is as it was afterwards.
 */
export function tamperWithEach(path: string, options: { readonly from: number; readonly stride: number }): TamperResult {
  const db = openConnection(path, { readonly: false, create: false });
  const anchor = readAnchor(path);
  const last = Number(db.prepare('SELECT max(seq) FROM events').pluck().get());
  const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all();
  const missed: string[] = [];
  let deeds = 0;
  db.exec('BEGIN');
  for (const name of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  const hashes = [...eventRows(db, 1)].map((row) => row.hash);
  const before = (seq: number): ChainPlace | null => {
    const hash = hashes[seq - 2];
    const isWhole = Math.floor(seq / options.stride) % WHOLE_WALK_EVERY === 0;
    return hash === undefined || isWhole ? null : { seq: seq - 1, hash };
  };
  for (let seq = 1 + options.from; seq <= last; seq += options.stride)
    for (const deed of DEEDS) {
      const named = deed.named(seq, last);
      if (named === null) continue;
      deeds += 1;
      db.exec('SAVEPOINT deed');
      db.exec(deed.sql(seq));
      const verdict = verifyChain(db, anchor, before(seq));
      if (verdict.ok || verdict.firstBad !== named)
        missed.push(`${deed.name}, row ${seq}: ${verdict.ok ? 'not noticed' : `named ${verdict.firstBad}: ${verdict.reason}`}`);
      db.exec('ROLLBACK TO deed; RELEASE deed');
    }
  db.exec('ROLLBACK');
  db.close();
  return { rows: last, deeds, detected: deeds - missed.length, missed };
}
