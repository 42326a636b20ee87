/**
 * The newer value, rebuilt from the older one's parts wherever nothing changed: rows that are equal keep their identity,
 * so that memoised rows do not draw again. JSON values only.
 */
export function shareStructure<Value>(older: unknown, newer: Value): Value;
export function shareStructure(older: unknown, newer: unknown): unknown {
  if (Object.is(older, newer)) return older;
  if (Array.isArray(older) && Array.isArray(newer)) {
    const shared = newer.map((item, index) => shareStructure(older[index], item));
    return shared.length === older.length && shared.every((item, index) => Object.is(item, older[index])) ? older : shared;
  }
  if (!isRecord(older) || !isRecord(newer)) return newer;
  const shared: Record<string, unknown> = {};
  let same = Object.keys(older).length === Object.keys(newer).length;
  for (const key of Object.keys(newer)) {
    shared[key] = shareStructure(older[key], newer[key]);
    if (!(key in older) || !Object.is(shared[key], older[key])) same = false;
  }
  return same ? older : shared;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Two snapshots of a keyed list: rows are matched by key instead of by place, so that a new first row does not
 * make every row below it look changed.
 */
export function shareRows<Row>(older: readonly Row[] | null, newer: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  if (!older) return newer;
  const byKey = new Map(older.map((row) => [keyOf(row), row]));
  const shared = newer.map((row) => shareStructure(byKey.get(keyOf(row)), row));
  return shared.length === older.length && shared.every((row, index) => Object.is(row, older[index])) ? older : shared;
}
