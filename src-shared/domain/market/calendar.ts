import { type Instant, type IsoDate, invariant } from '../units.ts';
import { dayNumber, isoDateOf, nthWeekday, partsOf, type Weekday, weekdayOf } from './civil.ts';
import { earlyClosesOf, holidaysOf } from './holidays.ts';
import { atNewYork, civilDate } from './newYorkClock.ts';

export { atNewYork, civilDate, newYorkTime } from './newYorkClock.ts';

/** The trading calendar of the US options and stock exchanges (NYSE's), by rule. All days are New York's civil days. */

const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;
/** Longest stretch without a session to look through: longer than any that the exchange has had since 1933. */
const LONGEST_CLOSING_DAYS = 14;

/** One regular session. */
export interface Session {
  readonly date: IsoDate;
  readonly open: Instant;
  readonly close: Instant;
  readonly earlyClose: boolean;
}

/** The day `n` calendar days later (earlier when negative). */
export function addDays(date: IsoDate, n: number): IsoDate {
  return isoDateOf(dayNumber(date) + n);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 = Sunday ... 6 = Saturday. */
export function weekday(date: IsoDate): Weekday {
  return weekdayOf(dayNumber(date));
}

const holidays = new Map<number, ReadonlySet<number>>();
const earlyCloses = new Map<number, ReadonlyMap<number, '13:00' | '14:00'>>();

function remembered<Value>(store: Map<number, Value>, year: number, compute: (year: number) => Value): Value {
  const known = store.get(year);
  if (known !== undefined) return known;
  const value = compute(year);
  store.set(year, value);
  return value;
}

function isTradingDayNumber(day: number, year: number): boolean {
  const wd = weekdayOf(day);
  return wd !== 0 && wd !== 6 && !remembered(holidays, year, holidaysOf).has(day);
}

/** True when the exchange opens on that day. */
export function isTradingDay(date: IsoDate): boolean {
  return isTradingDayNumber(dayNumber(date), partsOf(date).year);
}

const sessions = new Map<IsoDate, Session | null>();
const REMEMBERED_SESSIONS = 4096;

/** The session of a day; null when the exchange stays closed. */
export function sessionOn(date: IsoDate): Session | null {
  const known = sessions.get(date);
  if (known !== undefined) return known;
  if (sessions.size >= REMEMBERED_SESSIONS) sessions.clear();
  const session = isTradingDay(date) ? regularSession(date) : null;
  sessions.set(date, session);
  return session;
}

function regularSession(date: IsoDate): Session {
  const early = remembered(earlyCloses, partsOf(date).year, earlyClosesOf).get(dayNumber(date));
  return {
    date,
    open: atNewYork(date, '09:30'),
    close: atNewYork(date, early ?? '16:00'),
    earlyClose: early !== undefined,
  };
}

/** The session in progress (open <= at < close), or null. */
export function sessionAt(at: Instant): Session | null {
  const session = sessionOn(civilDate(at));
  return session && at >= session.open && at < session.close ? session : null;
}

/** The first session that opens after `at`. */
export function nextSession(at: Instant): Session {
  const today = sessionOn(civilDate(at));
  if (today && today.open > at) return today;
  const session = sessionOn(nextTradingDay(civilDate(at)));
  invariant(session, 'a trading day has a session');
  return session;
}

/** The first trading day after `date`. */
export function nextTradingDay(date: IsoDate): IsoDate {
  return searchTradingDay(date, 1);
}

/** The last trading day before `date`. */
export function previousTradingDay(date: IsoDate): IsoDate {
  return searchTradingDay(date, -1);
}

function searchTradingDay(date: IsoDate, step: 1 | -1): IsoDate {
  let candidate = addDays(date, step);
  for (let tries = 0; tries < LONGEST_CLOSING_DAYS; tries += 1) {
    if (isTradingDay(candidate)) return candidate;
    candidate = addDays(candidate, step);
  }
  invariant(false, `no trading day within ${LONGEST_CLOSING_DAYS} days of ${date}`);
}

/** Trading days after `from` up to and including `to` (0 for the same day; negative when `to` is earlier). */
export function tradingDaysBetween(from: IsoDate, to: IsoDate): number {
  if (to < from) return 0 - tradingDaysBetween(to, from);
  let count = 0;
  const last = dayNumber(to);
  let { year } = partsOf(from);
  let yearEnds = dayNumber(`${year}-12-31` as IsoDate);
  for (let day = dayNumber(from) + 1; day <= last; day += 1) {
    if (day > yearEnds) {
      year += 1;
      yearEnds = dayNumber(`${year}-12-31` as IsoDate);
    }
    if (isTradingDayNumber(day, year)) count += 1;
  }
  return count;
}

/** Calendar days from now (an instant, read in New York, or a civil day) to expiration; 0 on expiration day. */
export function daysToExpiration(from: Instant | IsoDate, expiration: IsoDate): number {
  return daysBetween(typeof from === 'string' ? from : civilDate(from), expiration);
}

/** Time to expiration in years of 365 days (Actual/365), never below one minute so that nothing divides by zero. */
export function yearsToExpiration(at: Instant, expiresAt: Instant): number {
  return Math.max(expiresAt - at, MINUTE_MS) / YEAR_MS;
}

/** The third Friday of a month (1 to 12): the standard monthly expiration, before any move for a holiday. */
export function thirdFriday(year: number, month: number): IsoDate {
  return isoDateOf(nthWeekday(year, month, 5, 3));
}
