import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '#domain/units';
import type { HostParts } from '#host/hostParts';
import { lastDrill } from '../journal/drillRecord.ts';

const HOUR_MS = 3_600_000;

/** The newest backup in a folder, by when it was made; null without one. A copy has a name only after it was checked. */
export function newestBackup(folder: string): { readonly name: string; readonly madeMs: number } | null {
  if (!existsSync(folder)) return null;
  const made = readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .map((name) => ({ name, madeMs: statSync(join(folder, name)).mtimeMs }));
  return made.reduce<(typeof made)[number] | null>((best, each) => (best && best.madeMs >= each.madeMs ? best : each), null);
}

/** What there is to restore from at `wallMs`, the machine's clock. */
export function backupsNow(
  folder: { readonly backups: string; readonly restoreDrill: string },
  wallMs: number,
): ReturnType<HostParts['backups']> {
  const newest = newestBackup(folder.backups);
  const drill = lastDrill(folder.restoreDrill);
  return {
    newest: newest && {
      name: newest.name,
      at: instant(Math.round(newest.madeMs)),
      ageHours: Math.max(0, wallMs - newest.madeMs) / HOUR_MS,
    },
    drill: drill && { ok: drill.ok, reason: drill.reason, ageDays: Math.max(0, wallMs - drill.at) / (24 * HOUR_MS) },
  };
}
