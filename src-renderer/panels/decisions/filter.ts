import type { DecisionView } from '#contract/decisions';
import type { VerdictKind } from '#domain/decisions/decision';

export interface DecisionFilter {
  readonly strategyId: string | null;
  readonly underlying: string | null;
  readonly verdict: VerdictKind | null;
  readonly reason: string | null;
}

export const anyDecision: DecisionFilter = { strategyId: null, underlying: null, verdict: null, reason: null };

export function isNarrowed(filter: DecisionFilter): boolean {
  return Object.values(filter).some((value) => value !== null);
}

/** Whether a decision passes every filter that is set; an underlying matches by its beginning while it is typed. */
export function matches({ decision }: DecisionView, filter: DecisionFilter): boolean {
  return (
    (filter.strategyId === null || decision.strategyId === filter.strategyId) &&
    (filter.underlying === null || decision.underlying.startsWith(filter.underlying)) &&
    (filter.verdict === null || decision.verdict === filter.verdict) &&
    (filter.reason === null || decision.reasons.includes(filter.reason))
  );
}

/** Reasons among decisions with how often they refused, most frequent first. */
export function reasonCounts(views: readonly DecisionView[]): readonly { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const view of views)
    for (const reason of view.decision.reasons) counts.set(reason, (counts.get(reason) ?? 0) + view.repeats);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((left, right) => right.count - left.count);
}
