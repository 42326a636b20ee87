import { type Cents, cents } from '#domain/units';
import type { FILL_MODELS, MatchingSettings, SLIPPAGE_MODELS } from '../settings.ts';

/** What a fill model may look at. Net prices in cents per share of one unit, signed as cash: + credit. */
export interface FillSituation {
  readonly remaining: number;
  /** null = any price (market order). */
  readonly limit: number | null;
  /** What crossing every leg pays. */
  readonly natural: number;
  /** What resting on every leg's own side would pay: never worse than natural. */
  readonly passive: number;
  /** Units that the thinnest leg shows at its touch. */
  readonly shownUnits: number;
  readonly legCount: number;
  readonly restingSeconds: number;
  readonly tickSeconds: number;
  /** Uniform draws in [0, 1), fixed by order, tick and label: who asks first does not matter. */
  readonly draw: (label: number) => number;
}

export interface FillDecision {
  readonly units: number;
  readonly net: number;
}

/** Decides whether, how much and at what net price an order fills at this tick. */
export interface FillModel {
  judge(situation: FillSituation): FillDecision | null;
}

/** What a fill pays beyond its natural price, in cents per unit, never negative. */
export interface SlippageModel {
  cost(situation: FillSituation): number;
}

const DRAW_INSIDE = 1;
const DRAW_PARTIAL = 2;
const DRAW_SIZE = 3;
const DRAW_IMPROVEMENT = 4;
const DRAW_IMPROVEMENT_SIZE = 5;
const MOST_PATIENCE = 3;

function slippageModel(name: (typeof SLIPPAGE_MODELS)[number], settings: MatchingSettings): SlippageModel {
  return name === 'ticks' ? { cost: ({ legCount }) => legCount * settings.slippageTicks } : { cost: () => 0 };
}

export function fillModel(name: (typeof FILL_MODELS)[number], settings: MatchingSettings): FillModel {
  const slippage = slippageModel(settings.slippageModel, settings);
  const marketable = ({ limit, natural }: FillSituation) => limit === null || natural >= limit;
  const slipped = (situation: FillSituation) =>
    Math.max(situation.natural - slippage.cost(situation), situation.limit ?? Number.NEGATIVE_INFINITY);
  if (name === 'natural') {
    return { judge: (situation) => (marketable(situation) ? { units: situation.remaining, net: slipped(situation) } : null) };
  }
  if (name === 'conservative') {
    return {
      judge: (situation) => {
        const units = Math.min(situation.remaining, situation.shownUnits);
        return marketable(situation) && units > 0 ? { units, net: slipped(situation) } : null;
      },
    };
  }
  return {
    judge: (situation) => {
      if (marketable(situation))
        return { units: units(situation, settings), net: slipped(situation) + improvement(situation, settings) };
      return situation.limit !== null && insideFill(situation, situation.limit, settings)
        ? { units: units(situation, settings), net: situation.limit }
        : null;
    },
  };
}

/** Now and then only part is done: a uniform share of the units, at least one and never all. */
function units({ remaining, draw }: FillSituation, settings: MatchingSettings): number {
  if (remaining <= 1 || draw(DRAW_PARTIAL) >= settings.partialFillChance) return remaining;
  return 1 + Math.floor(draw(DRAW_SIZE) * (remaining - 1));
}

function improvement({ natural, passive, draw }: FillSituation, settings: MatchingSettings): number {
  if (draw(DRAW_IMPROVEMENT) >= settings.priceImprovementChance) return 0;
  return Math.floor((passive - natural) * settings.priceImprovementFraction * draw(DRAW_IMPROVEMENT_SIZE));
}

/**
 * Fills inside the spread arrive at a rate that grows with the square of how far the limit has come towards natural and with
 * the time it has rested.
 */
function insideFill(situation: FillSituation, limit: number, settings: MatchingSettings): boolean {
  const { natural, passive, restingSeconds, tickSeconds, draw } = situation;
  if (limit >= passive || passive <= natural) return false;
  const aggressiveness = (passive - limit) / (passive - natural);
  const patience = Math.min(1 + restingSeconds / settings.insideFillPatience, MOST_PATIENCE);
  const rate = settings.insideFillsPerMinute * aggressiveness ** 2 * patience;
  return draw(DRAW_INSIDE) < 1 - Math.exp((-rate * tickSeconds) / 60);
}

/** A leg's two sides in cents, from the order's view. */
export interface LegSides {
  readonly side: 'buy' | 'sell';
  readonly ratio: number;
  /** What crossing pays or costs: the bid of a sale, the ask of a purchase. */
  readonly natural: number;
  /** The other side. */
  readonly passive: number;
}

/** Signed net of leg prices in cents: sales add, purchases subtract. */
export function netOf(legs: readonly LegSides[], prices: readonly number[]): number {
  return legs.reduce((sum, leg, i) => sum + (leg.side === 'sell' ? 1 : -1) * leg.ratio * (prices[i] ?? 0), 0);
}

const LARGEST_ADJUSTMENT = 12;

/**
 * Leg prices in whole cents that add up to `net` exactly: each starts the same part of the way between its natural and its
 * passive side, and what rounding leaves goes to legs whose ratios can carry it. null when no such prices exist near by.
 */
export function legPricesFor(legs: readonly LegSides[], net: number): readonly Cents[] | null {
  const natural = netOf(
    legs,
    legs.map((leg) => leg.natural),
  );
  const passive = netOf(
    legs,
    legs.map((leg) => leg.passive),
  );
  const way = passive === natural ? 0 : (net - natural) / (passive - natural);
  const prices = legs.map((leg) => Math.max(0, Math.round(leg.natural + way * (leg.passive - leg.natural))));
  const signs = legs.map((leg) => (leg.side === 'sell' ? 1 : -1) * leg.ratio);
  const spread = (i: number, by: number): boolean => {
    const after = (prices[i] ?? 0) + by;
    if (after < 0) return false;
    prices[i] = after;
    return true;
  };
  const residue = net - netOf(legs, prices);
  if (residue === 0) return prices.map(cents);
  const byPrice = legs.map((_, i) => i).sort((a, b) => (prices[b] ?? 0) - (prices[a] ?? 0));
  for (const i of byPrice) {
    const sign = signs[i] ?? 1;
    if (residue % sign === 0 && spread(i, residue / sign)) return prices.map(cents);
  }
  for (const i of byPrice) {
    for (const j of byPrice) {
      for (let by = -LARGEST_ADJUSTMENT; i !== j && by <= LARGEST_ADJUSTMENT; by += 1) {
        const rest = residue - by * (signs[j] ?? 1);
        const sign = signs[i] ?? 1;
        if (rest % sign !== 0 || (prices[j] ?? 0) + by < 0 || (prices[i] ?? 0) + rest / sign < 0) continue;
        spread(j, by);
        spread(i, rest / sign);
        return prices.map(cents);
      }
    }
  }
  return null;
}
