import { invariant } from '#domain/units';

/** Up to so many fields, insertion is the faster sort. */
const FEW = 24;
const MOST_SPELLINGS = 2_000;
const spellings = new Map<string, string>();

/**
 * JSON with one spelling: keys sorted by code unit, no white space, fields that are `undefined` left out, -0 as 0.
 * Throws on what JSON cannot carry (NaN, infinities, functions, bigints), so that nothing is silently lost from the chain.
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      invariant(Number.isFinite(value), `a journalled number must be finite: ${value}`);
      return value === 0 ? '0' : String(value);
    case 'object':
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      invariant(false, `a journalled value must be JSON: ${typeof value}`);
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    const value = values[index];
    text += value === undefined ? 'null' : canonicalJson(value);
  }
  return `${text}]`;
}

function canonicalObject(fields: object): string {
  let text = '{';
  for (const [key, value] of inOrder(Object.entries(fields))) {
    if (value === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${spelled(key)}:${canonicalJson(value)}`;
  }
  return `${text}}`;
}

/** Sorts in place, by code unit. Facts have a dozen fields at most, often in order: faster than the general sort. */
function inOrder(entries: [string, unknown][]): readonly (readonly [string, unknown])[] {
  if (entries.length > FEW) return entries.sort(([one], [other]) => (one < other ? -1 : 1));
  for (let next = 1; next < entries.length; next += 1) {
    const moving = entries[next];
    if (!moving) break;
    let place = next;
    for (let before = entries[place - 1]; before && before[0] > moving[0]; before = entries[place - 1]) {
      entries[place] = before;
      place -= 1;
    }
    entries[place] = moving;
  }
  return entries;
}

/** The key as JSON text. The names of our fields are few and come again and again; a map keyed by contracts is not kept. */
function spelled(key: string): string {
  const known = spellings.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (spellings.size < MOST_SPELLINGS) spellings.set(key, text);
  return text;
}
