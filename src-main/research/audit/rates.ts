import { civilDate } from '#domain/market/calendar';
import type { Instant, IsoDate } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { EngineSettings } from '#ports/settings/settings';
import type { Finding } from './brokerTruth.ts';

interface Sent {
  readonly at: Instant;
  readonly legs: string;
}

interface Day {
  readonly date: IsoDate;
  /** Equity from which the day's loss counts, cents; moved by what was paid in or out. */
  start: number;
}

/**
 * Counts anew, from the rows alone, what the gate says that it counted before it let an opening order go: orders in a second, a
 * minute and a day, the same legs sent again within the window, and the day's loss by the equity that the broker last told.
 */
export function rateBreaches(rows: readonly JournalRow[], { risk }: EngineSettings): readonly Finding[] {
  const findings: Finding[] = [];
  const sent: Sent[] = [];
  let day: Day | null = null;
  let equity: number | null = null;
  for (const { at, fact } of rows) {
    if (fact.kind === 'Reconciled') equity = fact.equity;
    if (fact.kind === 'DayOpened') {
      day = { date: fact.date, start: fact.startEquity };
      equity = fact.startEquity;
    }
    if (fact.kind === 'ActivityBooked' && fact.activity.kind === 'transfer' && day) day.start += fact.activity.netCash;
    if (fact.kind !== 'OrderIntended') continue;
    const { request } = fact;
    const legs = legsOf(fact);
    if (request.purpose === 'open') {
      const breach = (detail: string): void => {
        findings.push({ kind: 'limitBreach', detail: `${request.intentId}-${request.attempt}: ${detail}` });
      };
      const since = (span: number): number => sent.filter((before) => at - before.at < span).length + 1;
      if (since(1_000) > risk.maxOrdersPerSecond) breach(`${since(1_000)} orders within a second`);
      if (since(60_000) > risk.maxOrdersPerMinute) breach(`${since(60_000)} orders within a minute`);
      const today = sent.filter((before) => civilDate(before.at) === civilDate(at)).length + 1;
      if (today > risk.maxOrdersPerDay) breach(`${today} orders in a day`);
      const windowMs = risk.duplicateWindowSeconds * 1_000;
      if (
        request.attempt === 1 &&
        fact.cause.kind !== 'exit' &&
        sent.some((before) => before.legs === legs && at - before.at < windowMs)
      )
        breach('the same legs were sent just before');
      if (day && equity !== null && day.date === civilDate(at) && day.start - equity >= day.start * risk.maxDailyLossFraction)
        breach(`opens after a loss of ${day.start - equity} cents of ${day.start} in the day`);
    }
    sent.push({ at, legs });
  }
  return findings;
}

function legsOf({ request }: Extract<JournalFact, { kind: 'OrderIntended' }>): string {
  const parts = request.legs.map(({ symbol, side, ratio }) => `${symbol} ${side} ${ratio}`);
  return `${request.purpose} ${parts.sort().join(' ')}`;
}
