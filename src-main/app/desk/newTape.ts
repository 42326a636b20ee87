import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '#domain/units';
import type { AppSettings } from '#ports/settings/appSettings';

/** Where this start's session is recorded, old sessions removed; null when none is to be. */
export function newTape(
  folder: string,
  { journal, broker }: Pick<AppSettings, 'journal' | 'broker'>,
  now: Instant,
): string | null {
  if (journal.recordSessions === 'never') return null;
  if (journal.recordSessions === 'brokers' && broker.venue === 'embedded') return null;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const old of tapesIn(folder).slice(journal.tapesKept - 1)) rmSync(join(folder, old), { force: true });
  return join(folder, `${new Date(now).toISOString().replaceAll(':', '-')}.tape`);
}

/** The last recorded session; null without one. */
export function newestTape(folder: string): string | null {
  const [newest] = existsSync(folder) ? tapesIn(folder) : [];
  return newest === undefined ? null : join(folder, newest);
}

/** Newest first: their names are instants. */
function tapesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tape'))
    .sort()
    .reverse();
}
