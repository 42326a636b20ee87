import type { JournalRow } from '#ports/journal';
import type { BrokerTruth } from './brokerTruth.ts';

/** Cents by which the fees of an execution may differ: the broker rounds at each, we once for those that are told in one sum. */
const ROUNDING = 1;

/**
 * What the broker's ledger says was paid and received, against what the journal's closed trades and open positions say, to the
 * cent but for the rounding of fees; the owner's trades elsewhere included. Null when they agree.
 */
export function moneyDifference(truth: BrokerTruth, rows: readonly JournalRow[]): string | null {
  const orders = truth.orders.filter(({ filledQuantity }) => filledQuantity > 0).length;
  const roundings = Math.max(orders, truth.ledger.filter(({ kind }) => kind === 'fee').length);
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
  return Math.abs(theirs - ours) <= ROUNDING * roundings
    ? null
    : `${theirs} cents came in and went out at the broker, ${ours} by the journal`;
}
