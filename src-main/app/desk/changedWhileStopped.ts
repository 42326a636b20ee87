import { changesBetween } from '#adapters/settings/paths';
import type { Notice } from '#host/hostParts';
import { directionOf, loosens } from '#host/loosening';
import type { SettingChange, SettingsStore } from '#ports/settings/appSettings';
import { FIRST_ON_RECORD, type SettingsOnRecord, valueIn, WHILE_STOPPED } from './settingsOnRecord.ts';

/** Settings lines of a notice; the journal has them all. */
const MOST_TOLD = 6;

/** A change with whose hand it can only have been. */
export type ChangeByHand = SettingChange & { readonly by: string };

/**
 * Settings that were changed while no program ran, by the file or by a variable, for the journal. `isFirst`: nothing was kept
 * before, so whatever is not a default comes on record now.
 */
export function changedWhileStopped(
  settings: Pick<SettingsStore, 'current' | 'view' | 'heldBack'>,
  before: unknown,
  isFirst: boolean,
): readonly ChangeByHand[] {
  const { overridden } = settings.view();
  const held = new Set(settings.heldBack().map(({ path }) => path));
  return changesBetween(before, settings.current()).map((change) => {
    const hand = held.has(change.path) ? 'what real money had' : handOf(change.path, overridden);
    return { ...change, by: `${hand}${isFirst ? FIRST_ON_RECORD : WHILE_STOPPED}` };
  });
}

/** The variable that holds the setting now; else somebody wrote the file, took a variable away, or the program's default is new. */
function handOf(path: string, overridden: Readonly<Record<string, string>>): string {
  const variable = Object.entries(overridden).find(([held]) => path === held || path.startsWith(`${held}.`))?.[1];
  return variable ?? 'file edited by hand, variable taken away or a new default';
}

/** What the owner is told of them; null when no limit was changed, or when everything is on record for the first time. */
export function noticeOfStopped(changes: readonly ChangeByHand[]): Notice | null {
  const told = changes.filter(({ path, by }) => directionOf(path) !== 'free' && by.endsWith(WHILE_STOPPED));
  if (told.length === 0) return null;
  const looser = told.filter(({ path, oldValue, newValue }) => loosens(path, valueIn(oldValue), valueIn(newValue)));
  const lines = [...looser, ...told.filter((change) => !looser.includes(change))].slice(0, MOST_TOLD);
  const more = told.length - lines.length;
  return {
    kind: 'breach',
    title: looser.length > 0 ? 'A limit is looser than before' : 'Settings were changed while stopped',
    body: `${lines.map(({ path, oldValue, newValue }) => `${path}: ${oldValue} → ${newValue}`).join('; ')}${more > 0 ? `; ${more} more` : ''} (while stopped)`,
    urgent: false,
  };
}

/** Told when the copy of what was in force is not what the journal says; null when it is. */
export function noticeOfRecord({ isContradicted }: Pick<SettingsOnRecord, 'isContradicted'>, isLive: boolean): Notice | null {
  if (!isContradicted) return null;
  return {
    kind: 'error',
    title: 'The journal does not vouch for the settings',
    body: `settings.jsonc.in-force is not what the journal says was in force: it was edited, or the journal was put back${isLive ? '. With real money the stricter of the two counts' : ''}. Look through your limits.`,
    urgent: isLive,
  };
}
