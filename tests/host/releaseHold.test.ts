import { expect, it } from 'vitest';
import { contract } from '#contract/contract';
import { createReleaseHold } from '#host/releaseHold';

/** A hold of three seconds that must be used within ten. */
function story() {
  const clock = { now: 1_000 };
  const hold = createReleaseHold({
    elapsedMs: () => clock.now,
    limits: () => ({ holdMs: 3_000, withinMs: 10_000 }),
  });
  return { clock, hold };
}

it('takes no claim of a length: only the nonce of a press is heard', () => {
  const { input } = contract['killSwitch.release'];
  const said = { commandId: 'c-00000001', word: 'RESUME', reason: 'looked' };
  expect(input.safeParse({ ...said, heldMs: 3_000 }).success).toBe(false);
  expect(input.safeParse({ ...said, nonce: '0123456789abcdef0123456789abcdef', heldMs: 3_000 }).success).toBe(false);
  expect(input.safeParse({ ...said, nonce: '0123456789abcdef0123456789abcdef' }).success).toBe(true);
});

it('measures the hold between its two steps by our own clock', () => {
  const { clock, hold } = story();
  const nonce = hold.begin('owner', 'HALTED');
  clock.now += 2_999;
  expect(hold.end('owner', 'HALTED', nonce)).toBe(2_999);
});

it('lets a nonce work once, whatever came of it', () => {
  const { clock, hold } = story();
  const nonce = hold.begin('owner', 'HALTED');
  hold.end('owner', 'HALTED', nonce);
  clock.now += 5_000;
  expect(hold.end('owner', 'HALTED', nonce)).toMatch(/not known/);
});

it('forgets a hold ten seconds after its end', () => {
  const { clock, hold } = story();
  const nonce = hold.begin('owner', 'HALTED');
  clock.now += 13_000;
  expect(hold.end('owner', 'HALTED', nonce)).toBe(13_000);
  const later = hold.begin('owner', 'HALTED');
  clock.now += 13_001;
  expect(hold.end('owner', 'HALTED', later)).toMatch(/too old/);
});

it('counts for the caller that began it, and a new press forgets the one before', () => {
  const { clock, hold } = story();
  const mine = hold.begin('owner (browser, session 1)', 'HALTED');
  expect(hold.end('owner (browser, session 2)', 'HALTED', mine)).toMatch(/not known/);
  const second = hold.begin('owner (browser, session 1)', 'HALTED');
  clock.now += 3_000;
  expect(hold.end('owner (browser, session 1)', 'HALTED', mine)).toMatch(/not known/);
  expect(hold.end('owner (browser, session 1)', 'HALTED', second)).toMatch(/not known/);
});

it('does not carry over a throw that came in between', () => {
  const { clock, hold } = story();
  const nonce = hold.begin('owner', 'REDUCING');
  clock.now += 3_000;
  expect(hold.end('owner', 'HALTED', nonce)).toMatch(/was moved/);
});
