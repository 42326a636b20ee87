import { titleOf } from '#domain/decisions/words';
import type { Instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { JournalQueries, RowRange } from '#ports/journalQueries';
import { eventViewOf } from '../narrate.ts';
import { CONTROLS } from './controls.ts';

/** Rows looked through at one look: a few milliseconds, however long the journal is. */
const ROWS_A_LOOK = 10_000;
/** Comparisons with a difference that are kept, the newest. */
const MOST_COMPARISONS = 200;

/** Only a comparison that found something has a classification in it. */
const WITH_DIFFERENCE = '"classification"';
const REFUSED = '"refused"';

export interface Act {
  readonly lastAt: Instant;
  readonly lastWhat: string;
}

type Comparison = { readonly seq: number; readonly at: Instant } & Extract<JournalFact, { kind: 'Reconciled' }>;

/** What the journal says the controls did, as far back as it was read. */
export interface Seen {
  readonly byGate: ReadonlyMap<string, Act>;
  readonly byFact: ReadonlyMap<string, Act>;
  /** Comparisons that found a difference, newest first. */
  readonly comparisons: readonly Comparison[];
  /** What is older than this was not read yet; null when everything was. */
  readonly since: Instant | null;
}

const FACTS = [...new Set<JournalFact['kind']>(CONTROLS.flatMap(({ facts }) => facts))];

/**
 * Reads the journal backwards, a stretch at each look, newest first, and every row once: after some looks everything that ever
 * acted is known, and no look takes longer than the one before because the journal has grown.
 */
export function createLookBack(journal: JournalQueries, rowsALook = ROWS_A_LOOK) {
  const byGate = new Map<string, Act>();
  const byFact = new Map<string, Act>();
  let comparisons: readonly Comparison[] = [];
  /** Stretches that nobody read yet, oldest first. */
  let unread: readonly RowRange[] = [];
  let known = 0;

  function read(range: RowRange): void {
    for (const { reasons, decisionId, underlying, lastAt } of journal.refusalsWithin(range))
      for (const gate of reasons)
        keepNewest(byGate, gate, { lastAt, lastWhat: `${titleOf(gate)} refused ${underlying} (${decisionId})` });
    for (const { at, fact } of journal.within(range, { kind: 'CommandAnswered', text: REFUSED, limit: rowsALook }))
      if (fact.kind === 'CommandAnswered' && fact.outcome.kind === 'refused')
        for (const { gate } of fact.outcome.reasons)
          keepNewest(byGate, gate, { lastAt: at, lastWhat: `${titleOf(gate)} refused the owner’s order` });
    for (const kind of FACTS)
      for (const row of journal.within(range, { kind, text: null, limit: 1 }))
        keepNewest(byFact, kind, { lastAt: row.at, lastWhat: eventViewOf(row).summary });
    const found = journal
      .within(range, { kind: 'Reconciled', text: WITH_DIFFERENCE, limit: MOST_COMPARISONS })
      .flatMap(({ seq, at, fact }) => (fact.kind === 'Reconciled' && fact.differences.length > 0 ? [{ ...fact, seq, at }] : []));
    if (found.length > 0) comparisons = [...comparisons, ...found].sort((a, b) => b.seq - a.seq).slice(0, MOST_COMPARISONS);
  }

  return {
    /** True when everything was read: another look finds only what is new. */
    isDone: (): boolean => unread.length === 0,
    /** `head`: the journal's newest row. */
    upTo(head: number): Seen {
      if (head > known) {
        unread = [...unread, { from: known + 1, to: head }];
        known = head;
      }
      for (let left = rowsALook; left > 0; ) {
        const newest = unread.at(-1);
        if (!newest) break;
        const from = Math.max(newest.from, newest.to - left + 1);
        read({ from, to: newest.to });
        left -= newest.to - from + 1;
        unread = [...unread.slice(0, -1), ...(from > newest.from ? [{ from: newest.from, to: from - 1 }] : [])];
      }
      const gap = unread.at(-1);
      return { byGate, byFact, comparisons, since: gap ? instantOf(journal, gap.to + 1) : null };
    },
  };
}

function instantOf(journal: JournalQueries, seq: number): Instant | null {
  for (const { at } of journal.rows(seq)) return at;
  return null;
}

function keepNewest(acts: Map<string, Act>, key: string, act: Act): void {
  const known = acts.get(key);
  if (!known || known.lastAt < act.lastAt) acts.set(key, act);
}

export type LookBack = ReturnType<typeof createLookBack>;
