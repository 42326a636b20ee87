import { z } from 'zod';
import { contract } from '#contract/contract';
import { NASTY, one, type Random, value } from './payloads.ts';

/** What a field of that name may hold at this desk now: with these a wish is more than well-formed. */
export type Words = Readonly<Record<string, readonly unknown[]>>;

type Schema = Readonly<Record<string, unknown>>;

const SCHEMAS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(contract).map(([name, { input }]) => [name, z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })]),
);
const COMMANDS = Object.entries(contract).flatMap(([name, { verb }]) => (verb === 'command' ? [name] : []));
const QUERIES = Object.entries(contract).flatMap(([name, { verb }]) => (verb === 'query' ? [name] : []));
/** These read or copy the whole journal: now and then is enough. */
const HEAVY: ReadonlySet<string> = new Set(['journal.backup', 'journal.verify', 'journal.export']);
/** With the switch thrown nothing else gets far. */
const SELDOM: ReadonlySet<string> = new Set(['killSwitch.throw', 'desk.setSpeed']);
const INSTEAD = ['order.open', 'killSwitch.beginRelease', 'killSwitch.release'];
const SYMBOLS = 'ABCXYZ0189.-_ é\u0000';

/** A call by somebody who may: half of them well-formed, a third with one place bent, the others anything. */
export function insiderCall(
  random: Random,
  id: number,
  words: Words,
): { kind: 'call'; id: number; name: string; input: unknown } {
  let name = one(random, random() < 0.85 ? COMMANDS : QUERIES);
  if ((HEAVY.has(name) && random() < 0.98) || (SELDOM.has(name) && random() < 0.9)) name = one(random, INSTEAD);
  const turn = random();
  const whole = turn < 0.85 ? wellFormed(random, SCHEMAS[name], words) : value(random, 0);
  return { kind: 'call', id, name, input: turn < 0.5 || turn >= 0.85 ? whole : bent(random, whole, () => one(random, NASTY)) };
}

/** A value that the schema takes, as far as patterns let one guess it. */
function wellFormed(random: Random, schema: unknown, words: Words): unknown {
  if (!isSchema(schema)) return null;
  if ('const' in schema) return schema['const'];
  const choices = listOf(schema['enum']) ?? null;
  if (choices) return one(random, choices);
  const forms = listOf(schema['anyOf']);
  if (forms) return wellFormed(random, one(random, forms), words);
  switch (schema['type']) {
    case 'object':
      return fieldsOf(random, schema, words);
    case 'array': {
      const least = Number(schema['minItems'] ?? 0);
      const most = Math.min(Number(schema['maxItems'] ?? least + 3), least + 3);
      const length = least + Math.floor(random() * (most - least + 1));
      return Array.from({ length }, () => wellFormed(random, schema['items'], words));
    }
    case 'string': {
      const least = Number(schema['minLength'] ?? 8);
      const length = least + Math.floor(random() * Math.min(40, Number(schema['maxLength'] ?? 40) - least + 1));
      return Array.from({ length }, () => SYMBOLS[Math.floor(random() * SYMBOLS.length)] ?? 'x').join('');
    }
    case 'integer':
    case 'number': {
      const least = Number(schema['minimum'] ?? -10);
      const most = Number(schema['maximum'] ?? least + 1_000);
      const found = one(random, [least, most, least + random() * (most - least), least + random() * Math.min(5, most - least)]);
      return schema['type'] === 'integer' ? Math.round(found) : found;
    }
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    default:
      return value(random, 1);
  }
}

function fieldsOf(random: Random, schema: Schema, words: Words): Record<string, unknown> {
  const { properties } = schema;
  const required = new Set(listOf(schema['required']) ?? []);
  const made: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(isSchema(properties) ? properties : {})) {
    if (!required.has(name) && random() < 0.5) continue;
    const known = words[name];
    made[name] = known && known.length > 0 && random() < 0.95 ? one(random, known) : wellFormed(random, field, words);
  }
  if (isSchema(schema['additionalProperties']))
    for (let more = 0; more < random() * 3; more++)
      made[one(random, ['minCredit', 'x', '__proto__', 'constructor'])] = value(random, 2);
  return made;
}

/** The same with one place replaced, taken out, or one more that nobody asked for. */
export function bent(random: Random, whole: unknown, wrong: () => unknown): unknown {
  if (Array.isArray(whole)) {
    if (whole.length === 0 || random() < 0.3) return [...whole, wrong()];
    const place = Math.floor(random() * whole.length);
    return whole.map((part: unknown, n) => (n === place ? bent(random, part, wrong) : part));
  }
  if (!isSchema(whole)) return wrong();
  const names = Object.keys(whole);
  if (names.length === 0 || random() < 0.15) return { ...whole, [one(random, ['surprise', 'kind', 'toString'])]: wrong() };
  const place = one(random, names);
  if (random() < 0.15) return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== place));
  return { ...whole, [place]: random() < 0.4 ? bent(random, whole[place], wrong) : wrong() };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}
