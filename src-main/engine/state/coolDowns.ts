import type { Turn } from '../turn.ts';

/** Why a strategy may not enter an underlying now: a cool-down that runs, or null. */
export function coolingBreaker({ state, now }: Turn, strategyId: string, underlying: string): string | null {
  for (const { breaker, scope, until } of state.breakers.values()) {
    if (scope === null || until === null || until <= now) continue;
    if (scope.level === 'strategy' ? scope.strategyId === strategyId : scope.underlying === underlying) return breaker;
  }
  return null;
}
