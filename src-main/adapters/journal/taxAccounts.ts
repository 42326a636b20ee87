import { civilDate } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { JournalRow } from '#ports/journal';

/**
 * The rows that move lots, by the account of the session in which they were written down. Where there were sessions with real
 * money, theirs alone: paper owes no tax. `asOf`: day of the newest row of all; null without rows.
 */
export function taxAccounts(rows: Iterable<JournalRow>): {
  readonly accounts: readonly (readonly JournalRow[])[];
  readonly asOf: IsoDate | null;
} {
  const accounts = new Map<string, JournalRow[]>();
  const real = new Set<string>();
  let current: JournalRow[] = [];
  accounts.set('', current);
  let asOf: IsoDate | null = null;
  for (const row of rows) {
    asOf = civilDate(row.at);
    const { fact } = row;
    if (fact.kind === 'SessionStarted') {
      current = accounts.get(fact.account) ?? [];
      accounts.set(fact.account, current);
      if (fact.mode === 'live') real.add(fact.account);
    } else if (fact.kind === 'OrderIntended' || fact.kind === 'OrderReported' || fact.kind === 'ActivityBooked')
      current.push(row);
  }
  const told = [...accounts].filter(([account]) => real.size === 0 || real.has(account));
  return { accounts: told.map(([, own]) => own), asOf };
}
