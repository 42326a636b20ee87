import type { ControlView } from '#contract/safety';
import type { Instant } from '#domain/units';
import type { HostParts } from '../hostParts.ts';

/** What the backups are worth now, for the Safety panel. */
export interface BackupState {
  readonly state: ControlView['state'];
  /** What is wanting, in words; empty when nothing is. */
  readonly missing: string;
  readonly lastAt: Instant | null;
  readonly lastWhat: string;
}

const COMMAND = 'npm run -s journal -- drill';

/**
 * In force: a whole copy that is young enough, and a restore that was drilled lately. Without a drill nobody knows whether a copy
 * can be restored, and without a young copy there is none.
 */
export function backupState({ backups, settings }: Pick<HostParts, 'backups' | 'settings'>): BackupState {
  const { newest, drill } = backups();
  const { backupOverdueHours, drillOverdueDays } = settings.current().journal;
  const last = {
    lastAt: newest?.at ?? null,
    lastWhat:
      newest === null
        ? ''
        : `${newest.name}: copied, checked and named${drill?.ok ? `; a restore was drilled ${ageOf(drill.ageDays)}` : ''}`,
  };
  const wanting = (state: ControlView['state'], missing: string): BackupState => ({ state, missing, ...last });
  if (newest === null) return wanting('off', 'There is no backup yet.');
  if (newest.ageHours > backupOverdueHours)
    return wanting('off', `The newest backup is ${Math.floor(newest.ageHours)} hours old, ${backupOverdueHours} are allowed.`);
  if (drill === null) return wanting('unknown', `No restore was drilled yet: ${COMMAND}`);
  if (!drill.ok) return wanting('off', `The last restore drill failed: ${drill.reason}`);
  if (drill.ageDays > drillOverdueDays)
    return wanting(
      'unknown',
      `The last restore was drilled ${ageOf(drill.ageDays)}, ${drillOverdueDays} days are allowed: ${COMMAND}`,
    );
  return wanting('holding', '');
}

function ageOf(days: number): string {
  return days < 1 ? 'today' : `${Math.floor(days)} ${Math.floor(days) === 1 ? 'day' : 'days'} ago`;
}
