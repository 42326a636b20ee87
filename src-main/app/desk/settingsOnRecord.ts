import { putAt, valueAt } from '#adapters/settings/paths';
import { sideBySide, stricterOf } from '#adapters/settings/realMoney';
import { loosens } from '#host/loosening';
import type { JournalFact } from '#ports/facts';
import type { JournalQueries } from '#ports/journalQueries';
import { strategyBlock } from '#ports/settings/settings';
import { configHashOf } from '../buildEngine.ts';
import { type DeskSettings, settingsSchema } from '../settingsSchema.ts';

type Changed = Extract<JournalFact, { kind: 'SettingChanged' }>;
type Started = Extract<JournalFact, { kind: 'SessionStarted' }>;

/** What was in force when the journal ends. */
export interface SettingsOnRecord {
  readonly last: DeskSettings;
  /** What real money had: what paper changed since then is taken back. The stricter reading where journal and copy differ. */
  readonly live: DeskSettings;
  /** The copy beside the settings file is there and is not what the journal says. */
  readonly isContradicted: boolean;
}

/** Ends the hand of a change that a start found: it came before its session began. */
export const WHILE_STOPPED = ', while stopped';
export const FIRST_ON_RECORD = ', first on record';

const EVERY_ROW = 1_000_000;
const DEFAULTS = settingsSchema.parse({});

/**
 * The copy, where the journal vouches for it: its hash is the one that the last session began with, once the session's own changes
 * are taken back. A copy that was edited, or a journal that was put back or begun anew, does not pass; then the journal's changes
 * over the defaults are the record.
 */
export function settingsOnRecord(journal: Pick<JournalQueries, 'events'>, copy: unknown): SettingsOnRecord {
  const rows = journal
    .events({ kinds: ['SessionStarted', 'SettingChanged'], text: null, beforeSeq: null, limit: EVERY_ROW })
    .rows.map(({ fact }) => fact)
    .filter(
      (fact): fact is Changed | Started => fact.kind === 'SessionStarted' || (fact.kind === 'SettingChanged' && isSetting(fact)),
    );
  const replayed = sound(rows.toReversed().reduce<unknown>(withRow, DEFAULTS));
  const session = rows.find(isStart);
  const own = since(rows, isStart).filter(({ by }) => !by.endsWith(WHILE_STOPPED) && !by.endsWith(FIRST_ON_RECORD));
  const isVouched = copy !== null && session !== undefined && configHashOf(takenBack(copy, own)) === session.configHash;
  const last = isVouched ? sound(copy) : replayed;
  const [before, after] = sideBySide(replayed, sound(copy ?? {}), () => strategyBlock.parse({}));
  const strict = isVouched || copy === null ? last : sound(stricterOf(before, { raw: copy, settings: after }, loosens));
  return {
    last,
    live: sound(takenBack(strict, sinceLive(rows))),
    isContradicted: copy !== null && session !== undefined && !isVouched,
  };
}

function isStart(fact: Changed | Started): fact is Started {
  return fact.kind === 'SessionStarted';
}

/** Rows of the desk's own doings, such as a stored key, are no settings. */
function isSetting({ path }: Changed): boolean {
  return path.startsWith('strategies.') || valueAt(DEFAULTS, path) !== undefined;
}

/** The changes after the newest row that `isMark` knows; rows are newest first. */
function since(rows: readonly (Changed | Started)[], isMark: (fact: Changed | Started) => boolean): readonly Changed[] {
  const end = rows.findIndex(isMark);
  return rows.slice(0, end === -1 ? rows.length : end).filter((fact): fact is Changed => fact.kind === 'SettingChanged');
}

/** The changes of the sessions since the last one with real money; none when there was none. */
function sinceLive(rows: readonly (Changed | Started)[]): readonly Changed[] {
  const live = rows.findIndex((fact) => isStart(fact) && fact.mode === 'live');
  const next = live === -1 ? -1 : rows.slice(0, live).findLastIndex(isStart);
  return next === -1 ? [] : since(rows.slice(0, next), () => false);
}

function withRow(tree: unknown, fact: Changed | Started): unknown {
  return fact.kind === 'SettingChanged' ? putAt(tree, fact.path, valueIn(fact.newValue)) : tree;
}

/** `tree` before the changes, newest first. */
function takenBack(tree: unknown, changes: readonly Changed[]): unknown {
  return changes.reduce((settings, { path, oldValue }) => putAt(settings, path, valueIn(oldValue)), tree);
}

/** A value as the journal wrote it. */
export function valueIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Values that an older program allowed and this one does not are its defaults. */
function sound(tree: unknown): DeskSettings {
  const parsed = settingsSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.map(String).slice(0, 2).join('.'));
  const mended = wrong.reduce<unknown>((settings, path) => putAt(settings, path, valueAt(DEFAULTS, path)), tree);
  return settingsSchema.safeParse(mended).data ?? DEFAULTS;
}
