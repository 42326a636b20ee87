import { addDays } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { AccountSnapshot, Broker } from '#ports/broker';
import type { DayAudit, JournalFact } from '#ports/facts';
import type { JournalRow, JournalWriter } from '#ports/journal';
import type { JournalQueries } from '#ports/journalQueries';
import { auditOfDay } from '#research/audit/dayAudit';

/** Newest days and sessions that are looked through, and how far back the broker's closed orders surely reach. */
const DAYS_LOOKED_AT = 10;
const SESSIONS_LOOKED_AT = 1_000;
const LOOK_BACK_DAYS = 1;

export interface EveningAuditParts {
  readonly broker: Pick<Broker, 'onSnapshot'>;
  readonly journal: { readonly reader: JournalQueries; readonly writer: Pick<JournalWriter, 'journalId' | 'head'> };
  clockToleranceMs(): number;
  onAudited(audit: DayAudit): void;
  onError(where: string, error: unknown): void;
}

/**
 * Audits each day when it closes, on the account that closed it. Must be made before the runtime listens to the broker: the last
 * look at the account has to be here when the engine closes the day on it.
 */
export function keepEveningAudit(parts: EveningAuditParts): { takeFacts(facts: readonly JournalFact[]): void; stop(): void } {
  let last: AccountSnapshot | null = null;
  const stop = parts.broker.onSnapshot((answer) => {
    if (answer.kind === 'snapshot') last = answer.snapshot;
  });

  /** The day that closed, and the one before it if nobody audited that: the broker's closed orders reach back that far. */
  function audit(date: IsoDate): void {
    if (!last) return;
    const { reader, writer } = parts.journal;
    const accountAt = accountsOf(reader);
    const own = accountAt(Number.POSITIVE_INFINITY);
    // This broker knows nothing of another account's orders: what they did on the same day is theirs.
    const isOwn = ({ seq }: { readonly seq: number }): boolean => accountAt(seq) === own;
    const days = daysOf(reader, 'DayOpened').filter(isOwn);
    const audited = new Set(
      daysOf(reader, 'DayAudited')
        .filter(isOwn)
        .map((day) => day.date),
    );
    for (const [index, opened] of days.entries()) {
      if (opened.date > date || opened.date < addDays(date, -LOOK_BACK_DAYS) || audited.has(opened.date)) continue;
      const end = days[index - 1]?.seq ?? Number.POSITIVE_INFINITY;
      parts.onAudited(
        auditOfDay({
          date: opened.date,
          journalId: writer.journalId,
          snapshot: last,
          rows: rowsBetween(reader, opened.seq, end).filter(isOwn),
          head: writer.head(),
          clockToleranceMs: parts.clockToleranceMs(),
        }),
      );
    }
  }

  return {
    takeFacts(facts) {
      for (const fact of facts) {
        if (fact.kind !== 'DayClosed') continue;
        // Not within the engine's turn that closed it.
        queueMicrotask(() => {
          try {
            audit(fact.date);
          } catch (error) {
            parts.onError('evening audit', error);
          }
        });
      }
    },
    stop,
  };
}

/** Whose session a row belongs to; null before the first. */
function accountsOf(reader: JournalQueries): (seq: number) => string | null {
  const { rows } = reader.events({ kinds: ['SessionStarted'], text: null, beforeSeq: null, limit: SESSIONS_LOOKED_AT });
  const starts = rows.flatMap(({ seq, fact }) => (fact.kind === 'SessionStarted' ? [{ seq, account: fact.account }] : []));
  return (seq) => starts.find((start) => start.seq <= seq)?.account ?? null;
}

/** Newest first. */
function daysOf(
  reader: JournalQueries,
  kind: 'DayOpened' | 'DayAudited',
): readonly { readonly seq: number; readonly date: IsoDate }[] {
  const { rows } = reader.events({ kinds: [kind], text: null, beforeSeq: null, limit: DAYS_LOOKED_AT });
  return rows.flatMap(({ seq, fact }) => (fact.kind === kind ? [{ seq, date: fact.date }] : []));
}

function rowsBetween(reader: JournalQueries, from: number, end: number): JournalRow[] {
  const found: JournalRow[] = [];
  for (const row of reader.rows(from)) {
    if (row.seq >= end) break;
    found.push(row);
  }
  return found;
}
