import type { Cents, Instant, Price } from '#domain/units';

/** ISO time with nanosecond zeros, as Alpaca writes it: '2026-01-05T14:30:00.000000000Z'. */
export function isoNanos(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}

export function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : isoNanos(at);
}

/** Cents as a decimal text: 12345 -> '123.45'. */
export function moneyOf(cents: Cents): string {
  return (cents / 100).toFixed(2);
}

/** A price as the shortest text that reads back to the same number; null stays null. */
export function priceOf(price: Price | null): string | null {
  return price === null ? null : String(Math.round(price * 1e6) / 1e6 || 0);
}
