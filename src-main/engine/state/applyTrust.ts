import type { Instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { Rung } from '#ports/settings/trustSettings';
import type { EngineState } from './engineState.ts';

/** What a strategy did since it came to its rung. Cash in cents. */
export interface TrustRecord {
  /** null: where strategies start, by the settings. */
  readonly rung: Rung | null;
  readonly since: Instant;
  readonly reason: string;
  readonly by: string;
  readonly trades: Sample;
  readonly observations: Sample;
  readonly losingStreak: number;
  /** Highest sum of its results, and the sum now. */
  readonly peak: number;
  readonly trips: number;
  readonly outliers: number;
}

/** Enough to tell a mean and its error. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

const EMPTY: Sample = { count: 0, sum: 0, sumOfSquares: 0 };

/** Breakers of the whole account that speak against whatever traded meanwhile. */
const LOSSES: ReadonlySet<string> = new Set(['dailyLoss', 'weeklyLoss', 'drawdown']);

/** Keeps the evidence of every strategy, fact by fact; a new rung begins anew. */
export function applyTrust(state: EngineState, fact: JournalFact, at: Instant): void {
  switch (fact.kind) {
    case 'TrustChanged':
      state.trust.set(fact.strategyId, { ...fresh(at), rung: fact.to, reason: fact.reason, by: fact.by });
      return;
    case 'PositionClosed': {
      const { strategyId, outcome } = fact.trade;
      change(state, strategyId, at, (record) => {
        const trades = withOne(record.trades, outcome.pnl);
        const losingStreak = outcome.pnl < 0 ? record.losingStreak + 1 : 0;
        return { ...record, trades, losingStreak, peak: Math.max(record.peak, trades.sum) };
      });
      return;
    }
    case 'CounterfactualMarked': {
      // Once a proposal, by its end: the mark of its first evening says little but what an entry costs.
      const strategyId = state.observed.get(fact.decisionId);
      if (strategyId === undefined || fact.basis !== 'expiration') return;
      state.observed.delete(fact.decisionId);
      change(state, strategyId, at, (record) => ({
        ...record,
        observations: withOne(record.observations, fact.pnlPerUnit),
      }));
      return;
    }
    case 'SlippageNoted':
      change(state, fact.strategyId, at, (record) => ({ ...record, outliers: record.outliers + 1 }));
      return;
    case 'BreakerTripped':
      if (fact.scope?.level === 'strategy')
        change(state, fact.scope.strategyId, at, (record) => ({ ...record, trips: record.trips + 1 }));
      else if (LOSSES.has(fact.breaker))
        for (const strategyId of [...state.trust.keys()])
          change(state, strategyId, at, (record) => ({ ...record, trips: record.trips + 1 }));
      return;
    default:
      return;
  }
}

/** The record of a strategy that has none yet. */
export function fresh(at: Instant): TrustRecord {
  return {
    rung: null,
    since: at,
    reason: '',
    by: '',
    trades: EMPTY,
    observations: EMPTY,
    losingStreak: 0,
    peak: 0,
    trips: 0,
    outliers: 0,
  };
}

function change(state: EngineState, strategyId: string, at: Instant, to: (record: TrustRecord) => TrustRecord): void {
  state.trust.set(strategyId, to(state.trust.get(strategyId) ?? fresh(at)));
}

function withOne({ count, sum, sumOfSquares }: Sample, value: number): Sample {
  return { count: count + 1, sum: sum + value, sumOfSquares: sumOfSquares + value * value };
}
