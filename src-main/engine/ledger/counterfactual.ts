import type { Decision, DecisionLeg } from '#domain/decisions/decision';
import { civilDate, daysBetween } from '#domain/market/calendar';
import { midOf, type Quote } from '#domain/market/chain';
import { intrinsicValue } from '#domain/structures/intrinsic';
import { centsFromDollars, type IsoDate, type Price } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import { isSane } from '../risk/combinationQuote.ts';

export type CounterfactualMarked = Extract<JournalFact, { kind: 'CounterfactualMarked' }>;

/** The market at a close, for marking what was not traded. */
export interface ClosingMarket {
  readonly today: IsoDate;
  quoteOf(symbol: string): Quote | null;
  /** Closing price of an underlying on today's date or an earlier one; null when it is not known. */
  closeOf(underlying: string, date: IsoDate): Price | null;
}

/** Keeps refused proposals until their story is told: once at the close of their day, once at expiration. Memory is bounded. */
export interface Counterfactuals {
  /** Call for every journalled decision; those that were traded are ignored. */
  remember(decision: Decision): void;
  /** Call for every journalled mark (also when the journal is read back), so that none is made twice. */
  marked(fact: CounterfactualMarked): void;
  /** What the remembered refusals would have made by this close; nothing for those that cannot be valued today. */
  atClose(market: ClosingMarket): CounterfactualMarked[];
  /**
   * Gives up what expired before `today` and could not be marked, where `isTold` says that all is known of its underlying that will
   * be: no other day's price stands for the missing one. How many.
   */
  giveUpBefore(today: IsoDate, isTold: (underlying: string) => boolean): number;
  readonly size: number;
}

/** Refusals remembered at once; the oldest is given up first. */
const COUNTERFACTUAL_CAPACITY = 20_000;

interface Remembered {
  readonly decision: Decision;
  readonly expiration: IsoDate;
  markedAtMid: boolean;
}

/** An empty memory of refusals. `slippageOfSpread` is the expected slippage of an entry, as a fraction of the bid/ask. */
export function createCounterfactuals(slippageOfSpread: number, capacity: number = COUNTERFACTUAL_CAPACITY): Counterfactuals {
  const known = new Map<string, Remembered>();
  return {
    remember(decision) {
      const expiration = nearestExpiration(decision.legs);
      if (decision.verdict !== 'refused' || expiration === null || !isPriced(decision)) return;
      const [oldest] = known.keys();
      if (known.size >= capacity && oldest !== undefined) known.delete(oldest);
      known.set(decision.decisionId, { decision, expiration, markedAtMid: false });
    },
    marked({ decisionId, basis }) {
      const held = known.get(decisionId);
      if (!held) return;
      if (basis === 'expiration') known.delete(decisionId);
      else held.markedAtMid = true;
    },
    atClose(market) {
      const marks: CounterfactualMarked[] = [];
      for (const held of known.values()) {
        const mark = markOf(held, market, slippageOfSpread);
        if (mark !== null) marks.push(mark);
      }
      return marks;
    },
    giveUpBefore(today, isTold) {
      const lost = [...known.values()].filter(({ decision, expiration }) => expiration < today && isTold(decision.underlying));
      for (const { decision } of lost) known.delete(decision.decisionId);
      return lost.length;
    },
    get size() {
      return known.size;
    },
  };
}

function markOf(
  { decision, expiration, markedAtMid }: Remembered,
  market: ClosingMarket,
  slippage: number,
): CounterfactualMarked | null {
  const expired = expiration <= market.today;
  if (!expired && markedAtMid) return null;
  const value = expired ? valueAtExpiration(decision, expiration, market) : valueAtMid(decision, market);
  if (value === null) return null;
  const pnlPerUnit = centsFromDollars(entryCredit(decision, slippage) * multiplierOf(decision) + value);
  const daysHeld = Math.max(0, daysBetween(civilDate(decision.at), expired ? expiration : market.today));
  return {
    kind: 'CounterfactualMarked',
    decisionId: decision.decisionId,
    pnlPerUnit,
    basis: expired ? 'expiration' : 'mid',
    daysHeld,
  };
}

/** Expected fill: mid less the expected slippage, per share, + credit. */
function entryCredit({ metrics }: Decision, slippageOfSpread: number): Price {
  return metrics.midCredit - 2 * slippageOfSpread * (metrics.midCredit - metrics.naturalCredit);
}

function valueAtMid(decision: Decision, market: ClosingMarket): number | null {
  const multiplier = multiplierOf(decision);
  let dollars = 0;
  for (const leg of decision.legs) {
    const quote = market.quoteOf(leg.symbol);
    if (!isSane(quote)) return null;
    dollars += sizeOf(leg, multiplier) * midOf(quote);
  }
  return dollars;
}

/**
 * At the close of the expiration's own day, however much later it is told. Only options of the nearest expiration have an intrinsic
 * value to settle at; longer ones are marked at mid, which is known on that day alone.
 */
function valueAtExpiration(decision: Decision, expiration: IsoDate, market: ClosingMarket): number | null {
  const multiplier = multiplierOf(decision);
  const spot = market.closeOf(decision.underlying, expiration);
  if (spot === null) return null;
  let dollars = 0;
  for (const leg of decision.legs) {
    if (leg.right === 'stock' || leg.strike === null) dollars += sizeOf(leg, multiplier) * spot;
    else if (leg.expiration !== null && leg.expiration <= expiration) {
      dollars += sizeOf(leg, multiplier) * intrinsicValue(leg.right, leg.strike, spot);
    } else {
      const quote = expiration === market.today ? market.quoteOf(leg.symbol) : null;
      if (!isSane(quote)) return null;
      dollars += sizeOf(leg, multiplier) * midOf(quote);
    }
  }
  return dollars;
}

function nearestExpiration(legs: readonly DecisionLeg[]): IsoDate | null {
  const dates = legs.flatMap(({ expiration }) => (expiration === null ? [] : [expiration]));
  return dates.sort()[0] ?? null;
}

/** A package that could not be priced, or that does not name its multiplier, has nothing to be marked from. */
function isPriced(decision: Decision): boolean {
  const { midCredit, naturalCredit } = decision.metrics;
  return multiplierOf(decision) > 0 && (midCredit !== 0 || naturalCredit !== 0);
}

function multiplierOf({ legs }: Decision): number {
  return legs.find(({ multiplier }) => multiplier !== undefined)?.multiplier ?? 0;
}

function sizeOf(leg: DecisionLeg, multiplier: number): number {
  return leg.right === 'stock' ? leg.ratio : leg.ratio * multiplier;
}
