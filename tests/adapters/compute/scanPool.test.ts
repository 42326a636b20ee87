import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scanUniverse } from '#domain/structures/scan/scanUniverse';
import { ScanPool, sharedUniverse } from '../../../src-main/adapters/compute/scanPool.ts';
import { buildKernels } from '../../../src-main/app/packaging/buildKernels.mjs';
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
  it('keeps the same candidates with the SIMD kernels, and goes on in TypeScript where they do not load', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-scan-'));
    const kernels = pathToFileURL(join(folder, 'kernels.wasm'));
    await buildKernels(fileURLToPath(kernels));
    const universe = sharedUniverse(24, 41);
    fillUniverse(universe, 6);
    universe.strikes.callBid[5] = 0;
    const plain = scanUniverse(universe, 0, 24);
    const volatilities = universe.strikes.volatility.slice();
    const found = async (kernelFile: URL) => {
      const pool = new ScanPool(worker, 2, kernelFile);
      pool.attach(universe);
      const report = await pool.scan();
      await pool.close();
      return report.hits;
    };
    const simd = await found(kernels);
    expect(simd.map(({ kind, expiry, strikes }) => ({ kind, expiry, strikes }))).toEqual(
      plain.hits.map(({ kind, expiry, strikes }) => ({ kind, expiry, strikes })),
    );
    for (const [i, v] of volatilities.entries()) {
      expect(Math.abs(universe.strikes.volatility[i]! - v)).toBeLessThanOrEqual(1e-12 * v);
    }
    expect(await found(pathToFileURL(join(folder, 'nothing.wasm')))).toEqual(plain.hits);
    rmSync(folder, { recursive: true });
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
