import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstRun, openLatchFile, throwLatch } from '#adapters/latch/latchFile';
import { watchLatch } from '#adapters/latch/latchWatch';
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

  it('is moved by a file dropped into the folder, which is taken away', async () => {
    const latch = openLatchFile(file);
    firstRun(latch, false, instant(1));
    let moved = 0;
    const watching = watchLatch({
      latch,
      latchFile: file,
      dropFile: join(folder, 'KILL'),
      pollMs: 25,
      now: () => instant(7),
      onMoved: () => {
        moved += 1;
      },
    });
    writeFileSync(join(folder, 'KILL'), '');
    await vi.waitFor(() => expect(moved).toBe(1), 5_000);
    expect(latch.read()).toMatchObject({ state: 'HALTED', by: 'file drop' });
    latch.write({ state: 'REDUCING', reason: 'another hand', by: 'watchdog', at: instant(9) });
    await vi.waitFor(() => expect(moved).toBe(2), 5_000);
    watching.stop();
    expect(readdirSync(folder).filter((name) => name === 'KILL')).toEqual([]);
  });
});
