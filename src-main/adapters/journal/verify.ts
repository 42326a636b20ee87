import type { ChainVerdict } from '#ports/journalQueries';
import { type Anchor, readAnchor } from './anchor.ts';
import { genesisHash, rowHash } from './chain.ts';
import type { Connection } from './connection.ts';
import { journalIdOf } from './identity.ts';
import { eventRows } from './rows.ts';

const TRIGGERS = ['events_never_deleted', 'events_never_updated', 'events_without_gap'];

/** A row of the chain that a walk has reached: all that it knows about the rows before. */
export interface ChainPlace {
  readonly seq: number;
  readonly hash: string;
}

/**
 * Walks the whole chain: a changed, removed, inserted or swapped row breaks the hash at its place; rows cut off the end show
 * against the head inside the database and against the anchor beside it. `anchor` must be read before the database.
 * With `after`, a place that a walk over the same rows reached before, it goes on from there: what it says of later rows is the same.
 */
export function verifyChain(db: Connection, anchor: Anchor | null | 'unreadable', after: ChainPlace | null = null): ChainVerdict {
  let { seq, hash } = after ?? { seq: 0, hash: genesisHash(journalIdOf(db)) };
  let anchored = anchor === null || anchor === 'unreadable' || anchor.seq <= seq;
  const bad = (firstBad: number | null, reason: string): ChainVerdict => ({
    ok: false,
    events: seq,
    firstBad,
    reason,
    head: hash,
  });
  for (const row of eventRows(db, seq + 1)) {
    const expected = seq + 1;
    if (row.seq !== expected)
      return bad(Math.min(expected, row.seq), `row ${expected} is missing: row ${row.seq} follows row ${seq}`);
    if (rowHash(hash, row) !== row.hash)
      return bad(row.seq, `row ${row.seq} (${row.kind}) is not what was written, or not at its place`);
    seq = row.seq;
    hash = row.hash;
    if (typeof anchor === 'object' && anchor !== null && anchor.seq === seq) {
      if (anchor.hash !== hash) return bad(seq, `row ${seq} differs from the anchor beside the journal`);
      anchored = true;
    }
  }
  const head = db.prepare<[], Anchor>('SELECT seq, hash FROM chain_head').get();
  if (!head) return bad(null, 'the head of the chain is missing');
  if (head.seq > seq) return bad(seq + 1, `rows ${seq + 1} to ${head.seq} were cut off the end`);
  if (head.seq !== seq || head.hash !== hash) return bad(head.seq + 1, `rows after ${head.seq} were added outside the writer`);
  if (anchor === 'unreadable') return bad(null, 'the anchor beside the journal is unreadable');
  if (!anchored) return bad(seq + 1, `rows ${seq + 1} to ${anchor === null ? '?' : anchor.seq} were cut off the end`);
  const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").pluck().all();
  const gone = TRIGGERS.filter((name) => !triggers.includes(name));
  if (gone.length > 0) return bad(null, `the journal's guards are missing: ${gone.join(', ')}`);
  const detail = anchor === null ? ' (no anchor beside it: a whole older copy would not show)' : '';
  return { ok: true, events: seq, firstBad: null, reason: `every row is as it was written${detail}`, head: hash };
}

/** Verifies the database at `path` on an open connection, against the anchor beside it. */
export function verifyAt(db: Connection, path: string): ChainVerdict {
  const anchor = path === ':memory:' ? null : readAnchor(path);
  return db.transaction(() => verifyChain(db, anchor))();
}
