import type { IsoDate } from '#domain/units';
import type { JournalQueries } from '#ports/journalQueries';

/** Newest days and sessions that are looked through: two weeks of sessions. */
const DAYS_LOOKED_AT = 10;
const SESSIONS_LOOKED_AT = 1_000;

/** A day of one account in the journal, with the rows that it reaches from and to. */
export interface OpenedDay {
  readonly date: IsoDate;
  readonly from: number;
  /** First row of the account's next day. */
  readonly end: number;
  readonly audited: boolean;
}

type Reader = Pick<JournalQueries, 'events'>;

/** The newest days of an account, newest first. A broker knows nothing of another account's orders: what they did is theirs. */
export function daysOf(journal: Reader, account: string): readonly OpenedDay[] {
  const accountAt = accountsOf(journal);
  const own = (kind: 'DayOpened' | 'DayAudited') =>
    journal
      .events({ kinds: [kind], text: null, beforeSeq: null, limit: DAYS_LOOKED_AT })
      .rows.filter(({ seq }) => accountAt(seq) === account);
  const audited = new Set(own('DayAudited').flatMap(({ fact }) => (fact.kind === 'DayAudited' ? [fact.date] : [])));
  const opened = own('DayOpened');
  return opened.flatMap(({ seq, fact }, index) =>
    fact.kind === 'DayOpened'
      ? [
          {
            date: fact.date,
            from: seq,
            end: opened[index - 1]?.seq ?? Number.POSITIVE_INFINITY,
            audited: audited.has(fact.date),
          },
        ]
      : [],
  );
}

/** An account's days before `today` that nobody audited, oldest first: the desk was off when they closed. */
export function missedDays(
  journal: Reader,
  { today, account }: { readonly today: IsoDate; readonly account: string },
): readonly OpenedDay[] {
  return daysOf(journal, account)
    .filter(({ date, audited }) => date < today && !audited)
    .reverse();
}

/** Whose session a row belongs to; null before the first. */
export function accountsOf(journal: Reader): (seq: number) => string | null {
  const { rows } = journal.events({ kinds: ['SessionStarted'], text: null, beforeSeq: null, limit: SESSIONS_LOOKED_AT });
  const starts = rows.flatMap(({ seq, fact }) => (fact.kind === 'SessionStarted' ? [{ seq, account: fact.account }] : []));
  return (seq) => starts.find((start) => start.seq <= seq)?.account ?? null;
}
