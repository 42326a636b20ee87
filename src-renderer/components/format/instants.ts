import { newYorkOffsetMs } from '#domain/market/newYorkClock';
import { type Instant, instant } from '#domain/units';
import { UNKNOWN } from './money.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function inNewYork(at: number): Date {
  const checked: Instant = instant(Math.floor(at));
  return new Date(checked + newYorkOffsetMs(checked));
}

const two = (value: number) => String(value).padStart(2, '0');

/** New York's wall clock: '10:31:05'. */
export function clockTime(at: number | null | undefined): string {
  if (at === null || at === undefined) return UNKNOWN;
  const local = inNewYork(at);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
}

/** New York's civil day: 'Fri 20 Nov'. */
export function dayOf(at: number | null | undefined): string {
  if (at === null || at === undefined) return UNKNOWN;
  const local = inNewYork(at);
  return `${DAYS[local.getUTCDay()]} ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]}`;
}

/** '20 Nov 10:31:05' in New York. */
export function dayAndTime(at: number | null | undefined): string {
  if (at === null || at === undefined) return UNKNOWN;
  const local = inNewYork(at);
  return `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${clockTime(at)}`;
}

/** A civil date: '2026-09-18' -> '18 Sep', with the year when `withYear`. */
export function civilDay(date: string | null | undefined, withYear = false): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '');
  if (!match) return UNKNOWN;
  const day = `${Number(match[3])} ${MONTHS[Number(match[2]) - 1]}`;
  return withYear ? `${day} ${match[1]}` : day;
}

/** A span of time in words as long as needed: '0.8 s', '42 s', '3 m 05 s', '2 h 10 m', '3 d 4 h'. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
