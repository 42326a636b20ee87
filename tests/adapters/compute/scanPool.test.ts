import { describe, expect, it } from 'vitest';
import { scanUniverse } from '#domain/structures/scan/scanUniverse';
import { ScanPool, sharedUniverse } from '../../../src-main/adapters/compute/scanPool.ts';
import { fillUniverse } from '../../bench/scannerData.ts';

const worker = new URL('../../../src-main/adapters/compute/scanWorker.ts', import.meta.url);

describe('the scan pool', () => {
  it('finds with two threads what one finds, and writes the volatilities into shared memory', async () => {
    const universe = sharedUniverse(24, 40);
    fillUniverse(universe, 5);
    const alone = scanUniverse(universe, 0, 24);
    universe.strikes.volatility.fill(0);
    const pool = new ScanPool(worker, 2);
    pool.attach(universe);
    await pool.appraise();
    expect(universe.strikes.volatility.every((v) => v > 0)).toBe(true);
    const together = await pool.scan();
    await pool.close();
    expect(together.hits.map((hit) => hit.score)).toEqual(alone.hits.map((hit) => hit.score));
  });
  it('refuses to scan without a universe, and tells when a worker has died', async () => {
    const pool = new ScanPool(worker, 1);
    await expect(pool.scan()).rejects.toThrow(/attach/);
    pool.attach(sharedUniverse(2000, 80));
    const scanning = pool.scan();
    const told = expect(scanning).rejects.toThrow(/scan worker ended/);
    await pool.close();
    await told;
  });
});
