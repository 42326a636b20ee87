import { useMemo, useState } from 'react';
import { parseText, textOfValue } from './fieldText.ts';
import { type FormField, valueAt } from './schema.ts';

export interface Draft {
  textOf(field: FormField): string;
  isChanged(field: FormField): boolean;
  problemOf(field: FormField): string | null;
  change(field: FormField, text: string): void;
  undo(field: FormField): void;
  clear(): void;
  /** What would be sent, one entry per changed field that reads well. */
  readonly changes: readonly { readonly path: string; readonly value: unknown }[];
  readonly problems: readonly string[];
}

/** What the owner has typed over the values in force, until it is saved or undone. */
export function useDraft(fields: readonly FormField[], values: unknown): Draft {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const initialText = (field: FormField) => textOfValue(field, valueAt(values, field.path));
  const isChanged = (field: FormField) => typed[field.path] !== undefined && typed[field.path] !== initialText(field);
  const problemOf = (field: FormField) => {
    const parsed = isChanged(field) ? parseText(field, typed[field.path] ?? '') : null;
    return parsed && !parsed.ok ? parsed.problem : null;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the closures above read only these
  const { changes, problems } = useMemo(() => {
    const changed = fields
      .filter(isChanged)
      .map((field) => ({ path: field.path, parsed: parseText(field, typed[field.path] ?? '') }));
    return {
      changes: changed.flatMap(({ path, parsed }) => (parsed.ok ? [{ path, value: parsed.value }] : [])),
      problems: changed.flatMap(({ parsed }) => (parsed.ok ? [] : [parsed.problem])),
    };
  }, [fields, values, typed]);
  return {
    textOf: (field) => typed[field.path] ?? initialText(field),
    isChanged,
    problemOf,
    change: (field, text) => setTyped((before) => ({ ...before, [field.path]: text })),
    undo: (field) => setTyped(({ [field.path]: _undone, ...rest }) => rest),
    clear: () => setTyped({}),
    changes,
    problems,
  };
}
