import { addDays, weekday } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';

/** The Monday of a day's week: the name of the week for the weekly loss limit. */
export function weekOf(date: IsoDate): IsoDate {
  return addDays(date, -((weekday(date) + 6) % 7));
}
