import { join } from 'node:path';
import { openJournal } from '#adapters/journal/journal';
import { openInForce } from '#adapters/settings/inForce';
import { openSettingsFile } from '#adapters/settings/settingsFile';
import { configHashOf } from '#app/buildEngine';
import { changedWhileStopped, noticeOfStopped } from '#app/desk/changedWhileStopped';
import { settingsOnRecord } from '#app/desk/settingsOnRecord';
import { settingsSchema } from '#app/settingsSchema';
import { instant } from '#domain/units';
import { loosens } from '#host/loosening';
import type { JournalFact } from '#ports/facts';

interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly watch?: boolean;
  /** The process dies before its first row is written. */
  readonly dies?: boolean;
}

/** A start of the desk as far as settings go: the journal's record, the file, and what changed since, journalled. */
export function startSettings(home: string, { environment = {}, watch = false, dies = false }: StartOptions = {}) {
  const file = join(home, 'settings.jsonc');
  const journal = openJournal(join(home, 'journal.db'), { create: true });
  const inForce = openInForce(`${file}.in-force`);
  const record = settingsOnRecord(journal.reader, inForce.values);
  const store = openSettingsFile({
    file,
    schema: settingsSchema,
    environment,
    settleMs: 20,
    watch,
    guard: { isLive: ({ broker }) => broker.venue === 'alpaca-live', onRecord: record.live, loosens },
  });
  const keep = (...facts: JournalFact[]): void => {
    if (dies) return;
    journal.writer.append(
      facts.map((fact) => ({ at: instant(0), fact })),
      { durable: true },
    );
    inForce.keep(store.current());
  };
  const off = changedWhileStopped(store, record.last, !inForce.isThere);
  keep(
    {
      kind: 'SessionStarted',
      mode: store.current().broker.venue === 'alpaca-live' ? 'live' : 'paper',
      account: 'A1',
      build: 'test',
      configHash: configHashOf(store.current()),
      schemaVersion: 1,
      startCash: null,
      detail: '',
    },
    ...off.map((change) => ({ kind: 'SettingChanged' as const, ...change })),
  );
  store.onChange((changes, by) => keep(...changes.map((change) => ({ kind: 'SettingChanged' as const, ...change, by }))));
  return {
    store,
    record,
    /** Every change on record, newest last. */
    onRecord: () =>
      journal.reader
        .events({ kinds: ['SettingChanged'], text: null, beforeSeq: null, limit: 100 })
        .rows.map(({ fact }) => fact)
        .toReversed(),
    /** What the start found changed. */
    off,
    notice: noticeOfStopped(off),
    risk: () => store.current().risk,
    held: () => store.heldBack().map(({ path, inForce: kept, wanted, from }) => `${path} ${kept} ${wanted} ${from}`),
    stop() {
      store.close();
      journal.close();
    },
  };
}
