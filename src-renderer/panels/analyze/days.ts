import { dayNumber, isoDateOf } from '#domain/market/civil';
import type { IsoDate } from '#domain/units';

/** A civil date some days later. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return isoDateOf(dayNumber(date) + days);
}
