/** One field of a form, read from a JSON schema. */
export type FieldShape =
  | { readonly kind: 'number'; readonly integer: boolean; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'text'; readonly pattern: string | null; readonly minLength: number; readonly maxLength: number | null }
  | {
      readonly kind: 'list';
      readonly item: 'number' | 'text';
      readonly min: number | null;
      readonly max: number | null;
      readonly pattern: string | null;
      readonly minItems: number;
      readonly maxItems: number | null;
    }
  | { readonly kind: 'data' };

export interface FormField {
  /** Dotted path inside the schema's value. */
  readonly path: string;
  /** Names of the objects around it. */
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly initial: unknown;
  readonly shape: FieldShape;
}

type Json = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** zod states the bounds of an unbounded integer as the largest safe ones; nobody wants to read those. */
const boundOf = (value: unknown): number | null => {
  const bound = numberOf(value);
  return bound === null || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
};

/** `anyOf: [X, null]` is X that may be switched off. */
function unwrapped(schema: Json): { readonly schema: Json; readonly nullable: boolean } {
  const choices = Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isJsonObject) : [];
  const real = choices.filter((choice) => choice['type'] !== 'null');
  if (choices.length !== real.length && real.length === 1 && real[0])
    return { schema: { ...schema, ...real[0] }, nullable: true };
  return { schema, nullable: false };
}

function numbersOf(schema: Json) {
  return {
    min: boundOf(schema['minimum'] ?? schema['exclusiveMinimum']),
    max: boundOf(schema['maximum'] ?? schema['exclusiveMaximum']),
  };
}

function shapeOf(schema: Json): FieldShape {
  const type = schema['type'];
  if (Array.isArray(schema['enum']) && schema['enum'].every((option) => typeof option === 'string'))
    return { kind: 'choice', options: schema['enum'] };
  if (type === 'number' || type === 'integer') return { kind: 'number', integer: type === 'integer', ...numbersOf(schema) };
  if (type === 'boolean') return { kind: 'flag' };
  if (type === 'string')
    return {
      kind: 'text',
      pattern: textOf(schema['pattern']) || null,
      minLength: numberOf(schema['minLength']) ?? 0,
      maxLength: numberOf(schema['maxLength']),
    };
  const items = isJsonObject(schema['items']) ? schema['items'] : null;
  if (type === 'array' && items && (items['type'] === 'number' || items['type'] === 'integer' || items['type'] === 'string')) {
    return {
      kind: 'list',
      item: items['type'] === 'string' ? 'text' : 'number',
      ...numbersOf(items),
      pattern: textOf(items['pattern']) || null,
      minItems: numberOf(schema['minItems']) ?? 0,
      maxItems: numberOf(schema['maxItems']),
    };
  }
  return { kind: 'data' };
}

/** Every field of an object schema, objects inside objects included, in the schema's own order. */
export function fieldsOf(schema: unknown, above = ''): readonly FormField[] {
  if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) return [];
  return Object.entries(schema['properties']).flatMap(([name, raw]): readonly FormField[] => {
    if (!isJsonObject(raw)) return [];
    const path = above === '' ? name : `${above}.${name}`;
    const { schema: inner, nullable } = unwrapped(raw);
    if (isJsonObject(inner['properties']) && !nullable) return fieldsOf(inner, path);
    return [
      {
        path,
        group: above,
        name,
        unit: textOf(inner['unit'] ?? raw['unit']),
        description: textOf(inner['description'] ?? raw['description']),
        nullable,
        initial: raw['default'],
        shape: shapeOf(inner),
      },
    ];
  });
}

/** The value at a dotted path, undefined where there is none. */
export function valueAt(values: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), values);
}
