import type { JournalSummary } from '#contract/journal';
import type { Trade } from '#domain/portfolio/position';
import { type Cents, cents } from '#domain/units';
import type { JournalQueries } from '#ports/journalQueries';

/** Trades that the feed holds; older ones are in the export. */
export const MOST_TRADES = 1_000;
/** Points of the equity curve. */
const EQUITY_POINTS = 1_500;

export function summaryOf(journal: JournalQueries): JournalSummary {
  const trades = journal.trades(1_000_000);
  const equity = journal.equity(EQUITY_POINTS);
  const gains = sum(trades, (pnl) => Math.max(0, pnl));
  const losses = sum(trades, (pnl) => Math.max(0, -pnl));
  const pnl = cents(sum(trades, (amount) => amount));
  const exitReasons: Record<string, number> = {};
  for (const { outcome } of trades) exitReasons[outcome.exitReason] = (exitReasons[outcome.exitReason] ?? 0) + 1;
  return {
    trades: trades.length,
    wins: trades.filter(({ outcome }) => outcome.pnl > 0).length,
    pnl,
    fees: cents(trades.reduce((total, { execution }) => total + execution.fees, 0)),
    profitFactor: losses > 0 ? gains / losses : null,
    expectancy: trades.length > 0 ? cents(Math.round(pnl / trades.length)) : null,
    maxDrawdown: deepestFall(equity.map((point) => point.equity)),
    equity: equity.map(({ at, equity: value }) => ({ at, equity: value })),
    exitReasons,
  };
}

function sum(trades: readonly Trade[], read: (pnl: number) => number): number {
  return trades.reduce((total, { outcome }) => total + read(outcome.pnl), 0);
}

/** Deepest fall from a peak in cents, as a magnitude; null without two points. */
function deepestFall(values: readonly number[]): Cents | null {
  if (values.length < 2) return null;
  let peak = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  for (const value of values) {
    peak = Math.max(peak, value);
    deepest = Math.max(deepest, peak - value);
  }
  return cents(deepest);
}
