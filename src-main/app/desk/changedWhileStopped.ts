import type { OpenJournal } from '#adapters/journal/journal';
import { type InForce, openInForce } from '#adapters/settings/inForce';
import type { Instant } from '#domain/units';
import type { Notice } from '#host/hostParts';
import { directionOf, loosens } from '#host/loosening';
import type { SettingsStore } from '#ports/settings/appSettings';

/** Settings lines of a notice; the journal has them all. */
const MOST_TOLD = 6;

/**
 * Settings that were changed while no program ran, by the file or by a variable, are journalled like every other change. Answers
 * with what the owner is told (null: no limit was changed), and with the keeper to call whenever a later change is on record.
 */
export function journalChangedWhileStopped(parts: {
  readonly settings: SettingsStore;
  readonly journal: OpenJournal;
  readonly isLive: boolean;
  readonly at: Instant;
}): { readonly notice: Notice | null; readonly inForce: InForce } {
  const { settings, journal, at } = parts;
  const { file, overridden } = settings.view();
  const inForce = openInForce(`${file}.in-force`);
  const changes = inForce.changedTo(settings.current(), overridden);
  if (changes.length > 0)
    journal.writer.append(
      changes.map((change) => ({ at, fact: { kind: 'SettingChanged' as const, ...change } })),
      { durable: true },
    );
  inForce.keep(settings.current());
  const told = changes.filter(({ path }) => directionOf(path) !== 'free');
  if (told.length === 0) return { notice: null, inForce };
  const looser = told.filter(({ path, oldValue, newValue }) => loosens(path, fromText(oldValue), fromText(newValue)));
  const lines = [...looser, ...told.filter((change) => !looser.includes(change))].slice(0, MOST_TOLD);
  const more = told.length - lines.length;
  return {
    inForce,
    notice: {
      kind: 'breach',
      title: looser.length > 0 ? 'A limit is looser than before' : 'Settings were changed while stopped',
      body: `${lines.map(({ path, oldValue, newValue }) => `${path}: ${oldValue} → ${newValue}`).join('; ')}${more > 0 ? `; ${more} more` : ''} (while stopped)`,
      urgent: parts.isLive && looser.length > 0,
    },
  };
}

function fromText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
