/** Deeper than any input of ours; what goes deeper is a snare for whatever walks it. */
const DEEPEST = 32;
/** Values in one input, all levels together: the largest wish of a window has a few hundred. */
const MOST_VALUES = 20_000;

/**
 * True for what JSON carries: text, finite numbers, booleans, null, lists and plain objects of them. A message port carries more
 * (maps, dates, typed arrays, big integers, cycles), and no handler is written for that; `undefined` is an absent field. A field
 * that names the prototype is refused too.
 */
export function isPlain(value: unknown): boolean {
  let left = MOST_VALUES;
  const plain = (part: unknown, depth: number): boolean => {
    left -= 1;
    if (left < 0) return false;
    switch (typeof part) {
      case 'string':
      case 'boolean':
      case 'undefined':
        return true;
      case 'number':
        return Number.isFinite(part);
      case 'object':
        return part === null || (depth < DEEPEST && (isList(part) ? listed(part, depth) : fielded(part, depth)));
      default:
        return false;
    }
  };
  const listed = (list: readonly unknown[], depth: number): boolean =>
    list.length <= left && list.every((part) => plain(part, depth + 1));
  const fielded = (part: object, depth: number): boolean => {
    const prototype: unknown = Object.getPrototypeOf(part);
    if (prototype !== Object.prototype && prototype !== null) return false;
    return !Object.hasOwn(part, '__proto__') && Object.values(part).every((field) => plain(field, depth + 1));
  };
  return plain(value, 0);
}

function isList(part: object): part is readonly unknown[] {
  return Array.isArray(part);
}
