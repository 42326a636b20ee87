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
  const entries = Object.keys(newer).map((key) => [key, shareStructure(own(older, key), newer[key])] as const);
  const same =
    Object.keys(older).length === entries.length &&
    entries.every(([key, value]) => Object.hasOwn(older, key) && Object.is(value, own(older, key)));
  return same ? older : Object.fromEntries(entries);
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
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
