import type { JournalRow } from '#ports/journal';
import type { BrokerTruth } from './brokerTruth.ts';

/** Cents by which an order's fees may differ: the broker rounds once an order, we once an execution. */
const ROUNDING_PER_ORDER = 1;

/**
 * What the broker's ledger says was paid and received, against what the journal's closed trades and open positions say, to the
 * cent but for the rounding of fees; the owner's trades elsewhere included. Null when they agree.
 */
export function moneyDifference(truth: BrokerTruth, rows: readonly JournalRow[]): string | null {
  const filled = truth.orders.filter(({ filledQuantity }) => filledQuantity > 0);
  const theirs = truth.ledger.filter(({ kind }) => kind !== 'deposit').reduce((sum, { cash }) => sum + cash, 0);
  const open = new Map<string, number>();
  let ours = 0;
  for (const { fact } of rows) {
    if (fact.kind === 'PositionOpened' || fact.kind === 'PositionChanged')
      open.set(fact.position.positionId, fact.position.cashFlow - fact.position.fees);
    if (fact.kind !== 'PositionClosed') continue;
    open.delete(fact.positionId);
    ours += fact.trade.outcome.pnl;
  }
  for (const cash of open.values()) ours += cash;
  return Math.abs(theirs - ours) <= ROUNDING_PER_ORDER * filled.length
    ? null
    : `${theirs} cents came in and went out at the broker, ${ours} by the journal`;
}
