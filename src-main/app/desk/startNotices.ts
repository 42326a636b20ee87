import type { IsoDate } from '#domain/units';
import type { Notice } from '#host/hostParts';
import { type ChangeByHand, noticeOfRecord, noticeOfStopped } from './changedWhileStopped.ts';
import { noticeOfMissed } from './eveningAudit.ts';
import type { guardRestart } from './restartGuard.ts';
import type { SettingsOnRecord } from './settingsOnRecord.ts';

export interface StartFindings {
  /** Settings that were changed while the desk was off. */
  readonly stopped: readonly ChangeByHand[];
  readonly record: Pick<SettingsOnRecord, 'isContradicted'>;
  readonly isLive: boolean;
  /** Days that closed unaudited. */
  readonly missed: readonly IsoDate[];
  /** What the watchdog did while no engine answered; null when nothing. */
  readonly watchdogDeed: string | null;
  readonly restart: ReturnType<typeof guardRestart>;
  /** Why the kill switch stands as it does. */
  readonly latchReason: string;
  readonly venueNote: { readonly title: string; readonly body: string } | null;
}

/** What the owner should know of this start, in the order in which it is told. */
export function startNotices(found: StartFindings): readonly Notice[] {
  const missed = noticeOfMissed(found.missed);
  return [
    noticeOfStopped(found.stopped),
    noticeOfRecord(found.record, found.isLive),
    missed && urgently(missed),
    found.watchdogDeed === null ? null : urgently({ title: 'The watchdog acted', body: found.watchdogDeed }),
    ofRestart(found),
    found.venueNote && { ...urgently(found.venueNote), urgent: false },
  ].filter((notice) => notice !== null);
}

function ofRestart({ restart, latchReason: body }: StartFindings): Notice | null {
  if (restart === 'tooOften') return urgently({ title: 'Halted: the program died too often', body });
  if (restart === 'uncounted') return urgently({ title: 'Reducing only: this death could not be counted', body });
  return null;
}

function urgently({ title, body }: { readonly title: string; readonly body: string }): Notice {
  return { kind: 'error', title, body, urgent: true };
}
