import { isSimulated, type PaperRecord } from '#engine/arming/evidence';
import type { JournalQueries } from '#ports/journalQueries';

/** More rows than a journal of years holds of these kinds. */
const MOST_ROWS = 1_000_000;

/** What the journal says of trading on paper: its trades, the account's value at each day's end, orders and hard errors. */
export function paperRecordOf(journal: JournalQueries, countSimulated: boolean, battery: PaperRecord['battery']): PaperRecord {
  const kinds = ['SessionStarted', 'DayClosed', 'FaultRecorded', 'OrderInDoubt'];
  const { rows } = journal.events({ kinds, text: null, beforeSeq: null, limit: MOST_ROWS });
  const equity = new Map<string, number[]>();
  let orders = 0;
  let errors = 0;
  let counted = false;
  let values: number[] = [];
  for (const { fact } of [...rows].reverse()) {
    if (fact.kind === 'SessionStarted') {
      counted = fact.mode === 'paper' && (countSimulated || !isSimulated(fact.account));
      values = equity.get(fact.account) ?? [];
      if (counted) equity.set(fact.account, values);
    }
    if (!counted) continue;
    if (fact.kind === 'DayClosed') {
      values.push(fact.equity);
      orders += fact.orders;
    } else if (fact.kind === 'OrderInDoubt') errors += 1;
    else if (fact.kind === 'FaultRecorded' && (fact.severity === 'high' || fact.severity === 'critical')) errors += 1;
  }
  return { trades: journal.trades(MOST_ROWS), equity: [...equity.values()], orders, errors, battery };
}
