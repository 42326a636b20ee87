import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heapSlope, soakDays } from './soakDays.ts';

describe('an engine that is never restarted', () => {
  it('leaves nothing open and starts its write-ahead log again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-soak-'));
    try {
      const { samples, isHalted, orders, filled } = await soakDays(2, { seed: 5, folder });
      expect(isHalted).toBe(false);
      expect(orders).toBeGreaterThan(5);
      expect(filled).toBeGreaterThan(0);
      expect(samples.map(({ day }) => day)).toEqual([1, 2]);
      expect(samples[1]?.descriptors ?? 0).toBeLessThanOrEqual(samples[0]?.descriptors ?? 0);
      expect(samples[1]?.walMiB).toBeLessThan(16);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('is judged by the slope of its later days: caches may fill first', () => {
    const samples = [10, 40, 50, 50, 51, 50].map((heapMiB, day) => ({ day, heapMiB, descriptors: 20, walMiB: 4 }));
    expect(heapSlope(samples)).toBeCloseTo(0, 10);
    const leaking = Array.from({ length: 10 }, (_, day) => ({ day, heapMiB: 30 + day, descriptors: 20, walMiB: 4 }));
    expect(heapSlope(leaking)).toBeCloseTo(1, 10);
  });
});
