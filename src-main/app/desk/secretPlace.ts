import type { OpenJournal } from '#adapters/journal/journal';
import type { Instant } from '#domain/units';

/** The journal says where keys lie, whenever that is not where they lay before. */
export function noteSecretPlace(journal: OpenJournal, backend: string, at: Instant): void {
  const path = 'secrets.backend';
  const before = journal.reader
    .events({ kinds: ['SettingChanged'], text: path, beforeSeq: null, limit: 1 })
    .rows.map(({ fact }) => (fact.kind === 'SettingChanged' ? fact.newValue : ''))[0];
  if (before === backend) return;
  const fact = { kind: 'SettingChanged', path, oldValue: before ?? '', newValue: backend, by: 'start' } as const;
  journal.writer.append([{ at, fact }], { durable: true });
}
