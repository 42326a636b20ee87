import type { SecretStore } from '#ports/secretStore';
import { type CodeLock, createCodeLock } from '../codeLock.ts';
import type { HostParts } from '../hostParts.ts';
import { newSecret, stepOf } from './totp.ts';

export type CodeAnswer = 'accepted' | 'wrong' | 'locked' | 'none';

/**
 * The owner's one-time codes. The secret lies in the secret store with the last step that was used, written before a code is
 * accepted: a code works once, across restarts too. Wrong codes lock everybody out for a while, restarts included.
 */
export interface OneTimeCodes {
  state(): Promise<'none' | 'unconfirmed' | 'confirmed'>;
  /** A new secret, unconfirmed until a code of it came. */
  draw(): Promise<string>;
  /** Proves a code; the first one also confirms the secret. */
  prove(code: string, by: string): Promise<CodeAnswer>;
}

const NAME = 'totp';

export function createCodes(parts: {
  readonly secrets: SecretStore;
  readonly lock: CodeLock;
  /** The machine's own clock: codes follow it, whatever the market's does. */
  readonly wallNow: () => number;
}): OneTimeCodes {
  const { secrets, lock, wallNow } = parts;
  // One proof at a time: two presses of the same code must not both find it unused.
  let line: Promise<unknown> = Promise.resolve();

  async function prove(code: string, by: string): Promise<CodeAnswer> {
    if (lock.lockedUntil() !== null) return 'locked';
    const kept = await secrets.read(NAME);
    if (!kept) return 'none';
    const step = stepOf(kept.secret, code, wallNow(), usedStepOf(kept.keyId));
    if (step === null) return lock.countWrong(by) ? 'locked' : 'wrong';
    await secrets.store(NAME, { keyId: `confirmed:${step}`, secret: kept.secret });
    lock.forget(by);
    return 'accepted';
  }

  return {
    async state() {
      const kept = await secrets.read(NAME);
      return kept === null ? 'none' : kept.keyId.startsWith('confirmed:') ? 'confirmed' : 'unconfirmed';
    },
    async draw() {
      const secret = newSecret();
      await secrets.store(NAME, { keyId: 'unconfirmed', secret });
      return secret;
    },
    prove(code, by) {
      const answer = line.then(() => prove(code, by));
      line = answer.catch(() => {});
      return answer;
    },
  };
}

/** The codes of this desk's owner with their lock, as the settings and the journal have them. */
export function createOwnerCodes(
  parts: Pick<HostParts, 'secrets' | 'journal' | 'recordFact' | 'settings'>,
  wallNow: () => number = Date.now,
): { readonly codes: OneTimeCodes; readonly lock: CodeLock } {
  const { secrets, journal, recordFact, settings } = parts;
  const lock = createCodeLock({
    door: 'arming',
    journal,
    recordFact,
    limits() {
      const { wrongCodes, lockMinutes } = settings.current().live;
      return { wrong: wrongCodes, lockMinutes };
    },
    wallNow,
  });
  return { codes: createCodes({ secrets, lock, wallNow }), lock };
}

function usedStepOf(mark: string): number {
  return mark.startsWith('confirmed:') ? Number(mark.slice('confirmed:'.length)) : -1;
}
