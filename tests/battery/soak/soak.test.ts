import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { heapSlope } from './soakDays.ts';

describe('an engine that is never restarted', () => {
  // In a process of its own: descriptors of other tests would be counted as its own.
  it('leaves nothing open and starts its write-ahead log again, with orders sent and filled', async () => {
    const home = mkdtempSync(join(tmpdir(), 'strikedesk-soak-'));
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--expose-gc', 'tests/battery/run.ts', 'soak', '--days', '2', '--seed', '5', '--json'],
        { env: { ...process.env, STRIKEDESK_HOME: home } },
      );
      const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
      expect(result).toMatchObject({ ok: true, days: 2, isHalted: false, descriptorsGrew: 0 });
      expect(result.walMiB).toBeLessThan(16);
      expect(result.orders).toBeGreaterThan(5);
      expect(result.filled).toBeGreaterThan(0);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 120_000);

  it('is judged by the slope of its later days: caches may fill first', () => {
    const samples = [10, 40, 50, 50, 51, 50].map((heapMiB, day) => ({ day, heapMiB, descriptors: 20, walMiB: 4 }));
    expect(heapSlope(samples)).toBeCloseTo(0, 10);
    const leaking = Array.from({ length: 10 }, (_, day) => ({ day, heapMiB: 30 + day, descriptors: 20, walMiB: 4 }));
    expect(heapSlope(leaking)).toBeCloseTo(1, 10);
  });
});
