import { describe, expect, it } from 'vitest';
import { openJournal } from '#adapters/journal/journal';
import { instant } from '#domain/units';
import { createCodeLock } from '#host/codeLock';
import { createFreshProof } from '#host/freshProof';
import { createCodes } from '#host/live/codes';
import { codeAt, STEP_MS } from '#host/live/totp';
import type { CodeDoor } from '#ports/codeDoor';
import type { SecretStore } from '#ports/secretStore';
import type { Caller } from '#wire/host';

const NOW = 1_700_000_000_000;
const TOKEN = 'the token of this start';
const BROWSER: Caller = { role: 'owner', via: 'browser', name: 'session 0a1b2c3d' };

/** Real codes and locks over a journal in memory. */
function desk() {
  const clock = { now: NOW };
  const journal = openJournal(':memory:', { create: true });
  const kept = new Map<string, { keyId: string; secret: string }>();
  const secrets: SecretStore = {
    backend: 'keychain',
    detail: 'in memory',
    read: (name) => Promise.resolve(kept.get(name) ?? null),
    store: (name, key) => Promise.resolve(void kept.set(name, key)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  };
  const lockOf = (door: CodeDoor) =>
    createCodeLock({
      door,
      journal: journal.reader,
      recordFact: (fact) => void journal.writer.append([{ at: instant(NOW), fact }], { durable: true }),
      limits: () => ({ wrong: 5, lockMinutes: 15 }),
      wallNow: () => clock.now,
    });
  const lock = lockOf('webSignIn');
  const codes = createCodes({ secrets, lock: lockOf('arming'), wallNow: () => clock.now });
  const prove = createFreshProof({ isOwnersToken: (text) => text === TOKEN, lock, codes });
  return { clock, lock, codes, prove };
}

describe('a fresh proof', () => {
  it('is asked of a browser and of nobody else', async () => {
    const { prove } = desk();
    expect(await prove(undefined, BROWSER)).toMatch(/^From a browser this needs the owner’s token/);
    expect(await prove('  ', BROWSER)).toMatch(/^From a browser/);
    expect(await prove(TOKEN, BROWSER)).toBeNull();
    for (const via of ['desktop', 'tray', 'commandLine'] as const)
      expect(await prove(undefined, { role: 'owner', via, name: 'owner' })).toBeNull();
  });

  it('five wrong ones shut the door for a quarter of an hour, the right one outside; asking costs nothing', async () => {
    const { clock, lock, prove } = desk();
    for (let n = 0; n < 20; n++) await prove(undefined, BROWSER);
    for (let n = 0; n < 4; n++) expect(await prove('wrong', BROWSER)).toMatch(/^This is not the owner’s token/);
    expect(await prove(TOKEN, BROWSER)).toBeNull();
    for (let n = 0; n < 5; n++) await prove('wrong', BROWSER);
    expect(lock.lockedUntil()).toBe(NOW + 15 * 60_000);
    expect(await prove(TOKEN, BROWSER)).toMatch(/^There were too many wrong/);
    clock.now += 15 * 60_000;
    expect(await prove(TOKEN, BROWSER)).toBeNull();
  });

  it('may be a one-time code where codes are confirmed: once each, and six digits are no token before that', async () => {
    const { clock, codes, lock, prove } = desk();
    expect(await prove('123456', BROWSER)).toMatch(/^This is not the owner’s token/);
    lock.forget('story');
    const secret = await codes.draw();
    const codeNow = () => codeAt(secret, Math.floor(clock.now / STEP_MS));
    expect(await codes.prove(codeNow(), 'owner')).toBe('accepted');
    expect(await prove(codeNow(), BROWSER)).toMatch(/used before/);
    clock.now += STEP_MS;
    expect(await prove(codeNow(), BROWSER)).toBeNull();
    expect(await prove(codeNow(), BROWSER)).toMatch(/used before/);
    expect(await prove(TOKEN, BROWSER)).toBeNull();
  });
});
