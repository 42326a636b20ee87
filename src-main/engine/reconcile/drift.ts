import type { Difference } from '#ports/facts';
import { trip } from '../breakers/protect.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { AFTER_FILL, HEALED } from './askSnapshot.ts';

/** A broker's read side follows its executions within seconds; so long is allowed. */
export function lagMs(turn: Turn): number {
  return turn.settings.failsafe.accountLagSeconds * 1000;
}

/** Classification of a difference that our newest fill explains, for the moment: looked at again, not counted. */
export const LAGS = 'accountLags';

/** Classification of contracts gone at their expiration of which nothing says yet what they settled for. */
export const AWAITED = 'settlementAwaited';

/** In how many spaced snapshots, this one included, a difference has been seen. */
export function timesSeen(turn: Turn, subject: string): number {
  const known = turn.present.drift.get(subject);
  if (!known) return 1;
  return isApart(turn, known.at) ? known.polls + 1 : known.polls;
}

/**
 * The same unexplained difference in several snapshots stops entries; a difference that heals is forgotten, and looked for once more
 * when the account's lag is over: the look that agreed may have been the older of the two.
 */
export function noteDrift(turn: Turn, differences: readonly Difference[]): void {
  const { drift } = turn.present;
  const open = differences.filter((difference) => !difference.resolved);
  const named = new Set(differences.map(({ subject }) => subject));
  if ([...turn.present.openDifferences].some((subject) => !named.has(subject))) wakeIn(turn, lagMs(turn), 'sweep', HEALED);
  turn.present.openDifferences = new Set(open.filter(({ kind }) => kind !== 'cash').map(({ subject }) => subject));
  const unresolved = new Set(open.filter(isCounted).map(({ subject }) => subject));
  for (const subject of [...drift.keys()]) if (!unresolved.has(subject)) drift.delete(subject);
  const { driftPolls, recheckSeconds } = turn.settings.failsafe;
  if (open.length > unresolved.size) wakeIn(turn, recheckSeconds * 1000, 'sweep', AFTER_FILL);
  for (const subject of unresolved) {
    const polls = timesSeen(turn, subject);
    const known = drift.get(subject);
    drift.set(subject, { polls, at: known && polls === known.polls ? known.at : turn.now });
    // Not believed yet: looked at again long before the next sweep, a leg may stand alone.
    if (polls < driftPolls) wakeIn(turn, recheckSeconds * 1000, 'sweep', AFTER_FILL);
    else
      trip(
        turn,
        'drift',
        { gate: 'drift', passed: false, value: polls, limit: driftPolls, unit: 'snapshots', note: subject },
        `${subject} differs from the broker's book: no new entries until it is explained`,
      );
  }
}

/** What our newest fill or an expiration explains, and cash (which has a breaker of its own), is looked at again without a count. */
function isCounted({ kind, classification }: Difference): boolean {
  return classification !== LAGS && classification !== AWAITED && kind !== 'cash';
}

/** A broker's read side may lag by seconds: two looks near to each other are one. A clock set back leaves `at` in the future: apart too. */
function isApart(turn: Turn, at: number): boolean {
  return Math.abs(turn.now - at) >= turn.settings.failsafe.driftSpacingSeconds * 1000;
}
