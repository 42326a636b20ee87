import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstRun, openLatchFile, throwLatch } from '#adapters/latch/latchFile';
import { EMPTY_DROP_MS, watchLatch } from '#adapters/latch/latchWatch';
import { instant } from '#domain/units';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-latch-'));
  file = join(folder, 'kill-switch.latch');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the latch', () => {
  it('starts ACTIVE once, in a folder without a journal; a latch that vanished later reads as HALTED', () => {
    const latch = openLatchFile(file);
    expect(latch.read().state).toBe('HALTED');
    firstRun(latch, false, instant(1));
    expect(latch.read()).toMatchObject({ state: 'ACTIVE', at: 1 });
    rmSync(file);
    firstRun(latch, true, instant(2));
    expect(latch.read()).toMatchObject({ state: 'HALTED', reason: 'The kill switch file is missing' });
  });

  it.each(['', '{', '{"state":"OPEN"}', '\0\0\0'])('reads %j as HALTED', (text) => {
    writeFileSync(file, text);
    expect(openLatchFile(file).read().state).toBe('HALTED');
  });

  it('survives a new reader, and stopping entries never loosens a freeze', () => {
    const latch = openLatchFile(file);
    throwLatch(latch, { verb: 'freeze', reason: 'story', by: 'owner', at: instant(3) });
    throwLatch(openLatchFile(file), { verb: 'stop-entries', reason: 'later', by: 'owner', at: instant(4) });
    expect(openLatchFile(file).read()).toEqual({ state: 'HALTED', reason: 'later', by: 'owner', at: 4 });
  });

  it('is moved by the command line, engine or not', () => {
    const said = execFileSync(process.execPath, ['src-main/app/kill.ts', 'flatten', '--reason', 'story', '--json'], {
      env: { ...process.env, STRIKEDESK_HOME: folder },
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toMatchObject({ ok: true, state: 'FLATTENING', engineRunning: false });
    expect(openLatchFile(file).read()).toMatchObject({ state: 'FLATTENING', reason: 'story', by: 'command line' });
  });

  /** Watches the folder; `moves` are the states that it told of, `errors` what went wrong while it looked. */
  function watched() {
    const latch = openLatchFile(file);
    firstRun(latch, false, instant(1));
    const moves: string[] = [];
    const errors: unknown[] = [];
    const watching = watchLatch({
      latch,
      latchFile: file,
      dropFile: join(folder, 'KILL'),
      pollMs: 25,
      now: () => instant(7),
      onMoved: () => void moves.push(latch.read().state),
      onError: (error) => void errors.push(error),
    });
    return { latch, moves, errors, stop: () => watching.stop() };
  }

  it('is moved by a file dropped into the folder, which is taken away', async () => {
    const { latch, moves, stop } = watched();
    writeFileSync(join(folder, 'KILL'), '');
    await vi.waitFor(() => expect(moves).toEqual(['REDUCING', 'HALTED']), 5_000);
    expect(latch.read()).toMatchObject({ state: 'HALTED', by: 'file drop' });
    latch.write({ state: 'REDUCING', reason: 'another hand', by: 'watchdog', at: instant(9) });
    await vi.waitFor(() => expect(moves).toHaveLength(3), 5_000);
    stop();
    expect(readdirSync(folder).filter((name) => name === 'KILL')).toEqual([]);
  });

  it.each([
    ['stop-entries', 'REDUCING'],
    ['flatten', 'FLATTENING'],
    ['whatever this means', 'HALTED'],
  ])('reads %j of a file that was empty when it was first seen', async (text, state) => {
    const { latch, moves, stop } = watched();
    writeFileSync(join(folder, 'KILL'), '');
    // Nothing new is opened while nobody knows yet what is meant.
    await vi.waitFor(() => expect(moves).toEqual(['REDUCING']), 5_000);
    appendFileSync(join(folder, 'KILL'), `${text}\n`);
    await pause(2 * EMPTY_DROP_MS);
    expect(latch.read()).toMatchObject({ state, by: 'file drop' });
    stop();
    expect(readdirSync(folder).filter((name) => name === 'KILL')).toEqual([]);
  });

  it('holds in this process when its file cannot be written, and watching goes on', async () => {
    const { latch, moves, errors, stop } = watched();
    const inTheWay = `${file}.${process.pid}.draft`;
    mkdirSync(inTheWay);
    writeFileSync(join(folder, 'KILL'), 'freeze');
    try {
      expect(() => latch.write({ state: 'REDUCING', reason: 'full', by: 'desk', at: instant(2) })).toThrow();
      expect(latch.read()).toMatchObject({ state: 'REDUCING', by: 'desk' });
      await vi.waitFor(() => expect(moves.at(-1)).toBe('HALTED'), 5_000);
      expect(errors).toHaveLength(1);
    } finally {
      rmdirSync(inTheWay);
    }
    await vi.waitFor(() => expect(openLatchFile(file).read().state).toBe('HALTED'), 5_000);
    latch.write({ state: 'ACTIVE', reason: 'looked', by: 'owner', at: instant(3) });
    expect(latch.read().state).toBe('ACTIVE');
    stop();
  });

  it('is made milder only by who has seen it, stricter by anybody', () => {
    const latch = openLatchFile(file);
    firstRun(latch, false, instant(1));
    const seen = latch.read();
    const thrown = { state: 'REDUCING', reason: 'mine', by: 'owner', at: instant(2) } as const;
    expect(latch.replace(seen, thrown)).toBe(true);
    expect(latch.replace(seen, { ...seen, at: instant(3) })).toBe(false);
    expect(latch.read()).toEqual(thrown);
    expect(latch.replace(seen, { ...thrown, state: 'HALTED' })).toBe(true);
    expect(latch.replace(latch.read(), { ...seen, at: instant(4) })).toBe(true);
    expect(latch.read().state).toBe('ACTIVE');
    expect(readdirSync(folder)).toEqual(['kill-switch.latch']);
  });
});

it('a throw of one process is never undone by another that had not seen it', { timeout: 60_000 }, async () => {
  const latch = openLatchFile(file);
  latch.write({ state: 'ACTIVE', reason: '', by: 'first start', at: instant(1) });
  // The other process releases what a death has thrown, again and again, as an engine does that finds its account in order.
  const releaser = spawn(process.execPath, ['tests/battery/killSwitch/releaseProcess.ts', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(releaser.stdout, 'data');
  const undone: number[] = [];
  let released = 0;
  for (let round = 1; round <= 300; round += 1) {
    latch.write({ state: 'REDUCING', reason: `${round}`, by: 'restart', at: instant(round) });
    // At some moment of its read, its writing and its rename.
    const until = performance.now() + (round % 30) / 10;
    while (performance.now() < until);
    if (latch.read().state === 'ACTIVE') released += 1;
    throwLatch(latch, { verb: 'freeze', reason: `${round}`, by: 'command line', at: instant(round) });
    await pause(4);
    if (latch.read().state !== 'HALTED') undone.push(round);
  }
  releaser.kill('SIGKILL');
  await once(releaser, 'exit');
  expect(undone).toEqual([]);
  expect(released).toBeGreaterThan(10);
});
