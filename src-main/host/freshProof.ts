import type { ActOutcome } from '#contract/desk';
import { actorName } from '#ports/commands';
import type { Caller } from '#wire/host';
import type { CodeLock } from './codeLock.ts';
import type { OneTimeCodes } from './live/codes.ts';

/** Named as the one id of a refusal that a proof would turn: the window then asks for it and sends the wish again. */
const NEEDS_PROOF = 'proof';

export function needsProof(message: string): ActOutcome {
  return { kind: 'refused', message, ids: [NEEDS_PROOF], reasons: [] };
}

/**
 * From a browser the kill switch is released and a limit is loosened only by somebody who proves anew that he is the owner: a
 * session may be left open, or its token be taken. Answers in a sentence why not; null when nothing is in the way. Wrong proofs
 * count at the door of sign-in and shut it like wrong tokens; codes have their own lock.
 */
export type FreshProof = (proof: string | undefined, by: Caller) => Promise<string | null>;

const ASK =
  'From a browser this needs the owner’s token once more (it stands where the desk was started), or a one-time code if you have set them up.';
const LOCKED = 'There were too many wrong proofs or tokens: wait until the lock is over. Nothing was changed.';

export function createFreshProof(parts: {
  /** In constant time. */
  readonly isOwnersToken: (text: string) => boolean;
  readonly lock: CodeLock;
  readonly codes: Pick<OneTimeCodes, 'state' | 'prove'>;
}): FreshProof {
  const { isOwnersToken, lock, codes } = parts;
  return async (proof, by) => {
    if (by.via !== 'browser') return null;
    if (proof === undefined || proof.trim() === '') return ASK;
    const given = proof.trim();
    const name = actorName(by);
    if (/^\d{6}$/.test(given) && (await codes.state().catch(() => 'none')) === 'confirmed') {
      const answer = await codes.prove(given, name);
      return answer === 'accepted' ? null : answer === 'locked' ? LOCKED : 'The code is wrong, too old, or was used before.';
    }
    if (lock.lockedUntil() !== null) return LOCKED;
    if (isOwnersToken(given)) {
      lock.forget(name);
      return null;
    }
    return lock.countWrong(name) ? LOCKED : 'This is not the owner’s token of this start.';
  };
}
