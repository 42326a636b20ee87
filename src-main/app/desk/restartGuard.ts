import { z } from 'zod';
import { type Instant, instant } from '#domain/units';
import type { JournalQueries } from '#ports/journalQueries';
import type { Latch } from '#ports/latch';
import { readFile, replaceFile } from '#watchdog/files';

/** `countedSeq`: the session whose death was counted last, so that a start that fails does not count it again. */
const crashList = z.object({ crashes: z.array(z.number().int()), countedSeq: z.number().int().default(0) });

export interface RestartGuardParts {
  readonly journal: Pick<JournalQueries, 'events'>;
  readonly latch: Latch;
  /** Where the deaths of late are kept. */
  readonly file: string;
  readonly settings: { readonly maxCrashes: number; readonly windowMinutes: number };
  readonly now: Instant;
}

/**
 * After a death (the last session has no end) the engine starts in REDUCING and becomes ACTIVE only when the account agrees with
 * the journal; too many deaths in a short time leave it HALTED for the owner. A switch that was thrown is never touched.
 */
export function guardRestart({ journal, latch, file, settings, now }: RestartGuardParts): 'clean' | 'crashed' | 'tooOften' {
  const last = journal.events({ kinds: ['SessionStarted', 'SessionEnded'], text: null, beforeSeq: null, limit: 1 }).rows[0];
  if (last?.fact.kind !== 'SessionStarted') return 'clean';
  const since = now - settings.windowMinutes * 60_000;
  const known = readFile(file, crashList) ?? { crashes: [], countedSeq: 0 };
  const crashes = known.crashes.filter((at) => at > since && at <= now);
  if (known.countedSeq !== last.seq) crashes.push(now);
  replaceFile(file, { crashes, countedSeq: last.seq });
  const { state } = latch.read();
  if (crashes.length >= settings.maxCrashes) {
    if (state === 'ACTIVE' || state === 'REDUCING')
      latch.write({
        state: 'HALTED',
        reason: `The program died ${crashes.length} times in ${settings.windowMinutes} minutes`,
        by: 'restart',
        at: instant(now),
      });
    return 'tooOften';
  }
  if (state === 'ACTIVE')
    latch.write({
      state: 'REDUCING',
      reason: 'The program died; the account is being reconciled',
      by: 'restart',
      at: instant(now),
    });
  return 'crashed';
}
