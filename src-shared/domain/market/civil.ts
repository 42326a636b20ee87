import { type IsoDate, invariant } from '../units.ts';

/**
 * Civil days as plain integers, without the platform's Date: proleptic Gregorian day numbers counted from 1970-01-01.
 * Source of the arithmetic: H. Hinnant, 'chrono-compatible low-level date algorithms' (days_from_civil, civil_from_days).
 */
export interface CivilDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** 0 = Sunday ... 6 = Saturday. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** Days since 1970-01-01 of a civil day. */
export function dayNumberOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** The civil day of a day number. */
export function civilOf(dayNumber: number): CivilDay {
  const z = dayNumber + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  };
}

/** The parts of 'YYYY-MM-DD'. */
export function partsOf(date: IsoDate): CivilDay {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

/** Days since 1970-01-01 of 'YYYY-MM-DD'. */
export function dayNumber(date: IsoDate): number {
  const { year, month, day } = partsOf(date);
  return dayNumberOf(year, month, day);
}

let lastNumber = Number.NaN;
let lastText = '' as IsoDate;

/** 'YYYY-MM-DD' of a day number (years 0000 to 9999). The last answer is remembered: callers ask for one day many times. */
export function isoDateOf(number: number): IsoDate {
  if (number === lastNumber) return lastText;
  const { year, month, day } = civilOf(number);
  invariant(year >= 0 && year <= 9999, `year out of range: ${year}`);
  lastNumber = number;
  lastText = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as IsoDate;
  return lastText;
}

/** 0 = Sunday ... 6 = Saturday, of a day number. */
export function weekdayOf(number: number): Weekday {
  return ((((number + 4) % 7) + 7) % 7) as Weekday;
}

/** Day number of the n-th `weekday` of a month (n = 1 first ... 5; n = -1 last). */
export function nthWeekday(year: number, month: number, weekday: Weekday, n: number): number {
  if (n > 0) {
    const first = dayNumberOf(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7;
  }
  const last = (month === 12 ? dayNumberOf(year + 1, 1, 1) : dayNumberOf(year, month + 1, 1)) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7) + (n + 1) * 7;
}

/** Day number of Easter Sunday (Gregorian), by the anonymous computus (Meeus, Jones, Butcher). */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayNumberOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}
