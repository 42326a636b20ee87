import type { AppSettings, HeldBack, SettingProblem } from '#ports/settings/appSettings';
import { differences, putAt, textOf, valueAt } from './paths.ts';

/** What keeps an edit of the file or a variable from letting more risk through while real money is at stake. */
export interface RealMoneyGuard<Settings> {
  /** Whether real money is at stake under these settings. Asked once, when the file is opened. */
  isLive(settings: Settings): boolean;
  /** What was in force last, by a record that cannot be edited like a file. */
  readonly onRecord: Settings;
  loosens(path: string, before: unknown, after: unknown): boolean;
}

type Loosens = RealMoneyGuard<unknown>['loosens'];

/** Both, each with a block for every strategy that the other names: a missing block means its defaults, field by field. */
export function sideBySide<Settings extends Pick<AppSettings, 'strategies'>>(
  inForce: Settings,
  wanted: Settings,
  defaultsOf: (strategyId: string) => unknown,
): readonly [unknown, unknown] {
  const names = [...new Set([inForce, wanted].flatMap(({ strategies }) => Object.keys(strategies)))];
  const whole = (settings: Settings): unknown =>
    names.reduce<unknown>(
      (tree, name) => putAt(tree, `strategies.${name}`, settings.strategies[name] ?? defaultsOf(name)),
      settings,
    );
  return [whole(inForce), whole(wanted)];
}

/** Paths at which `wanted` would let more risk through than `inForce`. */
export function looserPaths(inForce: unknown, wanted: unknown, loosens: Loosens): string[] {
  return differences(inForce, wanted).flatMap(({ path, before, after }) => (loosens(path, before, after) ? [path] : []));
}

/** A copy of `raw` with the values of `inForce` at the paths. */
export function putBack(raw: unknown, inForce: unknown, paths: readonly string[]): unknown {
  return paths.reduce<unknown>((tree, path) => putAt(tree, path, valueAt(inForce, path)), raw);
}

/**
 * The record, or the copy beside the file where that is tighter: a record that was put back from an older backup knows nothing of
 * what was tightened since, and a copy that is looser than the record may have been edited like the file itself.
 */
export function stricterOf(
  onRecord: unknown,
  kept: { readonly raw: unknown; readonly settings: unknown },
  loosens: Loosens,
): unknown {
  const tighter = differences(onRecord, kept.settings).filter(
    ({ path, before, after }) => valueAt(kept.raw, path) !== undefined && !loosens(path, before, after),
  );
  return tighter.reduce<unknown>((tree, { path, after }) => putAt(tree, path, after), onRecord);
}

export function heldAt(
  paths: readonly string[],
  wanted: unknown,
  inForce: unknown,
  fromAt: (path: string) => string,
): readonly HeldBack[] {
  return paths.map((path) => ({
    path,
    inForce: textOf(valueAt(inForce, path)),
    wanted: textOf(valueAt(wanted, path)),
    from: fromAt(path),
  }));
}

/** One sentence for the owner: the setting, both values, and what to do. */
export function problemOfHeld({ path, inForce, wanted, from }: HeldBack): SettingProblem {
  const first = from.startsWith('STRIKEDESK_') ? `Take ${from} away and set` : 'If you want it, set';
  return {
    path,
    message: `${path}: ${wanted} (${from}) could let more risk through than ${inForce}, which stays in force with real money. ${first} it in the Settings panel while nothing is held or worked.`,
  };
}

/**
 * Why a start with real money is refused: a file or a variable asks for another address of the broker than the one in force, and
 * orders that were meant for the one would go to the other. Null when they agree.
 */
export function otherAddress(held: readonly HeldBack[]): string | null {
  const address = held.find(({ path }) => path === 'broker.tradingUrl' || path === 'broker.dataUrl');
  if (address === undefined) return null;
  const { path, wanted, inForce, from } = address;
  return `Not started: ${from} asks for ${path} ${wanted}, and ${inForce} is in force with real money; nothing is sent where it was not meant to go. Take it away, then set the address in the Settings panel if you want it.`;
}

/** What is held back now and was not told yet. */
export function newlyHeld(told: readonly HeldBack[], held: readonly HeldBack[]): readonly HeldBack[] {
  return held.filter(
    (one) => !told.some(({ path, wanted, from }) => path === one.path && wanted === one.wanted && from === one.from),
  );
}
