import { type BackupMade, backUp } from '#adapters/journal/backup';
import { openJournalReader } from '#adapters/journal/journal';
import { instant } from '#domain/units';
import type { AppSettings } from '#ports/settings/appSettings';

export interface BackupParts {
  readonly folder: { readonly journal: string; readonly backups: string };
  /** Commits what waits; throws when it cannot. */
  flush(): void;
  settings(): Pick<AppSettings, 'journal' | 'protection'>;
  /** Told once, until one was made. */
  tellFailing(body: string): void;
}

/** Makes backups of the journal, one at a time: who asks while one is under way gets that one. Rejects when none can be made. */
export function keepBackups(parts: BackupParts): () => Promise<BackupMade> {
  let underWay: Promise<BackupMade> | null = null;
  let isFailing = false;

  async function copyJournal(): Promise<BackupMade> {
    parts.flush();
    const { journal, protection } = parts.settings();
    const source = openJournalReader(parts.folder.journal);
    try {
      const kept = { daily: journal.dailyBackups, weekly: journal.weeklyBackups };
      return await backUp(source.db, parts.folder.backups, instant(Date.now()), kept, protection.minDiskMegabytes);
    } finally {
      source.close();
    }
  }

  async function attempt(): Promise<BackupMade> {
    try {
      const made = await copyJournal();
      isFailing = false;
      return made;
    } catch (error) {
      if (!isFailing) parts.tellFailing(error instanceof Error ? error.message : String(error));
      isFailing = true;
      throw error;
    }
  }

  return () => {
    underWay ??= attempt().finally(() => {
      underWay = null;
    });
    return underWay;
  };
}
