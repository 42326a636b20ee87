import { midOf, type Quote } from '#domain/market/chain';
import { tickSize } from '#domain/market/instrument';
import { multiplierOf, optionLegs } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import type { Instant, Price } from '#domain/units';

/** A combination's own market made from its legs' quotes: signed per share, + credit. */
export interface CombinationQuote {
  readonly mid: Price;
  /** What crossing every leg gives: the worst side. */
  readonly natural: Price;
  /** Distance from mid to natural, doubled: the combination's bid/ask. Never negative. */
  readonly width: Price;
  /** The oldest quote of any leg. */
  readonly oldestAt: Instant;
}

/** The symbol under which a leg is quoted. */
export function symbolOf(leg: Leg): string {
  return leg.kind === 'stock' ? leg.underlying : leg.contract.symbol;
}

/** Dollars a share. The dearest share ever listed cost less than a tenth of it: a quote beyond is a broken one. */
const DEAREST = 10_000_000;

/** Two-sided, finite, not crossed, of this world. A zero bid counts: such a leg can be bought, and sold for nothing. */
export function isSane(quote: Quote | null): quote is Quote {
  return quote !== null && quote.bid >= 0 && quote.ask > 0 && quote.ask >= quote.bid && quote.ask < DEAREST;
}

/** The combination's quote; null when any leg has none that is sane: one bad leg fails the whole package. */
export function combinationQuote(legs: readonly Leg[], quoteOf: (symbol: string) => Quote | null): CombinationQuote | null {
  const multiplier = multiplierOf(legs);
  let mid = 0;
  let natural = 0;
  let oldestAt = Number.POSITIVE_INFINITY;
  for (const leg of legs) {
    const quote = quoteOf(symbolOf(leg));
    if (!isSane(quote)) return null;
    const weight = leg.kind === 'stock' ? leg.shares / multiplier : leg.ratio;
    mid -= weight * midOf(quote);
    natural -= weight * (weight > 0 ? quote.ask : quote.bid);
    oldestAt = Math.min(oldestAt, quote.at);
  }
  return { mid, natural, width: Math.max(0, 2 * (mid - natural)), oldestAt: oldestAt as Instant };
}

/** Step of a combination's limit: a cent for several legs or shares, else the contract's own tick at that price. */
export function combinationTick(legs: readonly Leg[], price: Price): Price {
  const options = optionLegs(legs);
  const [only] = options;
  return only && legs.length === 1 ? tickSize(only.contract, price) : 0.01;
}
