import { dayNumber } from '../market/civil.ts';
import { type IsoDate, invariant } from '../units.ts';
import type { Leg, OptionLeg } from './leg.ts';

/** The option legs of a structure, in order. */
export function optionLegs(legs: readonly Leg[]): OptionLeg[] {
  return legs.filter((leg) => leg.kind === 'option');
}

/** The option legs with equal contracts added up; what nets to nothing is left out. */
export function netOptions(legs: readonly Leg[]): OptionLeg[] {
  const bySymbol = new Map<string, OptionLeg>();
  for (const leg of optionLegs(legs)) {
    const known = bySymbol.get(leg.contract.symbol);
    bySymbol.set(leg.contract.symbol, known ? { ...known, ratio: known.ratio + leg.ratio } : leg);
  }
  return [...bySymbol.values()].filter((leg) => leg.ratio !== 0);
}

/** Signed shares of the underlying in one unit of the structure. */
export function sharesOf(legs: readonly Leg[]): number {
  return legs.reduce((sum, leg) => sum + (leg.kind === 'stock' ? leg.shares : 0), 0);
}

/** The one underlying of a structure. Throws InvariantError for no legs or mixed underlyings. */
export function underlyingOf(legs: readonly Leg[]): string {
  const names = new Set(legs.map((leg) => (leg.kind === 'stock' ? leg.underlying : leg.contract.underlying)));
  const [only] = names;
  invariant(
    names.size === 1 && only !== undefined,
    `a structure needs one underlying, found: ${[...names].join(', ') || 'no legs'}`,
  );
  return only;
}

/**
 * The one contract multiplier of a structure; 1 when it holds only shares (its net price is then cash for the whole unit).
 * Throws InvariantError for mixed multipliers: a net price per share would have no meaning.
 */
export function multiplierOf(legs: readonly Leg[]): number {
  const multipliers = new Set(optionLegs(legs).map((leg) => leg.contract.multiplier));
  invariant(multipliers.size <= 1, `a structure needs one multiplier, found: ${[...multipliers].join(', ')}`);
  const [only] = multipliers;
  return only ?? 1;
}

/** The distinct expirations of a structure, ascending. */
export function expirationsOf(legs: readonly Leg[]): IsoDate[] {
  return [...new Set(optionLegs(legs).map((leg) => leg.contract.expiration))].sort();
}

/** Calendar days from one civil date to a later one (negative when it is earlier). */
export function calendarDaysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}
