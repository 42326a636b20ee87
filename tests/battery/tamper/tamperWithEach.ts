import { readAnchor } from '#adapters/journal/anchor';
import { genesisHash } from '#adapters/journal/chain';
import { openConnection } from '#adapters/journal/connection';
import { journalIdOf } from '#adapters/journal/identity';
import { eventRows } from '#adapters/journal/rows';
import { type ChainPlace, verifyChain } from '#adapters/journal/verify';

/** One thing that somebody with SQLite and bad intentions does to a row; besides, the end is cut off at each. */
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
 * Does every deed to every row (every `stride`-th, offset by `from`) of a closed journal, one at a time, cuts its end off at each,
 * and asks the verifier.
 * Detected means that it says no and names the right row. The journal is as it was afterwards.
 */
export function tamperWithEach(path: string, options: { readonly from: number; readonly stride: number }): TamperResult {
  const db = openConnection(path, { readonly: false, create: false });
  // The whole journal fits: pages that a deed touched must not spill to the log for the next savepoint to read back.
  db.pragma('cache_size = -262144');
  const anchor = readAnchor(path);
  const last = Number(db.prepare('SELECT max(seq) FROM events').pluck().get());
  const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all();
  const missed: string[] = [];
  let deeds = 0;
  const hashes = [...eventRows(db, 1)].map((row) => row.hash);
  const before = (seq: number): ChainPlace | null => {
    const hash = hashes[seq - 2];
    const isWhole = Math.floor(seq / options.stride) % WHOLE_WALK_EVERY === 0;
    return hash === undefined || isWhole ? null : { seq: seq - 1, hash };
  };
  const ask = (name: string, seq: number, named: number): void => {
    deeds += 1;
    const verdict = verifyChain(db, anchor, before(seq));
    if (verdict.ok || verdict.firstBad !== named)
      missed.push(`${name}, row ${seq}: ${verdict.ok ? 'not noticed' : `named ${verdict.firstBad}: ${verdict.reason}`}`);
  };
  db.exec('BEGIN');
  for (const name of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  for (let seq = 1 + options.from; seq <= last; seq += options.stride)
    for (const deed of DEEDS) {
      const named = deed.named(seq, last);
      if (named === null) continue;
      db.exec('SAVEPOINT deed');
      db.exec(deed.sql(seq));
      ask(deed.name, seq, named);
      db.exec('ROLLBACK TO deed; RELEASE deed');
    }
  // The end is cut off row by row from the last one on: what is cut already need not be cut again.
  const cut = db.prepare('DELETE FROM events WHERE seq = ?');
  const moveHead = db.prepare('UPDATE chain_head SET seq = ?, hash = ?');
  for (let seq = last; seq >= 1; seq -= 1) {
    cut.run(seq);
    moveHead.run(seq - 1, hashes[seq - 2] ?? genesisHash(journalIdOf(db)));
    if ((seq - 1) % options.stride === options.from) ask('cut off the end', seq, seq);
  }
  db.exec('ROLLBACK');
  db.close();
  return { rows: last, deeds, detected: deeds - missed.length, missed };
}
