import {
  addDays,
  daysBetween,
  nextTradingDay,
  previousTradingDay,
  type Session,
  sessionOn,
  tradingDaysBetween,
} from '#domain/market/calendar';
import { type Instant, type IsoDate, invariant } from '#domain/units';

const TRADING_DAYS_PER_YEAR = 252;
/** Share of a day's variance that falls between the bell and the bell; the rest is the overnight gap. */
const SESSION_SHARE = 0.78;
/** Share of a night, and of every further day on which the exchange stays closed (weekends carry little news). */
const NIGHT_SHARE = 0.2;
const CLOSED_DAY_SHARE = 0.05;
/** A short session sees less than its length in hours would say. */
const EARLY_CLOSE_FACTOR = 0.6;
const PROFILE_POINTS = 391;

/** Activity through the session, relative: high at the open, low at lunch, rising into the close. `progress` in [0, 1]. */
function activityAt(progress: number): number {
  return 0.72 + 1.9 * Math.exp(-progress * 15) + 0.75 * Math.exp(-(1 - progress) * 12);
}

const CUMULATIVE = cumulativeActivity();

function cumulativeActivity(): Float64Array {
  const sums = new Float64Array(PROFILE_POINTS);
  for (let i = 1; i < PROFILE_POINTS; i += 1) sums[i] = sums[i - 1]! + activityAt((i - 0.5) / (PROFILE_POINTS - 1));
  const total = sums[PROFILE_POINTS - 1]!;
  for (let i = 0; i < PROFILE_POINTS; i += 1) sums[i]! /= total;
  return sums;
}

/** Share of the session's activity that is over at `progress` in [0, 1]. */
export function activityShare(progress: number): number {
  const x = Math.min(Math.max(progress, 0), 1) * (PROFILE_POINTS - 1);
  const i = Math.min(Math.floor(x), PROFILE_POINTS - 2);
  return CUMULATIVE[i]! + (CUMULATIVE[i + 1]! - CUMULATIVE[i]!) * (x - i);
}

/** One trading day on the business clock; times in years of 252 trading days since the clock's start. */
export interface BusinessDay {
  readonly index: number;
  readonly session: Session;
  /** Variance time of the gap into this day's open. */
  readonly gap: number;
  readonly atOpen: number;
  readonly atClose: number;
}

/**
 * Time as variance sees it: fast at the open and the close, slow at lunch, one jump overnight. Options lose their value on this
 * clock, while their quoted volatility is per year of 365 calendar days.
 */
export class BusinessTime {
  private readonly days: BusinessDay[] = [];
  private readonly byDate = new Map<IsoDate, BusinessDay>();

  /** Starts at `first` (a trading day) and grows as far as it is asked. */
  constructor(first: IsoDate) {
    const session = sessionOn(first);
    invariant(session, `not a trading day: ${first}`);
    this.append(session, NIGHT_SHARE / TRADING_DAYS_PER_YEAR, 0);
  }

  private append(session: Session, gap: number, before: number): BusinessDay {
    const share = (SESSION_SHARE / TRADING_DAYS_PER_YEAR) * (session.earlyClose ? EARLY_CLOSE_FACTOR : 1);
    const atOpen = before + gap;
    const day = { index: this.days.length, session, gap, atOpen, atClose: atOpen + share };
    this.days.push(day);
    this.byDate.set(session.date, day);
    return day;
  }

  /** A trading day; null when the exchange is closed that day or it lies before the start. */
  day(date: IsoDate): BusinessDay | null {
    const known = this.byDate.get(date);
    if (known) return known;
    let last = this.days.at(-1);
    while (last && last.session.date < date) {
      const next = nextTradingDay(last.session.date);
      const session = sessionOn(next);
      invariant(session, 'a trading day has a session');
      const closedDays = daysBetween(last.session.date, next) - 1;
      const gap = (NIGHT_SHARE + CLOSED_DAY_SHARE * closedDays) / TRADING_DAYS_PER_YEAR;
      last = this.append(session, gap, last.atClose);
    }
    return this.byDate.get(date) ?? null;
  }

  /** Business time at the close of the last trading day up to `date`. */
  atCloseOf(date: IsoDate): number {
    const day = this.day(date) ?? this.day(previousTradingDay(date));
    invariant(day, `${date} lies before the clock's start`);
    return day.atClose;
  }

  /** Business time at an instant of a session (clamped to its open and close). */
  within(day: BusinessDay, at: Instant): number {
    const { open, close } = day.session;
    return day.atOpen + (day.atClose - day.atOpen) * activityShare((at - open) / (close - open));
  }
}

/** The trading day `count` trading days before `date`. */
export function tradingDaysBack(date: IsoDate, count: number): IsoDate {
  let guess = addDays(date, -Math.ceil((count * 365) / TRADING_DAYS_PER_YEAR));
  if (!sessionOn(guess)) guess = previousTradingDay(guess);
  let distance = tradingDaysBetween(guess, date);
  for (; distance < count; distance += 1) guess = previousTradingDay(guess);
  for (; distance > count; distance -= 1) guess = nextTradingDay(guess);
  return guess;
}
