import { newestBackup } from './backupsNow.ts';

/** Rows that wait are committed at least this often. */
const FLUSH_MS = 1_000;
/** How often the age of the newest backup is looked at. */
const LOOK_MS = 10 * 60_000;
/** The first look comes soon after the start, when the desk is up. */
const FIRST_LOOK_MS = 60_000;

export interface HousekeepingParts {
  /** Never throws. */
  flush(): void;
  backUp(): Promise<unknown>;
  readonly backups: string;
  everyHours(): number;
  onError(where: string, error: unknown): void;
}

/** Commits what waits every second, and backs the journal up when the newest backup is old enough. */
export function startHousekeeping(parts: HousekeepingParts): { stop(): void } {
  const flushing = setInterval(parts.flush, FLUSH_MS);
  const look = (): void => {
    const age = Date.now() - (newestBackup(parts.backups)?.madeMs ?? 0);
    if (age >= parts.everyHours() * 3_600_000) parts.backUp().catch((error: unknown) => parts.onError('backup', error));
  };
  const first = setTimeout(look, FIRST_LOOK_MS);
  const looking = setInterval(look, LOOK_MS);
  for (const timer of [flushing, first, looking]) timer.unref();
  return {
    stop() {
      clearInterval(flushing);
      clearTimeout(first);
      clearInterval(looking);
    },
  };
}
