import type { GateResult } from '#domain/decisions/decision';
import { optionLegs } from '#domain/structures/anatomy';
import { uncoveredShorts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import { scaled } from '#domain/structures/margin';
import type { Exposure, RiskBook, RiskRequest } from './book.ts';
import { symbolOf } from './combinationQuote.ts';
import { atMost } from './gates.ts';
import { isSecuredShape, tiedUpDollars } from './secured.ts';

type Leaving = Pick<RiskRequest, 'underlying' | 'positionId'>;

/**
 * Shorts without cover over everything held in the underlying, before and after `taken` is gone: a position's legs may be what
 * covers another position's short. Of what is worked, that counts which could take cover away or need it: the worst of both.
 * A put whose strike the account holds in cash needs no other cover.
 */
export function coverGate(request: Leaving, book: RiskBook, taken: readonly Leg[]): GateResult {
  const base = [...heldIn(request.underlying, book), ...worked(request, book)];
  const before = uncoveredShorts(netted(base), 'boundToAdjusted');
  const after = uncoveredShorts(netted([...base, ...taken]), 'boundToAdjusted');
  const puts = after.puts > before.puts && !cashSecuresPuts(book);
  const gate = atMost(
    'uncoveredShort',
    after.calls + (puts ? after.puts : 0),
    before.calls + (puts ? before.puts : 0),
    'contracts',
  );
  return gate.passed ? gate : { ...gate, note: `it covers the short of ${reliantOn(request, book)}: close that first` };
}

function positionsIn(underlying: string, book: RiskBook): Exposure[] {
  return book.exposures.filter((exposure) => exposure.source === 'position' && exposure.underlying === underlying);
}

function heldIn(underlying: string, book: RiskBook): Leg[] {
  return positionsIn(underlying, book).flatMap(({ legs, units }) => scaled(legs, units));
}

/** Orders of other positions: closes that give away cover, and entries that want it. What only buys back a short is no cover yet. */
function worked({ underlying, positionId }: Leaving, book: RiskBook): Leg[] {
  const closes = (book.closingOrders ?? []).filter(
    (order) => order.underlying === underlying && order.positionId !== positionId && order.legs.some(givesAway),
  );
  const entries = book.exposures.filter(
    ({ source, underlying: theirs, legs }) => source === 'workingOrder' && theirs === underlying && hasShort(legs),
  );
  return [...closes.flatMap(({ legs }) => legs), ...entries.flatMap(({ legs, units }) => scaled(legs, units))];
}

function givesAway(leg: Leg): boolean {
  return leg.kind === 'stock' || leg.ratio < 0;
}

/** All lone short puts of the account, against its cash. */
function cashSecuresPuts({ account, exposures }: RiskBook): boolean {
  if (account === null) return false;
  const secured = exposures.filter(({ legs }) => isSecuredShape(legs));
  const dollars = secured.reduce((sum, { legs, units }) => sum + tiedUpDollars(optionLegs(legs), 0) * units, 0);
  return dollars * 100 <= account.cash;
}

/** The positions and entries that hold, or would hold, a short which the request's legs may cover. */
function reliantOn(request: Leaving, book: RiskBook): string {
  const names = book.exposures
    .filter(({ underlying, positionId }) => underlying === request.underlying && positionId !== request.positionId)
    .filter(({ legs }) => hasShort(legs))
    .map(({ positionId }) => positionId);
  return [...new Set(names)].join(', ') || 'this position';
}

function hasShort(legs: readonly Leg[]): boolean {
  return optionLegs(legs).some(givesAway);
}

/** Legs of one symbol as one leg; what comes to nothing is left out. */
export function netted(legs: readonly Leg[]): Leg[] {
  const bySymbol = new Map<string, Leg>();
  for (const leg of legs) {
    const known = bySymbol.get(symbolOf(leg));
    if (known?.kind === 'option' && leg.kind === 'option')
      bySymbol.set(symbolOf(leg), { ...known, ratio: known.ratio + leg.ratio });
    else if (known?.kind === 'stock' && leg.kind === 'stock')
      bySymbol.set(symbolOf(leg), { ...known, shares: known.shares + leg.shares });
    else bySymbol.set(symbolOf(leg), leg);
  }
  return [...bySymbol.values()].filter((leg) => sizeOf(leg) !== 0);
}

/** Signed contracts or shares of a leg. */
export function sizeOf(leg: Leg): number {
  return leg.kind === 'stock' ? leg.shares : leg.ratio;
}
