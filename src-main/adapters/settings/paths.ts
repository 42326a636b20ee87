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

/** Dotted paths at which two trees differ, deepest first level that is not an object on both sides. */
export function differences(before: unknown, after: unknown, path = ''): { path: string; before: unknown; after: unknown }[] {
  if (isFields(before) && isFields(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}
