import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocateChainGreeks, chainGreeks, logStrikes } from '#domain/pricing/chainKernel';
import { SimdChain } from '../../../src-main/adapters/compute/simdChain.ts';
import { buildKernel } from '../../../src-main/app/packaging/buildKernels.mjs';

const folder = mkdtempSync(join(tmpdir(), 'strikedesk-wasm-'));
const file = join(folder, 'chainGreeks.wasm');

beforeAll(() => buildKernel('chainGreeks', file));
afterAll(() => rmSync(folder, { recursive: true }));

const COLUMNS = [
  'callPrice',
  'putPrice',
  'callDelta',
  'putDelta',
  'gamma',
  'callThetaPerDay',
  'putThetaPerDay',
  'vegaPerPoint',
  'callRhoPerPoint',
  'putRhoPerPoint',
] as const;

describe('the SIMD chain kernel', () => {
  it.each([1, 2, 3, 40, 41])('gives %d strikes what the TypeScript kernel gives, to 1e-12', (count) => {
    const simd = SimdChain.load(file, 100);
    if (simd === null) throw new Error('not built');
    const terms = { spot: 410, forward: 412.5, discount: 0.985, years: 0.3 };
    const from = 7;
    for (let i = 0; i < count; i++) {
      const strike = count === 1 ? 400 : 150 + (600 * i) / (count - 1);
      simd.strikes[from + i] = strike;
      simd.volatilities[from + i] = 0.15 + 0.3 * Math.log(strike / 412.5) ** 2;
    }
    logStrikes(simd.strikes, simd.lnStrikes);
    simd.greeks(terms, from, count);
    const want = allocateChainGreeks(count);
    const part = (column: Float64Array) => column.slice(from, from + count);
    chainGreeks(terms, part(simd.strikes), part(simd.lnStrikes), part(simd.volatilities), want);
    for (const name of COLUMNS) {
      for (let i = 0; i < count; i++) {
        const expected = want[name][i]!;
        expect(Math.abs(simd.out[name][from + i]! - expected), `${name} ${i}`).toBeLessThanOrEqual(
          1e-12 * (1 + Math.abs(expected)),
        );
      }
      expect(simd.out[name][from + count]).toBe(0);
    }
  });
  it('leaves strikes without a volatility at intrinsic value', () => {
    const simd = SimdChain.load(file, 4);
    if (simd === null) throw new Error('not built');
    simd.strikes.set([90, 100, 110, 95]);
    simd.volatilities.set([0, 0, Number.NaN, 0.2]);
    logStrikes(simd.strikes, simd.lnStrikes);
    simd.greeks({ spot: 100, forward: 100, discount: 1, years: 0.1 }, 0, 4);
    expect([...simd.out.callPrice].slice(0, 3)).toEqual([10, 0, 0]);
    expect([...simd.out.putPrice].slice(0, 3)).toEqual([0, 0, 10]);
    expect([...simd.out.callDelta].slice(0, 3)).toEqual([1, 0.5, 0]);
    expect([...simd.out.gamma].slice(0, 3)).toEqual([0, 0, 0]);
    expect([...simd.out.vegaPerPoint].every((v) => Number.isFinite(v))).toBe(true);
  });
  it('is absent, not broken, when it has not been built', () => {
    expect(SimdChain.load(join(folder, 'nothing.wasm'), 10)).toBeNull();
  });
});
