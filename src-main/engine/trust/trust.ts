import type { GateResult } from '#domain/decisions/decision';
import { strategyBlock } from '#ports/settings/settings';
import { RUNGS, type Rung } from '#ports/settings/trustSettings';
import { fresh, type Sample, type TrustRecord } from '../state/applyTrust.ts';
import { notify, type Turn } from '../turn.ts';

export type Mode = 'auto' | 'approve' | 'observe' | 'off';
const MODE_OF: Readonly<Record<Rung, Mode>> = { observe: 'observe', propose: 'approve', autoSmall: 'auto', autoFull: 'auto' };
const FREEDOM: Readonly<Record<Mode, number>> = { off: 0, observe: 1, approve: 2, auto: 3 };

/** What the owner set for a strategy: in the window, else in the settings. */
export function modeOf(turn: Turn, strategyId: string): Mode {
  return turn.state.strategyModes.get(strategyId) ?? turn.settings.strategies[strategyId]?.mode ?? strategyBlock.parse({}).mode;
}

/** What a strategy may do now: the owner's mode, and no more than its rung. */
export function effectiveMode(turn: Turn, strategyId: string): Mode {
  const owners = modeOf(turn, strategyId);
  const earned = MODE_OF[rungOf(turn, strategyId)];
  return FREEDOM[owners] <= FREEDOM[earned] ? owners : earned;
}

/** Where a strategy stands with this account: what it earned or lost here, else where strategies start at this venue. */
export function rungOf(turn: Turn, strategyId: string): Rung {
  return turn.state.trust.get(strategyId)?.rung ?? startRung(turn, strategyId);
}

/** No rung of another account counts for real money, except one below the start: what was held back elsewhere is held back here. */
function startRung({ parts, settings, state }: Turn, strategyId: string): Rung {
  const { startEmbedded, startPaper, startLive } = settings.trust;
  if (parts.mode !== 'live') return parts.venue === 'alpaca-paper' ? startPaper : startEmbedded;
  const elsewhere = [...state.setAside.values()].flatMap(({ trust }) => trust.get(strategyId)?.rung ?? []);
  return [startLive, ...elsewhere].reduce((lowest, rung) => (RUNGS.indexOf(rung) < RUNGS.indexOf(lowest) ? rung : lowest));
}

/** Units that a strategy may send in one order; null = as the risk engine sizes it. */
export function sizeCapOf(turn: Turn, strategyId: string): number | null {
  return rungOf(turn, strategyId) === 'autoSmall' ? turn.settings.trust.smallContracts : null;
}

export interface TrustStanding {
  readonly rung: Rung;
  readonly since: TrustRecord['since'] | null;
  readonly reason: string;
  readonly by: string;
  /** The rung above, with every condition and where it stands; null at the top. */
  readonly next: { readonly rung: Rung; readonly gates: readonly GateResult[] } | null;
}

export function standingOf(turn: Turn, strategyId: string): TrustStanding {
  const record = turn.state.trust.get(strategyId);
  const rung = rungOf(turn, strategyId);
  const above = RUNGS[RUNGS.indexOf(rung) + 1];
  return {
    rung,
    since: record?.since ?? null,
    reason: record?.reason ?? '',
    by: record?.by ?? '',
    next: above === undefined ? null : { rung: above, gates: evidenceOf(turn, rung, record ?? fresh(turn.now)) },
  };
}

/** What speaks for the next rung: enough results, an expectancy whose lower bound is positive, and no breaker. */
function evidenceOf({ settings }: Turn, rung: Rung, record: TrustRecord): GateResult[] {
  const { minTrades, minObservations, minExpectancyDollars, expectancyDeviations, maxTrips } = settings.trust;
  const observing = rung === 'observe';
  const sample = observing ? record.observations : record.trades;
  const least = observing ? minObservations : minTrades;
  const bound = lowerBound(sample, expectancyDeviations);
  return [
    {
      gate: observing ? 'observations' : 'closedTrades',
      passed: sample.count >= least,
      value: sample.count,
      limit: least,
      unit: observing ? 'proposals' : 'trades',
    },
    {
      gate: 'expectancyLowerBound',
      passed: bound !== null && bound / 100 > minExpectancyDollars,
      value: bound === null ? null : Math.round(bound) / 100,
      limit: minExpectancyDollars,
      unit: 'dollars',
    },
    { gate: 'breakerTrips', passed: record.trips <= maxTrips, value: record.trips, limit: maxTrips, unit: 'breakers' },
  ];
}

/** Mean less so many standard errors, in cents; null with fewer than two results. */
export function lowerBound({ count, sum, sumOfSquares }: Sample, deviations: number): number | null {
  if (count < 2) return null;
  const mean = sum / count;
  const variance = Math.max(0, (sumOfSquares - count * mean * mean) / (count - 1));
  return mean - deviations * Math.sqrt(variance / count);
}

/**
 * The owner moves a strategy: down as far as he likes, up by one rung and only with its evidence. Answers with what is missing;
 * an empty list when it was moved.
 */
export function moveByHand(turn: Turn, strategyId: string, to: Rung, reason: string, by: string): readonly GateResult[] {
  const { rung, next } = standingOf(turn, strategyId);
  const steps = RUNGS.indexOf(to) - RUNGS.indexOf(rung);
  if (steps > 1) return [{ gate: 'oneRungAtATime', passed: false, value: steps, limit: 1, unit: 'rungs' }];
  const evidence = steps === 1 && next ? next.gates : [];
  const missing = evidence.filter((gate) => !gate.passed);
  if (missing.length === 0 && steps !== 0) turn.emit({ kind: 'TrustChanged', strategyId, from: rung, to, reason, evidence, by });
  return missing;
}

/** After a trade: a strategy that does badly loses a rung by itself. */
export function demoteIfDue(turn: Turn, strategyId: string): void {
  const record = turn.state.trust.get(strategyId);
  const rung = rungOf(turn, strategyId);
  const below = RUNGS[RUNGS.indexOf(rung) - 1];
  if (!record || below === undefined) return;
  const [why] = reasonsAgainst(turn, record);
  if (!why) return;
  const reason = `${why.gate}: ${why.value} against ${why.limit} ${why.unit}`;
  turn.emit({ kind: 'TrustChanged', strategyId, from: rung, to: below, reason, evidence: [why], by: 'engine' });
  notify(turn, 'breach', `${strategyId} lost a rung: ${below}`, reason, true);
}

function reasonsAgainst({ settings, state }: Turn, record: TrustRecord): GateResult[] {
  const { demoteLosingStreak, demoteDrawdownFraction, demoteOutliers } = settings.trust;
  const equity = state.lastEquity?.equity ?? null;
  const fall = record.peak - record.trades.sum;
  const share = equity === null || equity <= 0 ? 0 : Math.round((fall / equity) * 1e6) / 1e6;
  const against = (gate: string, value: number, limit: number, unit: string): GateResult => ({
    gate,
    passed: value < limit,
    value,
    limit,
    unit,
  });
  return [
    against('losingStreak', record.losingStreak, demoteLosingStreak, 'trades'),
    against('strategyDrawdown', share, demoteDrawdownFraction, 'of equity'),
    against('slippageOutliers', record.outliers, demoteOutliers, 'fills'),
    against('breakerTrips', record.trips, settings.trust.maxTrips + 1, 'breakers'),
  ].filter((gate) => !gate.passed);
}
