import { z } from 'zod';
import { isFields } from './paths.ts';

/** The JSON schema of the settings as the owner may write them, with unit and description on every field. */
export function jsonSchemaOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** Dotted paths of every single setting. */
export function leafPaths(schema: unknown, path = ''): string[] {
  if (!isFields(schema)) return [];
  const properties = schema['properties'];
  if (!isFields(properties)) return path === '' ? [] : [path];
  return Object.entries(properties).flatMap(([key, inner]) => leafPaths(inner, path === '' ? key : `${path}.${key}`));
}

/** Keys in the file that no setting has: a misspelt name would otherwise quietly do nothing. */
export function unknownPaths(schema: unknown, values: unknown, path = ''): string[] {
  if (!isFields(schema) || !isFields(values)) return [];
  const properties = schema['properties'];
  if (!isFields(properties)) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return Object.hasOwn(properties, key) ? unknownPaths(properties[key], value, here) : [here];
  });
}

/** `scanner.intervalSeconds` -> `STRIKEDESK_SCANNER_INTERVAL_SECONDS`. */
export function variableOf(path: string): string {
  const snake = path
    .split('.')
    .map((step) => step.replace(/([a-z0-9])([A-Z])/g, '$1_$2'))
    .join('_');
  return `STRIKEDESK_${snake.toUpperCase()}`;
}

/** A variable's text as a value: JSON where it is JSON, a list where the setting is one, else the text itself. */
export function valueOfText(text: string, before: unknown): unknown {
  if (Array.isArray(before) && !text.trim().startsWith('['))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  if (typeof before === 'string') return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return text;
  }
}
