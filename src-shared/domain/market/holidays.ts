import { dayNumberOf, easterSunday, nthWeekday, weekdayOf } from './civil.ts';

/**
 * NYSE closings by rule, 1990 onward (NYSE Rule 7.2 and the exchange's published calendars). All days are day numbers
 * since 1970-01-01 (see `civil.ts`).
 */
const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

/** Closings that no rule foretells: days of mourning, the attacks of 2001, hurricane Sandy. */
const SPECIAL_CLOSINGS: ReadonlySet<number> = new Set([
  dayNumberOf(1994, 4, 27), // President Nixon's funeral
  dayNumberOf(2001, 9, 11),
  dayNumberOf(2001, 9, 12),
  dayNumberOf(2001, 9, 13),
  dayNumberOf(2001, 9, 14),
  dayNumberOf(2004, 6, 11), // President Reagan's funeral
  dayNumberOf(2007, 1, 2), // President Ford's funeral
  dayNumberOf(2012, 10, 29),
  dayNumberOf(2012, 10, 30),
  dayNumberOf(2018, 12, 5), // President G. H. W. Bush's funeral
  dayNumberOf(2025, 1, 9), // President Carter's funeral
]);

/** Closings at 13:00 that no rule foretells. */
const SPECIAL_EARLY_CLOSES: ReadonlySet<number> = new Set([
  dayNumberOf(1997, 12, 26),
  dayNumberOf(1999, 12, 31),
  dayNumberOf(2003, 12, 26),
]);

/** A holiday on Saturday is kept on Friday, one on Sunday on Monday. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  return weekday === SATURDAY ? day - 1 : weekday === SUNDAY ? day + 1 : day;
}

/** Days of a year on which the exchange does not open, weekends aside. */
export function holidaysOf(year: number): ReadonlySet<number> {
  const newYear = dayNumberOf(year, 1, 1);
  const days = [
    // A New Year's Day on Saturday is not made up for: the last trading day of the year stays open.
    weekdayOf(newYear) === SUNDAY ? newYear + 1 : newYear,
    nthWeekday(year, 2, MONDAY, 3),
    easterSunday(year) - 2,
    nthWeekday(year, 5, MONDAY, -1),
    observed(dayNumberOf(year, 7, 4)),
    nthWeekday(year, 9, MONDAY, 1),
    nthWeekday(year, 11, THURSDAY, 4),
    observed(dayNumberOf(year, 12, 25)),
  ];
  if (year >= 1998) days.push(nthWeekday(year, 1, MONDAY, 3));
  if (year >= 2022) days.push(observed(dayNumberOf(year, 6, 19)));
  const closed = new Set(days);
  for (const special of SPECIAL_CLOSINGS) closed.add(special);
  return closed;
}

/**
 * Days of a year with an early close, each with New York's closing time. The day after Thanksgiving (from 1992), Christmas
 * Eve on Monday to Thursday, and the day before Independence Day: never a Wednesday before 2013, when the Friday after a
 * Thursday holiday was short instead. Early closes were at 14:00 until 1992, since then at 13:00.
 */
export function earlyClosesOf(year: number): ReadonlyMap<number, '13:00' | '14:00'> {
  const time = year <= 1992 ? '14:00' : '13:00';
  const closes = new Map<number, '13:00' | '14:00'>();
  if (year >= 1992) closes.set(nthWeekday(year, 11, THURSDAY, 4) + 1, time);
  const christmasEve = dayNumberOf(year, 12, 24);
  if (isMondayToThursday(christmasEve)) closes.set(christmasEve, time);
  if (year >= 1995) for (const day of aroundIndependenceDay(year)) closes.set(day, time);
  for (const special of SPECIAL_EARLY_CLOSES) closes.set(special, '13:00');
  return closes;
}

function aroundIndependenceDay(year: number): number[] {
  const fourth = dayNumberOf(year, 7, 4);
  if (year < 2013 && weekdayOf(fourth) === THURSDAY) return [fourth + 1];
  return isMondayToThursday(fourth - 1) ? [fourth - 1] : [];
}

function isMondayToThursday(day: number): boolean {
  const weekday = weekdayOf(day);
  return weekday >= MONDAY && weekday < FRIDAY;
}
