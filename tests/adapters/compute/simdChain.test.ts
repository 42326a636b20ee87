import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { CHAIN_IV_STATUS } from '#domain/pricing/chainImpliedVolatility';
import { allocateChainGreeks, chainGreeks, logStrikes } from '#domain/pricing/chainKernel';
import { type ChainWork, typescriptChain } from '#domain/pricing/chainWork';
import { SimdChain } from '../../../src-main/adapters/compute/simdChain.ts';
import { buildKernels } from '../../../src-main/app/packaging/buildKernels.mjs';
import { chainRoundTrip } from '../../domain/pricing/chainRoundTrip.ts';

const folder = mkdtempSync(join(tmpdir(), 'strikedesk-wasm-'));
const file = join(folder, 'kernels.wasm');

beforeAll(() => buildKernels(file));
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
    simd.price(terms, count, from);
    const want = allocateChainGreeks(count);
    const part = (column: Float64Array) => column.slice(from, from + count);
    chainGreeks(terms, part(simd.strikes), part(simd.lnStrikes), part(simd.volatilities), want);
    for (const name of COLUMNS) {
      for (let i = 0; i < count; i++) {
        const expected = want[name][i]!;
        expect(Math.abs(simd.greeks[name][from + i]! - expected), `${name} ${i}`).toBeLessThanOrEqual(
          1e-12 * (1 + Math.abs(expected)),
        );
      }
      expect(simd.greeks[name][from + count]).toBe(0);
    }
  });
  it('leaves strikes without a volatility at intrinsic value', () => {
    const simd = SimdChain.load(file, 4);
    if (simd === null) throw new Error('not built');
    simd.strikes.set([90, 100, 110, 95]);
    simd.volatilities.set([0, 0, Number.NaN, 0.2]);
    logStrikes(simd.strikes, simd.lnStrikes);
    simd.price({ spot: 100, forward: 100, discount: 1, years: 0.1 }, 4);
    expect([...simd.greeks.callPrice].slice(0, 3)).toEqual([10, 0, 0]);
    expect([...simd.greeks.putPrice].slice(0, 3)).toEqual([0, 0, 10]);
    expect([...simd.greeks.callDelta].slice(0, 3)).toEqual([1, 0.5, 0]);
    expect([...simd.greeks.gamma].slice(0, 3)).toEqual([0, 0, 0]);
    expect([...simd.greeks.vegaPerPoint].every((v) => Number.isFinite(v))).toBe(true);
  });
  it('is absent, not broken, when it has not been built', () => {
    expect(SimdChain.load(join(folder, 'nothing.wasm'), 10)).toBeNull();
    expect(SimdChain.workshop(join(folder, 'nothing.wasm'))).toBeNull();
  });
});

/** The kernels side by side, each with the same strikes and mids. */
function both(capacity: number): readonly [SimdChain, ChainWork] {
  const simd = SimdChain.load(file, capacity);
  if (simd === null) throw new Error('not built');
  return [simd, typescriptChain(capacity)];
}

const kindsOf = ({ status }: ChainWork, count: number) => Array.from(status.subarray(0, count), (code) => CHAIN_IV_STATUS[code]);

describe('the SIMD implied volatility', () => {
  it('of a hundred thousand options over the whole plane is exact, fails never, and is what TypeScript says to 1e-12', () => {
    const result = chainRoundTrip(100_000, ...both(1001));
    expect(result.failed).toBe(0);
    expect(result.medianError).toBeLessThan(4e-16);
    expect(result.worstUlps).toBeLessThan(4);
    expect(result.largestDifference).toBeLessThan(1e-12);
  });
  it('of a hundred thousand where quotes live too', () => {
    const result = chainRoundTrip(100_000, ...both(1000), { farthest: 1, least: 5e-3, most: 1.5 });
    expect(result.failed).toBe(0);
    expect(result.medianError).toBeLessThan(4e-16);
    expect(result.worstUlps).toBeLessThan(4);
    expect(result.largestDifference).toBeLessThan(1e-12);
  });
  it.each([1, 2, 3, 79, 80, 127, 128, 129, 130, 257, 300])('of %d strikes touches no other', (count) => {
    const [simd, plain] = both(400);
    const terms = { forward: 100, discount: 0.98, years: 0.2 };
    const from = 11;
    simd.volatilities.fill(-1);
    simd.status.fill(77);
    for (let i = 0; i < count; i++) {
      const strike = 60 + (80 * i) / count;
      const volatility = 0.2 + 0.001 * (i % 7);
      const price = (right: 'call' | 'put') => black76({ right, ...terms, strike, volatility });
      for (const [work, at] of [
        [simd, from + i],
        [plain, i],
      ] as const) {
        work.strikes[at] = strike;
        work.callMids[at] = price('call');
        work.putMids[at] = price('put');
      }
    }
    expect(simd.imply(terms, count, from)).toBe(count);
    plain.imply(terms, count);
    for (let i = 0; i < count; i++) {
      expect(Math.abs(simd.volatilities[from + i]! / plain.volatilities[i]! - 1)).toBeLessThan(1e-12);
    }
    const outside = (value: unknown, i: number) => i < from || i >= from + count || value === undefined;
    expect([...simd.volatilities].filter(outside).every((v) => v === -1)).toBe(true);
    expect([...simd.status].filter(outside).every((v) => v === 77)).toBe(true);
  });
  it('names what has none as TypeScript does: below intrinsic, above its maximum, no number, expired', () => {
    const [simd, plain] = both(9);
    const strikes = [80, 90, 95, 100, 105, 110, 120, 100, 130];
    const calls = [20.5, 9.7, 6.1, 4, Number.NaN, 0, 101, 3.9, 1e-280];
    const puts = [0.4, 0, Number.NaN, 4, Number.NaN, 0, 25, 96, 31];
    for (const work of [simd, plain]) {
      work.strikes.set(strikes);
      work.callMids.set(calls);
      work.putMids.set(puts);
      work.volatilities.fill(Number.NaN);
    }
    const same = (terms: { forward: number; discount: number; years: number }) => {
      const found = simd.imply(terms, 9);
      expect(found).toBe(plain.imply(terms, 9));
      expect(kindsOf(simd, 9)).toEqual(kindsOf(plain, 9));
      for (const [i, v] of plain.volatilities.entries()) {
        expect(Math.abs(simd.volatilities[i]! - v)).toBeLessThanOrEqual(1e-12 * v);
      }
      return found;
    };
    expect(same({ forward: 100, discount: 1, years: 0.25 })).toBe(5);
    expect(kindsOf(simd, 9)).toEqual([
      'volatility',
      'belowIntrinsic',
      'volatility',
      'volatility',
      'notANumber',
      'belowIntrinsic',
      'aboveMaximum',
      'volatility',
      'volatility',
    ]);
    expect(same({ forward: 100, discount: 1, years: 0 })).toBe(0);
    expect(same({ forward: Number.NaN, discount: 1, years: 1 })).toBe(0);
    expect(same({ forward: 100, discount: 0, years: 1 })).toBe(0);
  });
});
