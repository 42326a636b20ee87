import { roundToTick } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import type { Price } from '#domain/units';
import type { LadderPlan } from '#ports/facts';
import type { ExecutionSettings } from '#ports/settings/settings';
import { combinationTick } from '../risk/combinationQuote.ts';

export interface LadderTerms {
  /** What is ordered. A single leg has the steps of its contract, wider from 3 dollars on, and the sign of its side. */
  readonly legs: readonly Leg[];
  readonly profile: 'normal' | 'fast' | 'patient';
  /** Signed net prices per share, + credit. */
  readonly mid: Price;
  readonly natural: Price;
  /** How far from mid towards natural the last rung may go (1 = natural). */
  readonly boundOfSpread: number;
  readonly spot: Price;
  readonly purpose: 'open' | 'close';
  /** A bound that was frozen before (a decision's, a roll's) or that the legs set: never exceeded. */
  readonly frozenBound?: Price | null;
}

/**
 * Prices from mid towards natural, the worst one last. The bound is frozen here: no rung and no retry is worse. An entry that
 * was decided as a credit keeps at least a tick of credit: a ladder never flips the sign. Every price is one that a broker
 * takes: rounded by the step at that price, towards the better side; only an exit that goes to natural is rounded so that it
 * can fill there.
 */
export function buildLadder(terms: LadderTerms, settings: ExecutionSettings): LadderPlan {
  const { legs, mid, natural, purpose } = terms;
  const valid = (price: Price, direction?: 'up' | 'down'): Price => roundToTick(price, combinationTick(legs, price), direction);
  const reach = Math.max(0, mid - natural) * terms.boundOfSpread;
  let bound = valid(mid - reach, 'up');
  if (purpose === 'close' && terms.boundOfSpread >= 1) bound = Math.min(bound, valid(natural, 'down'));
  if (bound > mid) bound = valid(mid, 'down');
  if (terms.frozenBound !== undefined && terms.frozenBound !== null) bound = Math.max(bound, valid(terms.frozenBound, 'up'));
  if (purpose === 'open' && mid > 0) bound = Math.max(bound, combinationTick(legs, 0));
  bound = ofItsSide(legs, bound);
  const best = Math.max(bound, ofItsSide(legs, valid(mid, 'up')));
  const { count, ms } = shapeOf(terms.profile, settings);
  const rungs: Price[] = [];
  for (let index = 0; index < count; index += 1) {
    const raw = count === 1 ? bound : best + ((bound - best) * index) / (count - 1);
    const price = Math.max(bound, valid(raw));
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

/** Nothing is bought or sold for 0: a single leg costs, or brings, one step at least. A combination may be even. */
function ofItsSide(legs: readonly Leg[], price: Price): Price {
  const [only, ...others] = legs;
  if (!only || others.length > 0) return price;
  const least = combinationTick(legs, 0);
  return (only.kind === 'stock' ? only.shares : only.ratio) > 0 ? Math.min(price, -least) : Math.max(price, least);
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
