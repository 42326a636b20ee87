import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOptionProfits, drawPaths, type RiskLegs } from '#domain/portfolio/monteCarlo';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { SimdPaths } from '../../../src-main/adapters/compute/simdPaths.ts';
import { buildKernels } from '../../../src-main/app/packaging/buildKernels.mjs';
import { uniform } from '../../bench/pricingData.ts';

const folder = mkdtempSync(join(tmpdir(), 'strikedesk-paths-'));
const file = join(folder, 'kernels.wasm');

beforeAll(() => buildKernels(file));
afterAll(() => rmSync(folder, { recursive: true }));

const SPOTS = [100, 50, 320];
const market = {
  spot: SPOTS,
  volatility: [0.2, 0.4, 0.3],
  drift: [0.03, 0.03, 0.03],
  correlation: [1, 0.6, 0.2, 0.6, 1, 0.3, 0.2, 0.3, 1],
  volatilityBeta: [-3, -2, -4],
  horizonYears: 1 / 52,
};

/** Sixty legs from deep in to far out of the money, five of them expired by the horizon. */
function legs(): RiskLegs {
  const random = uniform(3);
  const rows = Array.from({ length: 60 }, (_, leg) => {
    const spot = SPOTS[leg % 3] ?? 100;
    const strike = spot * (0.6 + 0.8 * random());
    const years = leg % 12 === 0 ? 0 : 0.002 + random();
    const volatility = 0.1 + 0.7 * random();
    const isCall = random() < 0.5;
    const right = isCall ? ('call' as const) : ('put' as const);
    const valueNow = priceEuropean({ right, spot, strike, years: years + 1 / 52, rate: 0.04, dividendYield: 0.01, volatility });
    return { leg, strike, years, volatility, isCall, valueNow, size: 100 * Math.round(20 * random() - 10) };
  });
  const column = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  return {
    underlying: Int32Array.from(rows, ({ leg }) => leg % 3),
    isCall: Uint8Array.from(rows, ({ isCall }) => (isCall ? 1 : 0)),
    strike: column(({ strike }) => strike),
    years: column(({ years }) => years),
    volatility: column(({ volatility }) => volatility),
    rate: column(() => 0.04),
    dividendYield: column(() => 0.01),
    size: column(({ size }) => size),
    valueNow: column(({ valueNow }) => valueNow),
  };
}

describe('revaluation of a portfolio by SIMD', () => {
  it.each([1, 2, 999, 1000])('on %d paths is what TypeScript says, to 1e-12 of what is held', (count) => {
    const drawn = drawPaths(market, count, uniform(8));
    const held = legs();
    const gross = held.size.reduce((sum, size, leg) => sum + Math.abs(size) * (SPOTS[leg % 3] ?? 0), 0);
    const simd = SimdPaths.of(file, drawn);
    if (simd === null) throw new Error('not built');
    const [own, plain] = [new Float64Array(count).fill(7), new Float64Array(count).fill(7)];
    simd.addOptionProfits(held, own);
    addOptionProfits(held, drawn, plain);
    for (const [path, value] of plain.entries()) expect(Math.abs(own[path]! - value)).toBeLessThan(1e-12 * gross);
    const again = new Float64Array(count).fill(7);
    simd.addOptionProfits(held, again);
    expect(again).toEqual(own);
  });
  it('is absent, not broken, when it has not been built', () => {
    expect(SimdPaths.of(join(folder, 'nothing.wasm'), drawPaths(market, 10, uniform(8)))).toBeNull();
  });
});
