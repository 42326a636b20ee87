import { atNewYork, isTradingDay, nextTradingDay } from '#domain/market/calendar';
import type { Instant, IsoDate } from '#domain/units';

/** When a run of `days` sessions from `start` is over: the evening of the last one, after clearing and the day's end. */
export function endOf(start: IsoDate, days: number): Instant {
  let day = isTradingDay(start) ? start : nextTradingDay(start);
  for (let session = 1; session < days; session += 1) day = nextTradingDay(day);
  return atNewYork(day, '18:30');
}
