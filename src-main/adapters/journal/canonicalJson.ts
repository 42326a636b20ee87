import { invariant } from '#domain/units';

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
  let first = true;
  const entries: Record<string, unknown> = { ...fields };
  for (const key of Object.keys(entries).sort()) {
    const value = entries[key];
    if (value === undefined) continue;
    if (!first) text += ',';
    first = false;
    text += `${JSON.stringify(key)}:${canonicalJson(value)}`;
  }
  return `${text}}`;
}
