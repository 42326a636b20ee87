import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import type { AppSettings, SettingChange, SettingProblem, SettingsStore } from '#ports/settings/appSettings';
import { parseJsonc } from './jsonc.ts';
import { differences, valueAt, withValueAt } from './paths.ts';
import { jsonSchemaOf, leafPaths, unknownPaths, valueOfText, variableOf } from './schemaPaths.ts';
import { writeWhole } from './writeWhole.ts';

export interface SettingsFileOptions<Settings extends AppSettings> {
  readonly file: string;
  readonly schema: z.ZodType<Settings>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An edit is read this long after the last sign of it, milliseconds. */
  readonly settleMs: number;
  readonly watch: boolean;
}

const HEADER = `// Strikedesk settings. Only what differs from the defaults stands here; the Settings panel shows every field with its unit,
// range and default. Edits are read at once; a wrong value is reported and the last good values stay in force.
// Comments below this line are lost when a setting is changed from the window. Example:
//   { "scanner": { "intervalSeconds": 60 }, "risk": { "maxPositions": 10 } }
`;

/** Time between two looks at the file when the system tells of no change. */
const POLL_MS = 2_000;

interface Reading<Settings> {
  readonly settings: Settings | null;
  readonly raw: unknown;
  readonly overridden: Readonly<Record<string, string>>;
  readonly problems: readonly SettingProblem[];
}

/** Opens the one settings file (and makes it when it is not there). Never throws for what the owner wrote. */
export function openSettingsFile<Settings extends AppSettings>(options: SettingsFileOptions<Settings>): SettingsStore<Settings> {
  const { file, schema } = options;
  const lastGoodFile = `${file}.last-good`;
  const jsonSchema = jsonSchemaOf(schema);
  const leaves = leafPaths(jsonSchema);
  const listeners = new Set<(changes: readonly SettingChange[], by: string) => void>();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeWhole(file, `${HEADER}{}\n`);

  let text = readFileSync(file, 'utf8');
  let reading = readText(text);
  let settings = reading.settings ?? lastGood();
  if (reading.settings) writeWhole(lastGoodFile, JSON.stringify(reading.raw));

  function lastGood(): Settings {
    if (existsSync(lastGoodFile)) {
      const kept = readText(readFileSync(lastGoodFile, 'utf8')).settings;
      if (kept) return kept;
    }
    return schema.parse({});
  }

  function readText(content: string): Reading<Settings> {
    let raw: unknown;
    try {
      raw = parseJsonc(content);
    } catch (error) {
      return {
        settings: null,
        raw: {},
        overridden: {},
        problems: [{ path: '', message: `${basename(file)} ${messageOf(error)}` }],
      };
    }
    return check(raw);
  }

  function check(raw: unknown): Reading<Settings> {
    const problems: SettingProblem[] = unknownPaths(jsonSchema, raw).map((path) => ({
      path,
      message: `${path}: there is no such setting`,
    }));
    const overridden: Record<string, string> = {};
    let merged: unknown = raw;
    const base: unknown = schema.safeParse({}).data;
    for (const path of leaves) {
      const variable = variableOf(path);
      const value = options.environment[variable];
      if (value === undefined) continue;
      overridden[path] = variable;
      merged = withValueAt(merged, path, valueOfText(value, valueAt(base, path)));
    }
    const parsed = schema.safeParse(merged);
    if (!parsed.success) for (const issue of parsed.error.issues) problems.push(problemOf(issue, merged, overridden));
    return { settings: parsed.success && problems.length === 0 ? parsed.data : null, raw, overridden, problems };
  }

  function adopt(next: Reading<Settings>, by: string): void {
    const problemsChanged = JSON.stringify(next.problems) !== JSON.stringify(reading.problems);
    reading = next;
    if (!next.settings) {
      if (problemsChanged) tell([], by);
      return;
    }
    const changes = differences(settings, next.settings).map(({ path, before, after }) => ({
      path,
      oldValue: textOf(before),
      newValue: textOf(after),
    }));
    settings = next.settings;
    writeWhole(lastGoodFile, JSON.stringify(next.raw));
    if (changes.length > 0 || problemsChanged) tell(changes, by);
  }

  function tell(changes: readonly SettingChange[], by: string): void {
    for (const listener of listeners) listener(changes, by);
  }

  let timer: NodeJS.Timeout | null = null;
  const watcher = options.watch ? watchFolder() : null;
  // Some systems tell of no changes (network folders, watch limits): a slow look finds the edit all the same.
  const poll = options.watch ? setInterval(readAgain, POLL_MS) : null;
  poll?.unref();

  function watchFolder(): FSWatcher | null {
    try {
      const watching = watch(dirname(file), (_, name) => {
        if (name !== null && name !== basename(file)) return;
        if (timer) clearTimeout(timer);
        timer = setTimeout(readAgain, options.settleMs);
      });
      watching.on('error', () => watching.close());
      return watching;
    } catch {
      return null;
    }
  }

  function readAgain(): void {
    if (!existsSync(file)) return;
    const found = readFileSync(file, 'utf8');
    if (found === text) return;
    text = found;
    adopt(readText(found), 'settings file');
  }

  return {
    current: () => settings,
    view: () => ({
      schema: jsonSchema,
      values: settings,
      file,
      overridden: reading.overridden,
      problems: reading.problems,
    }),
    change(changes, by) {
      const fixed = changes.find(({ path }) => reading.overridden[path] !== undefined);
      if (fixed)
        return [{ path: fixed.path, message: `${fixed.path} is set by ${reading.overridden[fixed.path]}; change it there` }];
      let raw: unknown = reading.raw;
      for (const { path, value } of changes) raw = withValueAt(raw, path, value);
      const next = check(raw);
      if (!next.settings) return next.problems;
      text = `${HEADER}${JSON.stringify(raw, null, 2)}\n`;
      writeWhole(file, text);
      adopt(next, by);
      return [];
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      if (timer) clearTimeout(timer);
      if (poll) clearInterval(poll);
      watcher?.close();
    },
  };
}

function problemOf(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string },
  values: unknown,
  overridden: Readonly<Record<string, string>>,
): SettingProblem {
  const path = issue.path.map(String).join('.');
  const found = valueAt(values, path);
  const from = overridden[path] ? ` (from ${overridden[path]})` : '';
  const value = found === undefined ? '' : ` (found ${textOf(found)})`;
  return { path, message: `${path || 'settings'}: ${issue.message}${value}${from}` };
}

function textOf(value: unknown): string {
  return value === undefined ? 'unset' : (JSON.stringify(value) ?? 'unset');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
