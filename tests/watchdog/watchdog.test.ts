import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLatchFile } from '#adapters/latch/latchFile';
import { openWatchedVenue, told, type WatchedVenue } from '#support/watchedVenue';
import { isEntry, type OpenOrder } from '#watchdog/brokerOrders';

const JOURNAL = 'dogstory';
const idOf = (intent: string): string => `sd-${JOURNAL}-${intent}-1-0123456789ab`;

let venue: WatchedVenue;
beforeEach(async () => {
  venue = await openWatchedVenue();
});
afterEach(() => venue.close());

describe('the watchdog', () => {
  it('takes the entries back within five seconds when the engine’s loop stands still, and nothing else', async () => {
    const { entries, others } = venue;
    const child = await venue.startEngine();
    const standing = told(child, 'blocking');
    child.send('block');
    await standing;
    const blockedAt = performance.now();
    const seen = await venue.until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect(performance.now() - blockedAt).toBeLessThan(5_000 + 3 * 100);
    expect((seen.clearedAt ?? 0) - (seen.firedAt ?? 0)).toBeLessThan(5_000);
    expect([...seen.cancelled].sort()).toEqual([...entries].sort());
    expect(seen).toMatchObject({ phase: 'fired', remaining: 0, suspended: false });
    expect(entries.some(venue.isOpen)).toBe(false);
    expect(others.every(venue.isOpen)).toBe(true);
    expect(openLatchFile(join(venue.home, 'kill-switch.latch')).read()).toMatchObject({ state: 'REDUCING', by: 'watchdog' });
    expect(readFileSync(join(venue.home, 'watchdog.log'), 'utf8')).toContain('the engine does not answer');
    for (const name of readdirSync(venue.home)) expect(readFileSync(join(venue.home, name), 'utf8')).not.toContain(venue.secret);
    // The same process, still standing, is watched on; the key is in no argument and in no variable.
    const pid = seen.pid;
    expect(venue.isAlive(pid)).toBe(true);
    if (process.platform === 'linux')
      for (const file of ['cmdline', 'environ'])
        expect(readFileSync(`/proc/${pid}/${file}`, 'latin1')).not.toContain(venue.secret);
  }, 40_000);

  it('does so in time while every core of the machine is busy', async () => {
    const { entries } = venue;
    const burners = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      const child = await venue.startEngine();
      const standing = told(child, 'blocking');
      child.send('block');
      await standing;
      const { clearedAt, firedAt } = await venue.until((state) => state.clearedAt !== null, 15_000);
      expect((clearedAt ?? 0) - (firedAt ?? 0)).toBeLessThan(5_000);
      expect(entries.some(venue.isOpen)).toBe(false);
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  }, 60_000);

  it('outlives SIGKILL of the engine, does its work, tells of unattended positions and ends', async () => {
    const { entries, others } = venue;
    const child = await venue.startEngine('suspend');
    child.kill('SIGKILL');
    const seen = await venue.until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect(entries.some(venue.isOpen)).toBe(false);
    expect(others.every(venue.isOpen)).toBe(true);
    expect(seen.suspended).toBe(true);
    expect(venue.exchange.desk.configuration().suspendTrade).toBe(true);
    await venue.until(({ phase }) => phase === 'ended', 20_000);
    expect(readFileSync(join(venue.home, 'watchdog.log'), 'utf8')).toContain('positions are unattended');
    for (let tries = 0; venue.isAlive(seen.pid) && tries < 100; tries += 1) await pause(20);
    expect(venue.isAlive(seen.pid)).toBe(false);
  }, 40_000);

  it('takes the entries back when the sign of life cannot be written, and the engine that tried lives on', async () => {
    const { entries } = venue;
    const child = await venue.startEngine();
    const titles: unknown[] = [];
    child.on('message', (message) => titles.push(message));
    child.send('mute');
    await venue.until(({ clearedAt }) => clearedAt !== null, 15_000);
    expect(entries.some(venue.isOpen)).toBe(false);
    expect(child.exitCode).toBeNull();
    expect(titles).toEqual([{ told: 'The sign of life cannot be written' }]);
  }, 40_000);

  it('goes on while the broker fails, until the entries are gone', async () => {
    const { entries } = venue;
    const child = await venue.startEngine();
    venue.exchange.faults.use([{ kind: 'serverError', times: 6 }]);
    child.kill('SIGKILL');
    await venue.until(({ clearedAt }) => clearedAt !== null, 15_000);
    expect(venue.exchange.faults.hits().length).toBeGreaterThan(3);
    expect(entries.some(venue.isOpen)).toBe(false);
  }, 40_000);

  it('stays when the desk ends before its entries are confirmed as gone, takes them back without a throw, and ends', async () => {
    const { entries, others } = venue;
    const child = await venue.startEngine('suspend');
    child.send('leave');
    const seen = await venue.until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect([...seen.cancelled].sort()).toEqual([...entries].sort());
    expect(entries.some(venue.isOpen)).toBe(false);
    expect(others.every(venue.isOpen)).toBe(true);
    expect(seen.suspended).toBe(false);
    expect(openLatchFile(join(venue.home, 'kill-switch.latch')).read().state).toBe('ACTIVE');
    const log = readFileSync(join(venue.home, 'watchdog.log'), 'utf8');
    expect(log).toContain('stopped with entries still open');
    await venue.until(({ phase }) => phase === 'ended', 20_000);
  }, 40_000);

  it('ends in silence when the desk ends in order', async () => {
    const { entries } = venue;
    const child = await venue.startEngine();
    child.send('end');
    const seen = await venue.until(({ phase }) => phase === 'ended', 10_000);
    expect(seen).toMatchObject({ reason: 'the desk ended in order', firedAt: null });
    expect(entries.every(venue.isOpen)).toBe(true);
    expect(openLatchFile(join(venue.home, 'kill-switch.latch')).read().state).toBe('ACTIVE');
  }, 40_000);
});

describe('what counts as an entry', () => {
  const order = (clientOrderId: string, intents: readonly string[]): OpenOrder => ({
    id: 'x',
    client_order_id: clientOrderId,
    position_intent: intents.length === 1 ? (intents[0] ?? null) : '',
    legs: intents.length > 1 ? intents.map((intent) => ({ position_intent: intent })) : null,
  });

  it('is told by the engine’s list, else by its own name and legs that all open; never an order from elsewhere', () => {
    const listed = new Set([idOf('i9')]);
    const verdicts = (
      [
        [idOf('i9'), ['']],
        [idOf('i1'), ['buy_to_open', 'sell_to_open']],
        [idOf('i1'), ['buy_to_close', 'sell_to_open']],
        [idOf('i1'), ['sell_to_close']],
        [idOf('i1'), ['']],
        ['by-hand', ['buy_to_open']],
        ['sd-another-i1-1-0123456789ab', ['buy_to_open']],
      ] as const
    ).map(([id, intents]) => isEntry(order(id, intents), JOURNAL, listed));
    expect(verdicts).toEqual([true, true, false, false, false, false, false]);
  });
});
