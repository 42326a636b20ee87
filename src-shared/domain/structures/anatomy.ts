import { type IsoDate, invariant } from '../units.ts';
import type { Leg, OptionLeg } from './leg.ts';

/** The option legs of a structure, in order. */
export function optionLegs(legs: readonly Leg[]): OptionLeg[] {
  return legs.filter((leg) => leg.kind === 'option');
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

/** Days since 1970-01-01 of a civil date. Source: Howard Hinnant, 'chrono-compatible low-level date algorithms'. */
export function dayNumber(date: IsoDate): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Calendar days from one civil date to a later one (negative when it is earlier). */
export function calendarDaysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}
