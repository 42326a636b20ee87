import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { guardRestart } from '#app/desk/restartGuard';
import { instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOON = 1_767_632_400_000;
const MINUTE = 60_000;
const started: JournalFact = {
  kind: 'SessionStarted',
  mode: 'paper',
  account: 'PA1',
  build: 'test',
  configHash: '',
  schemaVersion: 1,
  startCash: null,
  detail: '',
};

/** A journal, a latch, and starts at stated minutes. */
function story() {
  const journal = openJournal(join(folder, 'journal.db'), { create: true });
  const latch = memoryLatch();
  const guard = (minute: number) =>
    guardRestart({
      journal: journal.reader,
      latch,
      file: join(folder, 'crashes.json'),
      settings: { maxCrashes: 3, windowMinutes: 10 },
      now: instant(NOON + minute * MINUTE),
      onError() {},
    });
  const start = (minute: number) => {
    const verdict = guard(minute);
    journal.writer.append([{ at: instant(NOON + minute * MINUTE), fact: started }], { durable: true });
    return verdict;
  };
  const end = (): void => {
    journal.writer.append([{ at: instant(NOON), fact: { kind: 'SessionEnded', reason: 'done' } }], { durable: true });
  };
  return { journal, latch, start, guard, end };
}

describe('a start after a death', () => {
  it('is REDUCING, and one after an end in order is nothing special', () => {
    const { journal, latch, start, end } = story();
    expect(start(0)).toBe('clean');
    end();
    expect(start(1)).toBe('clean');
    expect(latch.read().state).toBe('ACTIVE');
    expect(start(2)).toBe('crashed');
    expect(latch.read()).toMatchObject({ state: 'REDUCING', by: 'restart' });
    journal.close();
  });

  it('is HALTED the third time within ten minutes, not when the deaths lie further apart', () => {
    const { journal, latch, start } = story();
    expect([0, 1, 2].map(start)).toEqual(['clean', 'crashed', 'crashed']);
    expect(start(3)).toBe('tooOften');
    expect(latch.read()).toMatchObject({ state: 'HALTED', by: 'restart' });
    latch.write({ state: 'ACTIVE', reason: 'looked', by: 'owner', at: instant(NOON) });
    expect([13, 24, 36].map(start)).toEqual(['crashed', 'crashed', 'crashed']);
    expect(latch.read().state).toBe('REDUCING');
    journal.close();
  });

  it('counts one death once, however often the start after it fails', () => {
    const { journal, latch, start, guard } = story();
    start(0);
    for (const minute of [1, 2, 3, 4]) expect(guard(minute)).toBe('crashed');
    expect(latch.read().state).toBe('REDUCING');
    journal.close();
  });

  it('that cannot be counted, the disk being full, goes on in REDUCING and waits for a hand', () => {
    const { journal, latch, start, guard } = story();
    start(0);
    mkdirSync(join(folder, 'crashes.json'));
    expect(guard(1)).toBe('uncounted');
    expect(latch.read()).toMatchObject({ state: 'REDUCING', by: 'desk' });
    // Thrown by a watchdog over the same death, it would have ended by itself.
    latch.write({ state: 'REDUCING', reason: 'no sign of life', by: 'watchdog', at: instant(NOON) });
    expect(guard(2)).toBe('uncounted');
    expect(latch.read()).toMatchObject({ state: 'REDUCING', by: 'desk' });
    latch.write({ state: 'HALTED', reason: 'mine', by: 'owner (desktop)', at: instant(NOON) });
    expect(guard(3)).toBe('uncounted');
    expect(latch.read()).toMatchObject({ state: 'HALTED', by: 'owner (desktop)' });
    journal.close();
  });

  it('never loosens what somebody threw', () => {
    const { journal, latch, start } = story();
    start(0);
    for (const [index, state] of (['HALTED', 'FLATTENING', 'REDUCING'] as const).entries()) {
      latch.write({ state, reason: 'mine', by: 'owner (desktop)', at: instant(NOON) });
      start(30 + 15 * index);
      expect(latch.read()).toMatchObject({ state, by: 'owner (desktop)' });
    }
    journal.close();
  });
});
