import type { JournalRow } from '#ports/journal';
import type { BrokerTruth, Finding } from './brokerTruth.ts';

/** At the end both books must hold the same quantity of every symbol: the ledger's sums and the journal's open positions. */
export function positionMismatches(truth: BrokerTruth, rows: readonly JournalRow[]): readonly Finding[] {
  const theirs = new Map<string, number>();
  for (const entry of truth.ledger) if (entry.symbol) theirs.set(entry.symbol, (theirs.get(entry.symbol) ?? 0) + entry.quantity);
  const ours = new Map<string, number>();
  const open = new Map<string, ReadonlyMap<string, number>>();
  for (const { fact } of rows) {
    if (fact.kind === 'PositionOpened' || fact.kind === 'PositionChanged') {
      const legs = new Map<string, number>();
      for (const leg of fact.position.legs) legs.set(leg.symbol, (legs.get(leg.symbol) ?? 0) + leg.quantity);
      open.set(fact.position.positionId, legs);
    }
    if (fact.kind === 'PositionClosed') open.delete(fact.positionId);
  }
  for (const legs of open.values()) for (const [symbol, quantity] of legs) ours.set(symbol, (ours.get(symbol) ?? 0) + quantity);
  const symbols = [...new Set([...theirs.keys(), ...ours.keys()])].sort();
  return symbols.flatMap((symbol) => {
    const difference = (theirs.get(symbol) ?? 0) - (ours.get(symbol) ?? 0);
    if (difference === 0) return [];
    return [
      {
        kind: 'positionMismatch' as const,
        detail: `${symbol}: ${theirs.get(symbol) ?? 0} at the broker, ${ours.get(symbol) ?? 0} in the journal`,
      },
    ];
  });
}
