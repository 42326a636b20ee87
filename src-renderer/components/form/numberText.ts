/** One to three digits without a leading zero, a comma and three digits: 1,400 is a thousand to some and one and a bit to others. */
const EITHER_WAY = /^[-+]?[1-9]\d{0,2},\d{3}$/;

/**
 * A number as an owner types it, or null where it cannot be read in one way only: − and - are minus, and a comma is a decimal
 * point unless it could as well part thousands.
 */
export function numberIn(text: string): number | null {
  const typed = text.trim().replaceAll('−', '-');
  const isComma = typed.includes(',') && !typed.includes('.') && typed.indexOf(',') === typed.lastIndexOf(',');
  if (typed === '' || (isComma && EITHER_WAY.test(typed))) return null;
  const value = Number(isComma ? typed.replace(',', '.') : typed);
  return Number.isFinite(value) ? value : null;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Digits behind the point at most. */
  readonly digits: number;
}

/** A number inside its bounds, or in words what it must be. */
export function boundedNumberIn(
  text: string,
  { min, max, digits }: Bounds,
): { readonly value: number } | { readonly must: string } {
  const value = numberIn(text);
  if (value === null) return { must: digits === 0 ? 'must be a whole number' : 'must be a number, as 1.40' };
  if (value < min || value > max) return { must: `must be ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}` };
  if (Number(value.toFixed(digits)) !== value)
    return { must: digits === 0 ? 'must be a whole number' : `takes ${digits} decimals at most` };
  return { value };
}
