/**
 * Which backups stay: the newest of each of the last `daily` days that have one, and the newest of each of the last `weekly`
 * weeks (Monday to Sunday, UTC) that have one. Names are `journal-YYYYMMDDThhmmssZ.db`.
 */
export function keptBackups(
  names: readonly string[],
  keep: { readonly daily: number; readonly weekly: number },
): ReadonlySet<string> {
  const newestFirst = [...names].sort().reverse();
  return new Set([...firstOfEach(newestFirst, dayOf, keep.daily), ...firstOfEach(newestFirst, weekOf, keep.weekly)]);
}

function firstOfEach(names: readonly string[], periodOf: (name: string) => string, most: number): string[] {
  const chosen = new Map<string, string>();
  for (const name of names) {
    const period = periodOf(name);
    if (!chosen.has(period) && chosen.size < most) chosen.set(period, name);
  }
  return [...chosen.values()];
}

function dayOf(name: string): string {
  return name.slice('journal-'.length, 'journal-'.length + 8);
}

const DAY_MS = 86_400_000;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

function weekOf(name: string): string {
  const day = dayOf(name);
  const at = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
  return String(Math.floor((at - FIRST_MONDAY_MS) / (7 * DAY_MS)));
}
