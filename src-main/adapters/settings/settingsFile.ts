import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import type { AppSettings, HeldBack, SettingChange, SettingProblem, SettingsStore } from '#ports/settings/appSettings';
import { parseJsonc } from './jsonc.ts';
import { changesBetween, putAt, textOf, valueAt, withValueAt } from './paths.ts';
import { heldAt, looserPaths, problemOfHeld, putBack, type RealMoneyGuard, sideBySide } from './realMoney.ts';
import { jsonSchemaOf, leafPaths, unknownPaths, valueOfText, variableOf } from './schemaPaths.ts';
import { writeWhole } from './writeWhole.ts';

export interface SettingsFileOptions<Settings extends AppSettings> {
  readonly file: string;
  readonly schema: z.ZodType<Settings>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An edit is read this long after the last sign of it, milliseconds. */
  readonly settleMs: number;
  readonly watch: boolean;
  /** Without it, whatever the file and the variables say takes force. */
  readonly guard?: RealMoneyGuard<Settings>;
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
  readonly held: readonly HeldBack[];
}

/** Nothing is held back. */
const NONE: ReadonlySet<string> = new Set();

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
  const kept = existsSync(lastGoodFile) ? readText(readFileSync(lastGoodFile, 'utf8'), null) : null;
  const guard = guardInForce();
  const onRecord = guard?.onRecord ?? null;
  let reading = readText(text, onRecord);
  let settings = reading.settings ?? lastGood();
  if (reading.settings) writeWhole(lastGoodFile, JSON.stringify(reading.raw));

  /** The guard, if what the file asks for is real money. */
  function guardInForce(): RealMoneyGuard<Settings> | null {
    const asked = readText(text, null).settings ?? kept?.settings ?? schema.parse({});
    return options.guard?.isLive(asked) ? options.guard : null;
  }

  function lastGood(): Settings {
    const good = kept?.settings ? check(kept.raw, onRecord) : null;
    if (good) reading = { ...reading, held: good.held };
    return good?.settings ?? onRecord ?? schema.parse({});
  }

  function readText(content: string, inForce: Settings | null): Reading<Settings> {
    let raw: unknown;
    try {
      raw = parseJsonc(content);
    } catch (error) {
      return {
        settings: null,
        raw: {},
        overridden: {},
        problems: [{ path: '', message: `${basename(file)} ${messageOf(error)}` }],
        held: [],
      };
    }
    return check(raw, inForce);
  }

  /** A strategy's block that says nothing. */
  function blockDefaults(strategyId: string): unknown {
    return schema.parse({ strategies: { [strategyId]: {} } }).strategies[strategyId];
  }

  /** What file and variables ask for; with real money, what is looser than `inForce` put back to it. */
  function check(raw: unknown, inForce: Settings | null): Reading<Settings> {
    const asked = merge(raw, NONE);
    if (inForce === null || asked.settings === null || !guard) return asked;
    const { loosens } = guard;
    const looser = looserPaths(...sideBySide(inForce, asked.settings, blockDefaults), loosens);
    const variables = new Set(looser.flatMap((path) => variableAt(asked.overridden, path) ?? []));
    const ofFile = variables.size === 0 ? asked : merge(raw, variables);
    if (ofFile.settings === null) return ofFile;
    const [before, after] = sideBySide(inForce, ofFile.settings, blockDefaults);
    const inFile = looserPaths(before, after, loosens);
    const result = inFile.length === 0 ? ofFile : merge(putBack(raw, before, inFile), variables);
    const byVariable = looser.filter((path) => variableAt(asked.overridden, path) !== null);
    const fromFile = (path: string): string => (valueAt(raw, path) === undefined ? 'the default' : basename(file));
    return {
      ...result,
      held: [
        ...heldAt(byVariable, asked.settings, result.settings ?? before, (path) => variableAt(asked.overridden, path) ?? ''),
        ...heldAt(inFile, after, before, fromFile),
      ],
    };
  }

  function merge(raw: unknown, without: ReadonlySet<string>): Reading<Settings> {
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
      if (value === undefined || without.has(variable)) continue;
      overridden[path] = variable;
      merged = withValueAt(merged, path, valueOfText(value, valueAt(base, path)));
    }
    const parsed = schema.safeParse(merged);
    if (!parsed.success) for (const issue of parsed.error.issues) problems.push(problemOf(issue, merged, overridden));
    return { settings: parsed.success && problems.length === 0 ? parsed.data : null, raw, overridden, problems, held: [] };
  }

  /** In force, with what the owner set in the window: that is confirmed, whichever way it goes. */
  function confirmed(changes: readonly { readonly path: string; readonly value: unknown }[]): Settings {
    const wanted = changes.reduce<unknown>((tree, { path, value }) => putAt(tree, path, value), settings);
    return schema.safeParse(wanted).data ?? settings;
  }

  function adopt(next: Reading<Settings>, by: string): void {
    const problemsChanged = JSON.stringify(problemsOf(next)) !== JSON.stringify(problemsOf(reading));
    reading = next;
    if (!next.settings) {
      if (problemsChanged) tell([], by);
      return;
    }
    const changes = changesBetween(settings, next.settings);
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
    adopt(readText(found, settings), 'settings file');
  }

  return {
    current: () => settings,
    view: () => ({
      schema: jsonSchema,
      values: settings,
      file,
      overridden: reading.overridden,
      problems: problemsOf(reading),
    }),
    heldBack: () => reading.held,
    change(changes, by) {
      const fixed = changes.find(({ path }) => reading.overridden[path] !== undefined);
      if (fixed)
        return [{ path: fixed.path, message: `${fixed.path} is set by ${reading.overridden[fixed.path]}; change it there` }];
      let raw: unknown = reading.raw;
      for (const { path, value } of changes) raw = withValueAt(raw, path, value);
      const next = check(raw, confirmed(changes));
      if (!next.settings) return next.problems;
      text = `${HEADER}${JSON.stringify(next.raw, null, 2)}\n`;
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

function problemsOf({ problems, held }: Pick<Reading<unknown>, 'problems' | 'held'>): readonly SettingProblem[] {
  return [...problems, ...held.map(problemOfHeld)];
}

/** The variable that sets the field, or the section that it is in; null when none does. */
function variableAt(overridden: Readonly<Record<string, string>>, path: string): string | null {
  const leaf = Object.keys(overridden).find((set) => path === set || path.startsWith(`${set}.`));
  return leaf === undefined ? null : (overridden[leaf] ?? null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
