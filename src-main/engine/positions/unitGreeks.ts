import { midOf } from '#domain/market/chain';
import type { Leg } from '#domain/structures/leg';
import type { RiskBook } from '../risk/book.ts';
import { isSane } from '../risk/combinationQuote.ts';
import { legGreeks } from './mark.ts';

/** What one unit of a structure moves by: shares, and dollars per point of volatility. */
export interface UnitGreeks {
  readonly deltaShares: number;
  readonly vegaDollars: number;
}

/** Greeks of one unit times the multiplier, from the mids of its own legs; null when a leg or the underlying has no sane quote. */
export function unitGreeks(
  legs: readonly Leg[],
  underlying: string,
  book: Pick<RiskBook, 'now' | 'quoteOf'>,
  rate: number,
): UnitGreeks | null {
  const spotQuote = book.quoteOf(underlying);
  if (!isSane(spotQuote)) return null;
  let deltaShares = 0;
  let vegaDollars = 0;
  for (const leg of legs) {
    if (leg.kind === 'stock') {
      deltaShares += leg.shares;
      continue;
    }
    const quote = book.quoteOf(leg.contract.symbol);
    if (!isSane(quote)) return null;
    const greeks = legGreeks(leg.contract, midOf(quote), midOf(spotQuote), book.now, rate);
    deltaShares += leg.ratio * leg.contract.multiplier * greeks.delta;
    vegaDollars += leg.ratio * leg.contract.multiplier * greeks.vegaPerPoint;
  }
  return { deltaShares, vegaDollars };
}
