import type { Instant, IsoDate } from '#domain/units';
import type { JournalQueries } from '#ports/journalQueries';

/** Newest days that are looked through: two weeks of sessions. */
const DAYS_LOOKED_AT = 10;

/** A day that was opened and never audited, with the rows that it reached from and to. */
export interface MissedDay {
  readonly date: IsoDate;
  readonly openedAt: Instant;
  readonly from: number;
  /** First row of the day that was opened after it. */
  readonly end: number;
}

/**
 * Days before `today` that nobody audited, oldest first: the desk was off when they closed. Days of another account (the journal was
 * kept at another venue then) are left out: the broker that is asked now knows nothing of them.
 */
export function missedDays(
  journal: Pick<JournalQueries, 'events'>,
  { today, account }: { readonly today: IsoDate; readonly account: string },
): readonly MissedDay[] {
  const newest = (kind: 'DayOpened' | 'DayAudited') =>
    journal.events({ kinds: [kind], text: null, beforeSeq: null, limit: DAYS_LOOKED_AT }).rows;
  const audited = new Set(newest('DayAudited').flatMap(({ fact }) => (fact.kind === 'DayAudited' ? [fact.date] : [])));
  const opened = newest('DayOpened');
  return opened
    .flatMap(({ seq, at, fact }, index) =>
      fact.kind === 'DayOpened' && fact.date < today && !audited.has(fact.date)
        ? [{ date: fact.date, openedAt: at, from: seq, end: opened[index - 1]?.seq ?? Number.POSITIVE_INFINITY }]
        : [],
    )
    .filter(({ from, end }) => isOf(journal, account, from) && (end === Number.POSITIVE_INFINITY || isOf(journal, account, end)))
    .reverse();
}

/** Whether the session that wrote a row traded this account. */
function isOf(journal: Pick<JournalQueries, 'events'>, account: string, seq: number): boolean {
  const [started] = journal.events({ kinds: ['SessionStarted'], text: null, beforeSeq: seq, limit: 1 }).rows;
  return started?.fact.kind === 'SessionStarted' && started.fact.account === account;
}
