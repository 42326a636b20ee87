import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { impliedVolatility, totalVolatility } from '#domain/pricing/impliedVolatility';
import { normalisedBlack } from '#domain/pricing/normalisedBlack';
import { ivRoundTrip } from './ivRoundTrip.ts';

// mpmath, 700 digits: x, s, b(x, s).
const BLACK: readonly (readonly [number, number, number])[] = [
  [0, 1e-4, 3.989422802352067e-5],
  [-1e-6, 2e-4, 7.928945330093393e-5],
  [-0.05, 0.01, 5.346102959979003e-10],
  [-1, 0.25, 1.773660688937808e-6],
  [-3, 0.12, 1.459934538355697e-140],
  [-8, 0.4, 5.372065748789558e-91],
  [-8, 8, 0.018275263998321533],
  [-0.2, 3, 0.7714182372320803],
  [-4, 1, 6.3773249758857275e-6],
];

describe('normalised Black', () => {
  it.each(BLACK)('b(%d, %d) and back', (x, s, want) => {
    const wing = 1 + (x / s) ** 2;
    expect(Math.abs(normalisedBlack(x, s) / want - 1)).toBeLessThan(2e-15 * wing);
    expect(Math.abs(totalVolatility(x, want, Math.exp(0.5 * x) - want) / s - 1)).toBeLessThan(1e-14);
  });
});

describe('implied volatility', () => {
  const terms = { right: 'put' as const, forward: 100, strike: 90, years: 0.5, discount: 0.98 };
  it('comes back to the last digits over the whole plane (100,000 of the million points of the benchmark)', () => {
    const result = ivRoundTrip(100_000);
    expect(result.notANumber).toBe(0);
    expect(result.medianError).toBeLessThan(4e-16);
    expect(result.worstUlps, JSON.stringify(result)).toBeLessThan(4);
  });
  it('takes two steps and no more: there is no loop on the way from a price to its volatility', () => {
    for (const file of ['impliedVolatility', 'impliedVolatilityGuess', 'normalisedBlack']) {
      const source = readFileSync(new URL(`../../../src-shared/domain/pricing/${file}.ts`, import.meta.url), 'utf8');
      expect(source, file).not.toMatch(/\b(?:for|while|do) ?[({]/);
    }
  });
  it('is the same from the call and from the put', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 50, max: 200, noNaN: true }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        (strike, volatility) => {
          for (const right of ['call', 'put'] as const) {
            const option = { right, forward: 100, strike, years: 1, discount: 0.95 };
            const price = black76({ ...option, volatility });
            const intrinsic = Math.max(right === 'call' ? 100 - strike : strike - 100, 0) * 0.95;
            if (price - intrinsic < 1e-4) continue;
            const got = impliedVolatility({ ...option, price });
            expect(got.kind).toBe('volatility');
            if (got.kind === 'volatility') expect(Math.abs(got.volatility - volatility)).toBeLessThan(1e-9);
          }
        },
      ),
    );
  });
  it('holds in the corners: one day, deep wings, 800 % volatility, the smallest prices there are', () => {
    for (const [strike, years, volatility] of [
      [100, 1 / 365, 0.05],
      [101, 1 / 365, 0.3],
      [250, 1 / 365, 8],
      [30, 2, 8],
      [1000, 1, 0.1],
      [100.0000001, 1, 0.2],
      [5000, 0.5, 0.15],
    ] as const) {
      const option = { right: 'call' as const, forward: 100, strike, years, discount: 1 };
      const price = black76({ ...option, volatility });
      const got = impliedVolatility({ ...option, price });
      // In the money the price has lost digits of its time value: only what is left can come back.
      const digits = strike < 100 ? 1e-9 : 2e-13;
      if (price > 0)
        expect(
          got.kind === 'volatility' && Math.abs(got.volatility / volatility - 1) < digits,
          `${strike} ${JSON.stringify(got)}`,
        ).toBe(true);
      else expect(got.kind).toBe('belowIntrinsic');
    }
    const tiny = impliedVolatility({ right: 'call', forward: 100, strike: 110, years: 1, discount: 1, price: Number.MIN_VALUE });
    expect(tiny.kind === 'volatility' && tiny.volatility > 0.002 && tiny.volatility < 0.003).toBe(true);
  });
  it('says why there is none, and never answers NaN', () => {
    expect(impliedVolatility({ ...terms, price: 0 })).toEqual({ kind: 'belowIntrinsic' });
    expect(impliedVolatility({ ...terms, price: -1 })).toEqual({ kind: 'belowIntrinsic' });
    expect(impliedVolatility({ ...terms, right: 'call', price: 9.7 })).toEqual({ kind: 'belowIntrinsic' });
    expect(impliedVolatility({ ...terms, price: 90 * 0.98 })).toEqual({ kind: 'aboveMaximum' });
    expect(impliedVolatility({ ...terms, years: 0, price: 1 })).toEqual({ kind: 'expired' });
    for (const bad of [
      { price: Number.NaN },
      { forward: Number.NaN, price: 1 },
      { strike: 0, price: 1 },
      { years: Number.POSITIVE_INFINITY, price: 1 },
    ]) {
      expect(impliedVolatility({ ...terms, ...bad })).toEqual({ kind: 'notANumber' });
    }
  });
  it('grows with the price', () => {
    let before = 0;
    for (let price = 0.01; price < 88; price *= 1.3) {
      const got = impliedVolatility({ ...terms, price });
      expect(got.kind).toBe('volatility');
      if (got.kind !== 'volatility') return;
      expect(got.volatility).toBeGreaterThan(before);
      before = got.volatility;
    }
  });
});
