import { type Cents, centsFromDollars, type Instant, instant } from '#domain/units';

/** A JSON object whose fields are looked at one by one: unknown fields are kept out, missing ones are named. */
export type Json = Readonly<Record<string, unknown>>;

/** A field that a safety decision needs is missing or malformed; the message names it. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

export function objectOf(value: unknown, what: string): Json {
  if (!isObject(value)) throw new DecodeError(`${what}: expected an object`);
  return value;
}

/** No copy is made: an option chain is an object of a thousand fields, several times a second. */
function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new DecodeError(`${what}: expected a list`);
  return value;
}

/** Text, '' when missing or null. */
export function textOf(json: Json, field: string): string {
  const value = json[field];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Text that must be there. */
export function neededText(json: Json, field: string, what: string): string {
  const value = textOf(json, field);
  if (value === '') throw new DecodeError(`${what}: ${field} is missing or not text`);
  return value;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Beyond any price, size or sum of an account; in cents still a whole number. */
export const LARGEST = 1e10;

/**
 * A number that may travel as a string; null when missing. What is there but is no decimal number (`true`, `[5]`, '0x10', 'NaN')
 * or beyond anything that an account holds is malformed, never a zero.
 */
export function numberOf(json: Json, field: string, what: string): number | null {
  const value = json[field];
  if (value === null || value === undefined || value === '') return null;
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && DECIMAL.test(value) ? Number(value) : Number.NaN;
  if (!(Math.abs(number) <= LARGEST)) throw new DecodeError(`${what}: ${field} is not a number: ${shown(value)}`);
  return number;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}

/** A number that must be there. */
export function neededNumber(json: Json, field: string, what: string): number {
  const value = numberOf(json, field, what);
  if (value === null) throw new DecodeError(`${what}: ${field} is missing or not a number`);
  return value;
}

/** A size or price that must be there and be more than nothing. */
export function positiveNumber(json: Json, field: string, what: string): number {
  const value = neededNumber(json, field, what);
  if (value <= 0) throw new DecodeError(`${what}: ${field} is ${value}, not more than 0`);
  return value;
}

export function centsOf(json: Json, field: string, what: string): Cents {
  return centsFromDollars(neededNumber(json, field, what));
}

/** An ISO time to milliseconds; null when missing. Nanoseconds are cut off. */
export function instantOf(json: Json, field: string): Instant | null {
  const value = json[field];
  if (typeof value !== 'string' || value === '') return null;
  const at = Date.parse(value.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(at) ? null : instant(at);
}

/** null when it is missing or says neither: what is not known is not 'no'. */
export function flagOf(json: Json, field: string): boolean | null {
  const value = json[field];
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : null;
}

/** Whether a text is a day of the calendar in its only form. */
export function isDate(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}
