import { type Instant, instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { Connection } from './connection.ts';

/** A row of `events` as SQLite gives it. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly fact: string;
  readonly hash: string;
}

/** Rows read at once while walking the chain: other statements may run between two pages. A walk begins with a small one: it may end soon. */
const PAGE = 2_000;
const FIRST_PAGE = 50;

export function eventPage(db: Connection, fromSeq: number, limit = PAGE): readonly EventRow[] {
  return db
    .prepare<[number, number], EventRow>('SELECT seq, at, kind, fact, hash FROM events WHERE seq >= ? ORDER BY seq LIMIT ?')
    .all(fromSeq, limit);
}

/** Walks the raw rows from `fromSeq`, page by page. */
export function* eventRows(db: Connection, fromSeq: number): Generator<EventRow> {
  for (let next = fromSeq, size = FIRST_PAGE; ; size = PAGE) {
    const page = eventPage(db, next, size);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < size) return;
    next = last.seq + 1;
  }
}

/** The row with its fact parsed. Facts were written by this program and are guarded by the chain: taken at their word. */
export function parseRow({ seq, at, fact, hash }: EventRow): JournalRow {
  const parsed: JournalFact = JSON.parse(fact);
  const when: Instant = instant(at);
  return { seq, at: when, fact: parsed, hash };
}

export function* journalRows(db: Connection, fromSeq: number): Generator<JournalRow> {
  for (const row of eventRows(db, fromSeq)) yield parseRow(row);
}
