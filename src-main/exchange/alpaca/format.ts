import type { Cents, Instant, Price } from '#domain/units';

const MINUTE_MS = 60_000;
let lastMinute = Number.NaN;
let lastMinuteText = '';

/** ISO time with nanosecond zeros, as Alpaca writes it: '2026-01-05T14:30:00.000000000Z'. The quotes of a chain share a minute. */
export function isoNanos(at: Instant): string {
  const minute = Math.floor(at / MINUTE_MS);
  if (minute !== lastMinute) {
    lastMinuteText = new Date(minute * MINUTE_MS).toISOString().slice(0, 17);
    lastMinute = minute;
  }
  const seconds = 100_000 + Math.floor(at - minute * MINUTE_MS);
  const digits = String(seconds);
  return `${lastMinuteText}${digits.slice(1, 3)}.${digits.slice(3)}000000Z`;
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
