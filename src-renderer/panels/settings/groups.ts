import { type FormField, fieldsOf } from '../../components/form/schema.ts';
import { wordsOf } from '../../components/format/words.ts';

const TOP = 'general';

/** All fields that a form can show. What is kept by strategy has its own panel. */
export function settingFields(schema: unknown): readonly FormField[] {
  return fieldsOf(schema).filter((field) => field.path !== 'strategies');
}

/** The first name of a path; a setting outside of any group is general. */
export function groupOf(path: string): string {
  const [first = TOP, ...rest] = path.split('.');
  return rest.length === 0 ? TOP : first;
}

export function groupsOf(fields: readonly FormField[]): readonly string[] {
  return [...new Set(fields.map((field) => groupOf(field.path)))];
}

/** Fields of a group, or, while something is searched for, every field whose name, path, unit or description holds all its words. */
export function shownFields(fields: readonly FormField[], group: string | null, search: string): readonly FormField[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return group === null ? [] : fields.filter((field) => groupOf(field.path) === group);
  return fields.filter((field) => {
    const text = `${field.path} ${wordsOf(field.name)} ${field.unit} ${field.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
