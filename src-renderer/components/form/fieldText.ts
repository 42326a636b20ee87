import { wordsOf } from '../format/words.ts';
import { numberIn } from './numberText.ts';
import type { FormField } from './schema.ts';

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

/** A value as the owner edits it. */
export function textOfValue(field: FormField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (field.shape.kind === 'list' && Array.isArray(value)) return value.join(', ');
  if (field.shape.kind === 'data') return JSON.stringify(value);
  return String(value);
}

/** The range in words: '1 to 600', 'at least 0'. */
export function rangeOf(field: FormField): string {
  const { shape } = field;
  if (shape.kind !== 'number' && shape.kind !== 'list') return '';
  const [min, max] = [shape.min, shape.max].map((bound) => bound?.toLocaleString('en-US', { maximumFractionDigits: 6 }) ?? null);
  if (min && max) return `${min} to ${max}`;
  if (min) return `at least ${min}`;
  return max ? `at most ${max}` : '';
}

const problem = (field: FormField, what: string): Parsed => ({ ok: false, problem: `${wordsOf(field.name)} ${what}` });

function parseNumber(field: FormField, text: string, min: number | null, max: number | null, integer: boolean): Parsed {
  const value = numberIn(text);
  if (value === null) return problem(field, `must be a number, not “${text}”`);
  if (integer && !Number.isInteger(value)) return problem(field, `must be a whole number, not ${text}`);
  if ((min !== null && value < min) || (max !== null && value > max))
    return problem(field, `must be ${rangeOf(field)}, not ${text}`);
  return { ok: true, value };
}

function parseList(field: FormField, text: string): Parsed {
  if (field.shape.kind !== 'list') return problem(field, 'is not a list');
  const { item, min, max, pattern, minItems, maxItems } = field.shape;
  const parts = text.split(/[\s,]+/).filter(Boolean);
  if (parts.length < minItems) return problem(field, `needs at least ${minItems}`);
  if (maxItems !== null && parts.length > maxItems) return problem(field, `takes at most ${maxItems}`);
  const values: unknown[] = [];
  for (const part of parts) {
    if (item === 'text') {
      if (pattern !== null && !new RegExp(pattern).test(part)) return problem(field, `has an entry it does not know: “${part}”`);
      values.push(part);
      continue;
    }
    const parsed = parseNumber(field, part, min, max, false);
    if (!parsed.ok) return parsed;
    values.push(parsed.value);
  }
  return { ok: true, value: values };
}

/** What the owner typed as the setting's value, or what is wrong with it, naming the field. */
export function parseText(field: FormField, text: string): Parsed {
  const { shape } = field;
  if (field.nullable && text.trim() === '') return { ok: true, value: null };
  switch (shape.kind) {
    case 'number':
      return parseNumber(field, text, shape.min, shape.max, shape.integer);
    case 'list':
      return parseList(field, text);
    case 'flag':
      return { ok: true, value: text === 'true' };
    case 'choice':
      return shape.options.includes(text)
        ? { ok: true, value: text }
        : problem(field, `must be one of ${shape.options.join(', ')}`);
    case 'text':
      if (text.length < shape.minLength) return problem(field, `needs at least ${shape.minLength} characters`);
      if (shape.maxLength !== null && text.length > shape.maxLength)
        return problem(field, `takes at most ${shape.maxLength} characters`);
      if (shape.pattern !== null && !new RegExp(shape.pattern).test(text))
        return problem(field, `does not have the right form: “${text}”`);
      return { ok: true, value: text };
    case 'data':
      return problem(field, 'is changed in the settings file');
  }
}
