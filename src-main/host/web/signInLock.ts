import { type CodeLock, createCodeLock } from '../codeLock.ts';
import type { HostParts } from '../hostParts.ts';

/** Counts wrong tokens of browsers: at sign-in, and where the owner is asked for it anew. */
export function createSignInLock({
  journal,
  recordFact,
  settings,
}: Pick<HostParts, 'journal' | 'recordFact' | 'settings'>): CodeLock {
  return createCodeLock({
    door: 'webSignIn',
    journal,
    recordFact,
    limits() {
      const { wrongTokens, lockMinutes } = settings.current().server;
      return { wrong: wrongTokens, lockMinutes };
    },
    wallNow: () => Date.now(),
  });
}
