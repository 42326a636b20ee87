import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '#adapters/journal/journal';
import { instant } from '#domain/units';
import { createCodeLock } from '#host/codeLock';
import type { CodeDoor } from '#ports/codeDoor';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-lock-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A door over the real journal; `again` ends the desk and starts it anew on the same file. */
function doorAt(clock: { now: number }, door: CodeDoor = 'arming') {
  const path = join(home, 'journal.db');
  const start = () => {
    const journal = openJournal(path, { create: true });
    const lock = createCodeLock({
      door,
      journal: journal.reader,
      // Market time: a simulated year away from the machine's.
      recordFact: (fact) => void journal.writer.append([{ at: instant(NOW - 365 * 86_400_000), fact }], { durable: true }),
      limits: () => ({ wrong: 5, lockMinutes: 15 }),
      wallNow: () => clock.now,
    });
    return { journal, lock };
  };
  let open = start();
  return {
    lock: () => open.lock,
    rows: () => open.journal.reader.events({ kinds: ['WrongCodeCounted'], text: null, beforeSeq: null, limit: 50 }).rows,
    again() {
      open.journal.close();
      open = start();
    },
    close: () => open.journal.close(),
  };
}

describe('wrong codes and a restart', () => {
  it('a restart after the fifth opens nothing: 15 minutes are 15 minutes', () => {
    const clock = { now: NOW };
    const door = doorAt(clock);
    for (let n = 1; n < 5; n++) expect(door.lock().countWrong('owner')).toBe(false);
    expect(door.lock().countWrong('owner')).toBe(true);
    for (const minutes of [1, 7, 14]) {
      clock.now = NOW + minutes * MINUTE;
      door.again();
      expect(door.lock().lockedUntil()).toBe(NOW + 15 * MINUTE);
    }
    clock.now = NOW + 15 * MINUTE;
    door.again();
    expect(door.lock().lockedUntil()).toBeNull();
    expect(door.lock().countWrong('owner')).toBe(false);
    door.close();
  });

  it('four, a restart, and the next one is the fifth', () => {
    const clock = { now: NOW };
    const door = doorAt(clock);
    for (let n = 1; n <= 4; n++) {
      door.lock().countWrong('owner');
      door.again();
    }
    expect(door.lock().countWrong('owner')).toBe(true);
    expect(door.rows().map(({ fact }) => (fact.kind === 'WrongCodeCounted' ? fact.wrong : null))).toEqual([5, 4, 3, 2, 1]);
    door.close();
  });

  it('a right code clears the count for good, and is written only when there was something to clear', () => {
    const clock = { now: NOW };
    const door = doorAt(clock);
    door.lock().forget('owner');
    expect(door.rows()).toHaveLength(0);
    for (let n = 1; n <= 4; n++) door.lock().countWrong('owner');
    door.lock().forget('owner');
    door.again();
    for (let n = 1; n <= 4; n++) expect(door.lock().countWrong('owner')).toBe(false);
    door.close();
  });

  it('four of last month and one of today lock nobody out', () => {
    const clock = { now: NOW };
    const door = doorAt(clock);
    for (let n = 1; n <= 4; n++) door.lock().countWrong('owner');
    clock.now = NOW + 30 * 86_400_000;
    door.again();
    expect(door.lock().countWrong('owner')).toBe(false);
    door.close();
  });

  it('one door’s wrong codes shut that door alone', () => {
    const clock = { now: NOW };
    const arming = doorAt(clock);
    for (let n = 1; n <= 5; n++) arming.lock().countWrong('owner');
    arming.close();
    const web = doorAt(clock, 'webSignIn');
    expect(web.lock().lockedUntil()).toBeNull();
    web.close();
  });

  it('a clock set back by a year shuts the owner out for no longer than a lock lasts', () => {
    const clock = { now: NOW };
    const door = doorAt(clock);
    for (let n = 1; n <= 5; n++) door.lock().countWrong('owner');
    clock.now = NOW - 365 * 86_400_000;
    door.again();
    expect(door.lock().lockedUntil()).toBe(clock.now + 15 * MINUTE);
    door.close();
  });
});
