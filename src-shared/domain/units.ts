/**
 * Units live in the type. A number becomes one of these at the door (a parser, a model's output) and stays one.
 * The constructors check, so a NaN or a fraction of a cent cannot travel.
 */
declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

/** Cash in whole US cents; + received, - paid. */
export type Cents = Branded<'Cents'>;
/** A point in time: milliseconds since 1970-01-01T00:00Z. */
export type Instant = Branded<'Instant'>;
/** A civil day as 'YYYY-MM-DD' (New York's, unless the name says otherwise). */
export type IsoDate = string & { readonly [unit2]: 'IsoDate' };
declare const unit2: unique symbol;
/** A price in US dollars per share (an option's quoted premium, a strike, a spot). Signed only for net prices of combinations. */
export type Price = number;
/** A count of contracts or combination units; signed on a position (+ long, - short), positive on an order. */
export type Contracts = number;

/** Raised when the program itself is wrong: the engine halts, keeps its positions and tells the owner. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws {@link InvariantError} when `condition` is false. `message` says what was found, with its numbers. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Whole cents from a number that must already be whole (throws {@link InvariantError} otherwise). */
export function cents(value: number): Cents {
  invariant(Number.isSafeInteger(value), `not whole cents: ${value}`);
  return (value === 0 ? 0 : value) as Cents;
}

/** Dollars to the nearest cent, halves away from zero. */
export function centsFromDollars(dollars: number): Cents {
  invariant(Number.isFinite(dollars), `not an amount of dollars: ${dollars}`);
  const magnitude = Math.round(Math.abs(dollars) * 100 + 1e-7);
  return cents(dollars < 0 ? -magnitude : magnitude);
}

/** Milliseconds since the epoch, checked to be a whole number. */
export function instant(epochMs: number): Instant {
  invariant(Number.isSafeInteger(epochMs), `not an instant in whole milliseconds: ${epochMs}`);
  return epochMs as Instant;
}

/** Shifts an instant by milliseconds (rounded to whole ones). */
export function plusMs(at: Instant, ms: number): Instant {
  return instant(at + Math.round(ms));
}

const ISO_DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Checks the form 'YYYY-MM-DD' (throws {@link InvariantError} otherwise). */
export function isoDate(text: string): IsoDate {
  invariant(ISO_DATE.test(text), `not a date 'YYYY-MM-DD': ${text}`);
  return text as IsoDate;
}

/**
 * The one bridge from a price to cash: price per share x multiplier x contracts, to the nearest cent.
 * A credit (price received) is positive when `contracts` is positive: cashOf(1.20, 100, 1) = 12000 cents.
 */
export function cashOf(price: Price, multiplier: number, contracts: Contracts): Cents {
  return centsFromDollars(price * multiplier * contracts);
}

/** A closed-world check for `switch`: the compiler proves that no case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected case: ${JSON.stringify(value)}`);
}
