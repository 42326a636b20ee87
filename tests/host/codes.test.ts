import { describe, expect, it } from 'vitest';
import { createCodeLock } from '#host/codeLock';
import { createCodes } from '#host/live/codes';
import { codeAt, newSecret, stepOf } from '#host/live/totp';
import type { ApiKey, SecretName, SecretStore } from '#ports/secretStore';

/** The secret of RFC 6238, appendix B: the ASCII text 12345678901234567890. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const NOW = 1_700_000_000_000;
const STEP = Math.floor(NOW / 30_000);

function memoryStore(): SecretStore {
  const kept = new Map<SecretName, ApiKey>();
  return {
    backend: 'sealedFile',
    detail: 'memory',
    read: (name) => Promise.resolve(kept.get(name) ?? null),
    store: (name, key) => Promise.resolve(void kept.set(name, key)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  };
}

async function confirmed() {
  const clock = { now: NOW };
  const secrets = memoryStore();
  const wallNow = () => clock.now;
  const lock = createCodeLock({
    door: 'arming',
    journal: { events: () => ({ rows: [], total: 0 }) },
    recordFact: () => {},
    limits: () => ({ wrong: 5, lockMinutes: 15 }),
    wallNow,
  });
  const make = () => {
    const codes = createCodes({ secrets, lock, wallNow });
    return { ...codes, prove: (code: string) => codes.prove(code, 'owner') };
  };
  const codes = make();
  const secret = await codes.draw();
  return { clock, codes, secret, lock, again: make };
}

describe('one-time codes', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i seconds of the RFC’s clock the code is %s', (seconds, code) => {
    expect(codeAt(RFC_SECRET, Math.floor(seconds / 30))).toBe(code);
  });

  it('take the present step and one to each side, and no code twice', () => {
    for (const offset of [-1, 0, 1]) expect(stepOf(RFC_SECRET, codeAt(RFC_SECRET, STEP + offset), NOW, -1)).toBe(STEP + offset);
    expect(stepOf(RFC_SECRET, codeAt(RFC_SECRET, STEP - 2), NOW, -1)).toBeNull();
    expect(stepOf(RFC_SECRET, codeAt(RFC_SECRET, STEP), NOW, STEP)).toBeNull();
    expect(new Set([newSecret(), newSecret(), newSecret()]).size).toBe(3);
  });

  it('count only once one was typed; a code works once, also for another process and two presses at once', async () => {
    const { codes, secret, again } = await confirmed();
    expect(await codes.state()).toBe('unconfirmed');
    const code = codeAt(secret, STEP);
    expect((await Promise.all([codes.prove(code), codes.prove(code)])).sort()).toEqual(['accepted', 'wrong']);
    expect(await codes.state()).toBe('confirmed');
    expect(await again().prove(code)).toBe('wrong');
    expect(await codes.prove(codeAt(secret, STEP + 1))).toBe('accepted');
  });

  it('five wrong ones lock everybody out for fifteen minutes, the right one too', async () => {
    const { clock, codes, secret, lock } = await confirmed();
    const wrong = codeAt(secret, STEP + 100);
    expect([await codes.prove(wrong), await codes.prove(wrong), await codes.prove(wrong), await codes.prove(wrong)]).toEqual(
      Array(4).fill('wrong'),
    );
    expect(await codes.prove(wrong)).toBe('locked');
    expect(lock.lockedUntil()).toBe(NOW + 900_000);
    expect(await codes.prove(codeAt(secret, STEP))).toBe('locked');
    clock.now = NOW + 900_001;
    expect(await codes.prove(codeAt(secret, Math.floor(clock.now / 30_000)))).toBe('accepted');
  });
});
