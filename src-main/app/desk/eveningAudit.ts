import { addDays, atNewYork, civilDate } from '#domain/market/calendar';
import type { Instant, IsoDate } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { AccountSnapshot, Broker, BrokerOrder } from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { DayAudit, JournalFact } from '#ports/facts';
import type { JournalRow, JournalWriter } from '#ports/journal';
import type { JournalQueries } from '#ports/journalQueries';
import { auditOfDay } from '#research/audit/dayAudit';
import { accountsOf, daysOf, missedDays, type OpenedDay } from '#research/audit/missedAudits';

/** Pause after a broker that did not answer. */
const AGAIN_MS = 10 * 60_000;

export interface EveningAuditParts {
  readonly broker: Pick<Broker, 'onSnapshot'>;
  readonly journal: { readonly reader: JournalQueries; readonly writer: Pick<JournalWriter, 'journalId' | 'head'> };
  readonly account: string;
  now(): Instant;
  /** The account agrees with the journal in everything, and no order is in doubt: what filled while nobody looked is booked. */
  agrees(): boolean;
  ordersBetween(from: Instant, until: Instant): Promise<readonly BrokerOrder[]>;
  clockToleranceMs(): number;
  onAudited(audit: DayAudit): void;
  onError(where: string, error: unknown): void;
}

export interface EveningAudit {
  takeFacts(facts: readonly JournalFact[]): void;
  /** Days that closed while the desk was off and were never audited, oldest first. */
  missed(): readonly IsoDate[];
  stop(): void;
}

/**
 * Audits each day when it closes, on the account that closed it; and days that closed while the desk was off, with the broker's
 * orders of those days, as soon as the account agrees with the journal. Must be made before the runtime listens to the broker: the
 * last look at the account has to be here when the engine closes the day on it.
 */
export function keepEveningAudit(parts: EveningAuditParts): EveningAudit {
  const { reader, writer } = parts.journal;
  let last: AccountSnapshot | null = null;
  let stopped = false;
  let asking = false;
  let notBefore = 0;
  let missed = findMissed();
  const stopListening = parts.broker.onSnapshot((answer) => {
    if (answer.kind === 'snapshot') last = answer.snapshot;
  });

  function findMissed(): readonly OpenedDay[] {
    return missedDays(reader, { today: civilDate(parts.now()), account: parts.account });
  }

  function audited(
    date: IsoDate,
    snapshot: Pick<AccountSnapshot, 'openOrders' | 'closedOrders'>,
    rows: readonly JournalRow[],
  ): void {
    const clockToleranceMs = parts.clockToleranceMs();
    parts.onAudited(auditOfDay({ date, journalId: writer.journalId, snapshot, rows, head: writer.head(), clockToleranceMs }));
  }

  function auditClosed(date: IsoDate): void {
    const day = daysOf(reader, parts.account).find((opened) => opened.date === date);
    if (last && day && !day.audited) audited(date, last, bookedOf(reader, day, parts.account).rows);
  }

  /** One after another: each asks the broker for a whole day. */
  async function auditMissed(): Promise<void> {
    if (asking || stopped || missed.length === 0 || parts.now() < notBefore || !parts.agrees()) return;
    asking = true;
    try {
      for (const day of missed) {
        const closedOrders = await parts.ordersBetween(atNewYork(day.date, '00:00'), atNewYork(addDays(day.date, 1), '00:00'));
        if (stopped) return;
        const { rows, noted } = bookedOf(reader, day, parts.account);
        // An older copy was put back: the owner was told of those, and entries stopped, when the account was looked at.
        const orders = closedOrders.filter(({ clientOrderId }) => !noted.has(clientOrderId));
        audited(day.date, { openOrders: [], closedOrders: orders }, rows);
        missed = missed.filter(({ date }) => date !== day.date);
      }
    } catch (error) {
      notBefore = parts.now() + AGAIN_MS;
      parts.onError('audit of a missed day', error);
    } finally {
      asking = false;
    }
  }

  /** Not within the engine's turn that told it. */
  function later(act: () => void): void {
    queueMicrotask(() => {
      try {
        if (!stopped) act();
      } catch (error) {
        parts.onError('evening audit', error);
      }
    });
  }

  return {
    takeFacts(facts) {
      for (const fact of facts) {
        if (fact.kind === 'DayClosed') later(() => auditClosed(fact.date));
        if (fact.kind === 'DayOpened')
          later(() => {
            if (!asking) missed = findMissed();
          });
      }
      if (missed.length > 0 && facts.some(({ kind }) => AGREEING.has(kind))) later(() => void auditMissed());
    },
    missed: () => missed.map(({ date }) => date),
    stop() {
      stopped = true;
      stopListening();
    },
  };
}

/** After these the account may agree with the journal. */
const AGREEING: ReadonlySet<JournalFact['kind']> = new Set(['Reconciled', 'OrderProved', 'DayOpened', 'DayClosed']);

/**
 * A missed day's rows, with what was booked of its own orders since (a fill that came when nobody looked is booked at the next
 * start), and the broker's orders under our name that the journal has noted it does not hold.
 */
function bookedOf(
  reader: JournalQueries,
  { from, end }: OpenedDay,
  account: string,
): { readonly rows: readonly JournalRow[]; readonly noted: ReadonlySet<string> } {
  const rows: JournalRow[] = [];
  const intents = new Set<string>();
  const noted = new Set<string>();
  const accountAt = accountsOf(reader);
  for (const row of reader.rows(from)) {
    if (accountAt(row.seq) !== account) continue;
    const { fact } = row;
    if (fact.kind === 'UnrecordedOrderNoted') noted.add(fact.clientOrderId);
    if (row.seq < end) {
      rows.push(row);
      if (fact.kind === 'OrderIntended') intents.add(fact.request.intentId);
    } else if (fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled') {
      const identity = parseClientOrderId(fact.report.clientOrderId);
      if (identity && intents.has(identity.intentId)) rows.push(row);
    }
  }
  return { rows, noted };
}

/** No difference is unexplained and no order in doubt. */
export function accountAgrees({ reconciled, lastDifferences, book }: EngineView): boolean {
  return (
    reconciled && book.underlyingsInDoubt.size === 0 && (lastDifferences?.differences ?? []).every(({ resolved }) => resolved)
  );
}

/** What the owner is told at a start; null when no day is missing. */
export function noticeOfMissed(dates: readonly IsoDate[]): { readonly title: string; readonly body: string } | null {
  if (dates.length === 0) return null;
  const one = dates.length === 1;
  return {
    title: `${one ? 'A day was' : `${dates.length} days were`} never audited`,
    body: `${dates.join(', ')}: the desk was off when ${one ? 'it' : 'they'} closed. The orders of ${one ? 'that day' : 'those days'} are asked of the broker and compared with the journal as soon as the account agrees with it.`,
  };
}
