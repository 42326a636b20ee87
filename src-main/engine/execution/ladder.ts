import { roundToTick } from '#domain/market/instrument';
import type { Price } from '#domain/units';
import type { LadderPlan } from '#ports/facts';
import type { ExecutionSettings } from '#ports/settings/settings';

export interface LadderTerms {
  readonly profile: 'normal' | 'fast' | 'patient';
  /** Signed net prices per share, + credit. */
  readonly mid: Price;
  readonly natural: Price;
  /** How far from mid towards natural the last rung may go (1 = natural). */
  readonly boundOfSpread: number;
  readonly tick: Price;
  readonly spot: Price;
  readonly purpose: 'open' | 'close';
  /** A bound that was frozen before (a decision's, a roll's) or that the legs set: never exceeded. */
  readonly frozenBound?: Price | null;
}

/**
 * Prices from mid towards natural, the worst one last. The bound is frozen here: no rung and no retry is worse. An entry that
 * was decided as a credit keeps at least a tick of credit: a ladder never flips the sign.
 */
export function buildLadder(terms: LadderTerms, settings: ExecutionSettings): LadderPlan {
  const { mid, natural, tick, purpose } = terms;
  const reach = Math.max(0, mid - natural) * terms.boundOfSpread;
  let bound = roundToTick(mid - reach, tick, 'up');
  if (bound > mid) bound = roundToTick(mid, tick, 'down');
  if (terms.frozenBound !== undefined && terms.frozenBound !== null)
    bound = Math.max(bound, roundToTick(terms.frozenBound, tick, 'up'));
  if (purpose === 'open' && mid > 0) bound = Math.max(bound, tick);
  const best = Math.max(bound, roundToTick(mid, tick, 'up'));
  const { count, ms } = shapeOf(terms.profile, settings);
  const rungs: Price[] = [];
  for (let index = 0; index < count; index += 1) {
    const raw = count === 1 ? bound : best + ((bound - best) * index) / (count - 1);
    const price = Math.max(bound, roundToTick(raw, tick));
    if (price !== rungs.at(-1)) rungs.push(price);
  }
  return {
    profile: terms.profile,
    rungs,
    rungMs: ms,
    restMs: settings.restSeconds * 1000,
    bound,
    midAtDecision: Math.round(mid * 1e4) / 1e4,
    spotAtDecision: terms.spot,
    abortBand: settings.abortBandFraction,
  };
}

/** One price, held until it fills, the owner cancels it or the day ends. */
export function fixedLadder(limit: Price, mid: Price, spot: Price, restMs: number): LadderPlan {
  return {
    profile: 'fixed',
    rungs: [limit],
    rungMs: 0,
    restMs,
    bound: limit,
    midAtDecision: mid,
    spotAtDecision: spot,
    abortBand: Number.MAX_VALUE,
  };
}

function shapeOf(profile: LadderTerms['profile'], settings: ExecutionSettings): { count: number; ms: number } {
  switch (profile) {
    case 'normal':
      return { count: settings.normalRungs, ms: settings.normalSeconds * 1000 };
    case 'fast':
      return { count: settings.fastRungs, ms: settings.fastSeconds * 1000 };
    case 'patient':
      return { count: settings.patientRungs, ms: settings.patientSeconds * 1000 };
  }
}
