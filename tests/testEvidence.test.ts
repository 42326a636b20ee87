import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUILD } from '#app/build';
import { batteryVerdict, NEEDED } from '#app/desk/batteryVerdict';
import { noteEvidence } from './battery/evidence.ts';
import { noteTests } from './testEvidence.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-tests-noted-'));
  // A folder that nobody has made yet, as in a fresh clone.
  vi.stubEnv('STRIKEDESK_HOME', join(home, 'data'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const file = () => join(home, 'data', 'battery-evidence.json');
const verdict = () => batteryVerdict(file(), BUILD);
const at = new Date(0);

describe('the evidence of npm test', () => {
  it('is needed before real money: the battery alone is not green without it', () => {
    for (const command of NEEDED.filter((name) => name !== 'tests'))
      noteEvidence(file(), { build: BUILD, command, at, ok: true, whole: true, result: {} });
    expect(verdict()).toMatchObject({ green: false, detail: 'not green: tests' });
    expect(noteTests({ passed: 2_000, failed: 0 }, { whole: true, at })).toContain('noted for strikedesk');
    expect(verdict()).toMatchObject({ green: true });
    expect(JSON.parse(readFileSync(file(), 'utf8')).entries.tests.result).toEqual({ passed: 2_000, failed: 0 });
  });

  it('is not made by a part of the tests, nor by none, and one that failed counts', () => {
    expect(noteTests({ passed: 5, failed: 0 }, { whole: false, at })).toBe('not noted: only a whole run is');
    expect(existsSync(file())).toBe(false);
    noteTests({ passed: 0, failed: 0 }, { whole: true, at });
    expect(verdict().entries).toMatchObject([{ command: 'tests', ok: false }]);
    noteTests({ passed: 9, failed: 0 }, { whole: true, at });
    expect(verdict().entries).toMatchObject([{ command: 'tests', ok: true }]);
    noteTests({ passed: 8, failed: 1 }, { whole: false, at });
    expect(verdict().entries).toMatchObject([{ command: 'tests', ok: false }]);
  });

  it('fails no test where the data folder cannot be made', () => {
    writeFileSync(join(home, 'data'), 'a file');
    expect(noteTests({ passed: 9, failed: 0 }, { whole: true, at })).toMatch(/^not noted: E(NOTDIR|EXIST)/);
  });
});
