import { randomBytes } from 'node:crypto';

/** What the switch stood at when a hold began: a throw in between is a new question. */
interface Hold {
  readonly nonce: string;
  readonly thrown: string;
  readonly beganAt: number;
}

export interface ReleaseHold {
  /** The button goes down: the word that its end must name. One hold a caller; a new one forgets the one before. */
  begin(caller: string, thrown: string): string;
  /** The button was held: for how long by our own clock, in milliseconds, or in a sentence why it does not count. Works once. */
  end(caller: string, thrown: string, nonce: string): number | string;
}

/**
 * Measures how long the release button is held, between two messages of the same caller and by the program's own clock: a
 * window (or whoever holds its token) could claim any length.
 */
export function createReleaseHold(parts: {
  /** Monotonic, milliseconds: setting the clock must not shorten a hold. */
  readonly elapsedMs: () => number;
  /** How long the button is held, and for how long after it the hold still counts, milliseconds. */
  readonly limits: () => { readonly holdMs: number; readonly withinMs: number };
}): ReleaseHold {
  const holds = new Map<string, Hold>();

  function forgetOld(now: number): void {
    const { holdMs, withinMs } = parts.limits();
    for (const [caller, { beganAt }] of holds) if (now - beganAt > holdMs + withinMs) holds.delete(caller);
  }

  return {
    begin(caller, thrown) {
      const beganAt = parts.elapsedMs();
      forgetOld(beganAt);
      const nonce = randomBytes(16).toString('hex');
      holds.set(caller, { nonce, thrown, beganAt });
      return nonce;
    },
    end(caller, thrown, nonce) {
      const now = parts.elapsedMs();
      forgetOld(now);
      const hold = holds.get(caller);
      holds.delete(caller);
      if (hold?.nonce !== nonce) return 'The hold is not known or too old: hold the button again.';
      if (hold.thrown !== thrown) return 'The kill switch was moved while the button was held: look again, then hold it again.';
      return now - hold.beganAt;
    },
  };
}
