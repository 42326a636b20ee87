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

/** A number that may travel as a string; null when missing. */
export function numberOf(json: Json, field: string): number | null {
  const value = json[field];
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A number that must be there. */
export function neededNumber(json: Json, field: string, what: string): number {
  const value = numberOf(json, field);
  if (value === null) throw new DecodeError(`${what}: ${field} is missing or not a number`);
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

export function flagOf(json: Json, field: string): boolean {
  return json[field] === true || json[field] === 'true';
}
