type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path, undefined when a step is missing. */
export function valueAt(tree: unknown, path: string): unknown {
  let here: unknown = tree;
  for (const step of path.split('.')) {
    if (!isFields(here) || !Object.hasOwn(here, step)) return undefined;
    here = here[step];
  }
  return here;
}

/** A copy of `tree` with `value` at the dotted path; steps that are missing are made. */
export function withValueAt(tree: unknown, path: string, value: unknown): Fields {
  const [step = '', ...rest] = path.split('.');
  const fields = isFields(tree) ? tree : {};
  return { ...fields, [step]: rest.length === 0 ? value : withValueAt(fields[step], rest.join('.'), value) };
}

/** The same, where a value of undefined takes the field out. */
export function putAt(tree: unknown, path: string, value: unknown): Fields {
  if (value !== undefined) return withValueAt(tree, path, value);
  const [step = '', ...rest] = path.split('.');
  const fields = isFields(tree) ? tree : {};
  if (!Object.hasOwn(fields, step)) return fields;
  if (rest.length > 0) return { ...fields, [step]: putAt(fields[step], rest.join('.'), undefined) };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== step));
}

/** A value as the journal and the owner read it. */
export function textOf(value: unknown): string {
  return value === undefined ? 'unset' : (JSON.stringify(value) ?? 'unset');
}

/** What changed from one set of settings to another, as text. */
export function changesBetween(before: unknown, after: unknown): { path: string; oldValue: string; newValue: string }[] {
  return differences(before, after).map((found) => ({
    path: found.path,
    oldValue: textOf(found.before),
    newValue: textOf(found.after),
  }));
}

/** Dotted paths at which two trees differ, deepest first level that is not an object on both sides. */
export function differences(before: unknown, after: unknown, path = ''): { path: string; before: unknown; after: unknown }[] {
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}
