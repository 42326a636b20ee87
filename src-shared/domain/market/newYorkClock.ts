import { type Instant, type IsoDate, instant, invariant } from '../units.ts';
import { civilOf, dayNumber, isoDateOf, nthWeekday } from './civil.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STANDARD_OFFSET_MS = -5 * HOUR_MS;

interface DaylightYear {
  readonly year: number;
  /** First and last instant of daylight time (epoch ms; end exclusive). */
  readonly startsAt: number;
  readonly endsAt: number;
}

let remembered: DaylightYear = { year: Number.NaN, startsAt: 0, endsAt: 0 };

/**
 * Daylight time in New York: second Sunday of March to first Sunday of November since 2007 (Energy Policy Act of 2005);
 * first Sunday of April to last Sunday of October from 1987 to 2006; last Sunday of April before. Changes at 02:00 local.
 */
function daylightOf(year: number): DaylightYear {
  if (remembered.year === year) return remembered;
  const modern = year >= 2007;
  const startDay = modern ? nthWeekday(year, 3, 0, 2) : year >= 1987 ? nthWeekday(year, 4, 0, 1) : nthWeekday(year, 4, 0, -1);
  const endDay = modern ? nthWeekday(year, 11, 0, 1) : nthWeekday(year, 10, 0, -1);
  remembered = { year, startsAt: startDay * DAY_MS + 7 * HOUR_MS, endsAt: endDay * DAY_MS + 6 * HOUR_MS };
  return remembered;
}

/** New York's offset from UTC at an instant, in ms: -4 h in daylight time, else -5 h. */
export function newYorkOffsetMs(at: Instant): number {
  const { year } = civilOf(Math.floor((at + STANDARD_OFFSET_MS) / DAY_MS));
  const daylight = daylightOf(year);
  return at >= daylight.startsAt && at < daylight.endsAt ? STANDARD_OFFSET_MS + HOUR_MS : STANDARD_OFFSET_MS;
}

/** The civil day in New York at an instant. */
export function civilDate(at: Instant): IsoDate {
  return isoDateOf(Math.floor((at + newYorkOffsetMs(at)) / DAY_MS));
}

/** New York's wall clock: the civil day and the minutes since its midnight (whole, 0 to 1439). */
export function newYorkTime(at: Instant): { readonly date: IsoDate; readonly minutes: number } {
  const local = at + newYorkOffsetMs(at);
  const day = Math.floor(local / DAY_MS);
  return { date: isoDateOf(day), minutes: Math.floor((local - day * DAY_MS) / MINUTE_MS) };
}

/**
 * The instant of a New York wall-clock time 'HH:MM'. In the hour that daylight time skips the answer lies after the
 * change; in the hour that repeats it is the first of the two.
 */
export function atNewYork(date: IsoDate, time: string): Instant {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time);
  invariant(match, `not a time of day 'HH:MM': ${time}`);
  const local = dayNumber(date) * DAY_MS + Number(match[1]) * HOUR_MS + Number(match[2]) * MINUTE_MS;
  const asDaylight = instant(local - STANDARD_OFFSET_MS - HOUR_MS);
  if (newYorkOffsetMs(asDaylight) !== STANDARD_OFFSET_MS) return asDaylight;
  return instant(local - STANDARD_OFFSET_MS);
}
