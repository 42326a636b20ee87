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
  onError(where: string, error: unknown): void;
}

/**
 * After a death (the last session has no end) the engine starts in REDUCING and becomes ACTIVE only when the account agrees with
 * the journal; too many deaths in a short time leave it HALTED for the owner. A switch that was thrown is never touched. A death
 * that cannot be counted (the disk is full) does not keep what is held from being managed: the start is REDUCING, and until a hand
 * releases it, since nobody could tell how often the program died. Throws nothing: a latch that cannot be written holds in memory.
 */
export function guardRestart(parts: RestartGuardParts): 'clean' | 'crashed' | 'tooOften' | 'uncounted' {
  const { journal, latch, file, settings, now } = parts;
  const last = journal.events({ kinds: ['SessionStarted', 'SessionEnded'], text: null, beforeSeq: null, limit: 1 }).rows[0];
  if (last?.fact.kind !== 'SessionStarted') return 'clean';
  const since = now - settings.windowMinutes * 60_000;
  const known = readFile(file, crashList) ?? { crashes: [], countedSeq: 0 };
  const crashes = known.crashes.filter((at) => at > since && at <= now);
  if (known.countedSeq !== last.seq) crashes.push(now);
  const isCounted = attempt(parts, 'restart guard', () => replaceFile(file, { crashes, countedSeq: last.seq }));
  const seen = latch.read();
  const isMild = seen.state === 'ACTIVE' || seen.state === 'REDUCING';
  const move = (state: 'HALTED' | 'REDUCING', reason: string, by: string): void => {
    attempt(parts, 'kill switch', () => latch.replace(seen, { state, reason, by, at: instant(now) }));
  };
  if (crashes.length >= settings.maxCrashes) {
    if (isMild) move('HALTED', `The program died ${crashes.length} times in ${settings.windowMinutes} minutes`, 'restart');
    return 'tooOften';
  }
  if (!isCounted) {
    if (isMild) move('REDUCING', 'The program died, and how often could not be written down: look at the disk', 'desk');
    return 'uncounted';
  }
  if (seen.state === 'ACTIVE') move('REDUCING', 'The program died; the account is being reconciled', 'restart');
  return 'crashed';
}

function attempt({ onError }: RestartGuardParts, where: string, step: () => void): boolean {
  try {
    step();
    return true;
  } catch (error) {
    onError(where, error);
    return false;
  }
}
