/** What is shown where a number is not known. */
export const UNKNOWN = '–';
const MINUS = '−';

function grouped(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A number with a true minus sign; rounding never shows '−0.00'. */
export function decimal(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const text = grouped(Math.abs(value), digits);
  const isZero = Number(text.replaceAll(',', '')) === 0;
  return value < 0 && !isZero ? `${MINUS}${text}` : text;
}

/** Like {@link decimal} with an explicit sign: '+1.20', '−0.35', '0.00'. */
export function signed(value: number | null | undefined, digits = 2): string {
  const text = decimal(value, digits);
  if (text === UNKNOWN || text.startsWith(MINUS) || Number(text.replaceAll(',', '')) === 0) return text;
  return `+${text}`;
}

/** Cents as dollars: 123456 -> '$1,234.56', -500 -> '−$5.00'. `digits` 0 rounds to whole dollars. */
export function cash(cents: number | null | undefined, digits = 2): string {
  const text = decimal(cents === null || cents === undefined ? null : cents / 100, digits);
  if (text === UNKNOWN) return text;
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`;
}

/** Cents as dollars with an explicit sign: '+$12.00', '−$12.00', '$0.00'. */
export function signedCash(cents: number | null | undefined, digits = 2): string {
  const text = cash(cents, digits);
  if (text === UNKNOWN || text.startsWith(MINUS) || Number(text.slice(1).replaceAll(',', '')) === 0) return text;
  return `+${text}`;
}

/** A net price per share in the owner's words: 1.2 -> '1.20 credit', -0.35 -> '0.35 debit'. */
export function netPrice(price: number | null | undefined): string {
  const text = decimal(price === null || price === undefined ? null : Math.abs(price));
  if (text === UNKNOWN || price === null || price === undefined) return UNKNOWN;
  if (Number(text.replaceAll(',', '')) === 0) return 'even';
  return `${text} ${price > 0 ? 'credit' : 'debit'}`;
}

/** A fraction as a percentage: 0.4567 -> '45.7 %'. */
export function percent(fraction: number | null | undefined, digits = 1): string {
  const text = decimal(fraction === null || fraction === undefined ? null : fraction * 100, digits);
  return text === UNKNOWN ? text : `${text} %`;
}

/** A fraction as a signed percentage: 0.012 -> '+1.2 %'. */
export function signedPercent(fraction: number | null | undefined, digits = 1): string {
  const text = signed(fraction === null || fraction === undefined ? null : fraction * 100, digits);
  return text === UNKNOWN ? text : `${text} %`;
}

/** Whole numbers, thousands grouped. */
export function whole(value: number | null | undefined): string {
  return decimal(value, 0);
}

/** Short counts for narrow columns: 950 -> '950', 12345 -> '12.3k', 2500000 -> '2.5M'. */
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size < 1_000) return whole(value);
  const [scaled, suffix] = size < 999_950 ? [value / 1_000, 'k'] : [value / 1_000_000, 'M'];
  return `${decimal(scaled, Math.abs(scaled) < 100 ? 1 : 0)}${suffix}`;
}

/** The direction of a gain or loss, for a sign that does not depend on colour. */
export function directionOf(value: number | null | undefined): 'up' | 'down' | 'flat' {
  if (value === null || value === undefined || value === 0 || Number.isNaN(value)) return 'flat';
  return value > 0 ? 'up' : 'down';
}

/** What could be lost, in whole dollars; null has no bound. */
export function atRisk(cents: number | null): string {
  return cents === null ? 'unbounded' : cash(cents, 0);
}
