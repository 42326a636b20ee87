import { existsSync, readFileSync } from 'node:fs';
import type { SettingChange } from '#ports/settings/appSettings';
import { differences } from './paths.ts';
import { writeWhole } from './writeWhole.ts';

/** What was in force when the program last had its settings on record, in a file beside them. */
export interface InForce {
  /** How `settings` differ from that, each with whose hand it can only have been; empty at the first start. */
  changedTo(
    settings: unknown,
    overridden: Readonly<Record<string, string>>,
  ): readonly (SettingChange & { readonly by: string })[];
  /** These are on record now. Call it after their rows are written: a death between the two shows the change again, never loses it. */
  keep(settings: unknown): void;
}

export function openInForce(file: string): InForce {
  return {
    changedTo(settings, overridden) {
      if (!existsSync(file)) return [];
      const known = valuesIn(file);
      if (known === null)
        return [{ path: 'settings', oldValue: 'cannot be read', newValue: 'those of this start', by: 'while stopped' }];
      return differences(known, JSON.parse(JSON.stringify(settings))).map(({ path, before, after }) => ({
        path,
        oldValue: textOf(before),
        newValue: textOf(after),
        by: `${handOf(path, overridden)}, while stopped`,
      }));
    },
    keep: (settings) => writeWhole(file, JSON.stringify(settings)),
  };
}

/** The variable that holds the setting now; else somebody wrote the file, took a variable away, or the program's default is new. */
function handOf(path: string, overridden: Readonly<Record<string, string>>): string {
  const variable = Object.entries(overridden).find(([held]) => path === held || path.startsWith(`${held}.`))?.[1];
  return variable ?? 'settings file, environment or a new default';
}

function valuesIn(file: string): unknown {
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return values;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return value === undefined ? 'unset' : (JSON.stringify(value) ?? 'unset');
}
