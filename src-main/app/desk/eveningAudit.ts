import type { IsoDate } from '#domain/units';
import type { AccountSnapshot, Broker } from '#ports/broker';
import type { DayAudit, JournalFact } from '#ports/facts';
import type { JournalWriter } from '#ports/journal';
import type { JournalQueries } from '#ports/journalQueries';
import { auditOfDay } from '#research/audit/dayAudit';

/** Days that opened, looked through for the one that is audited. */
const DAYS_LOOKED_AT = 10;

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

  function audit(date: IsoDate): void {
    const { reader, writer } = parts.journal;
    const opened = reader
      .events({ kinds: ['DayOpened'], text: null, beforeSeq: null, limit: DAYS_LOOKED_AT })
      .rows.find(({ fact }) => fact.kind === 'DayOpened' && fact.date === date);
    if (!last || !opened) return;
    const rows = [...reader.rows(opened.seq)];
    const clockToleranceMs = parts.clockToleranceMs();
    parts.onAudited(
      auditOfDay({ date, journalId: writer.journalId, snapshot: last, rows, head: writer.head(), clockToleranceMs }),
    );
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
