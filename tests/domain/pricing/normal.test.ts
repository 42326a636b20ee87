import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expNegative } from '#domain/pricing/expNegative';
import { erfcx, inverseNormalCdf, millsRatio, normalCdf, normalPdf, quickCdf } from '#domain/pricing/normal';

// mpmath 1.3, 40 digits.
const CDF: readonly (readonly [number, number])[] = [
  [-37.5, 4.605353009581955e-308],
  [-20, 2.753624118606234e-89],
  [-10, 7.619853024160525e-24],
  [-5.5, 1.898956246588772e-8],
  [-2, 0.02275013194817921],
  [-0.5, 0.3085375387259869],
  [0.3, 0.6179114221889527],
  [1.7, 0.9554345372414569],
  [4, 0.9999683287581669],
];
const QUANTILE: readonly (readonly [number, number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798409],
  [1e-5, -4.264890793922825],
  [0.02, -2.0537489106318234],
  [0.3, -0.5244005127080408],
  [0.6, 0.2533471031357998],
  [0.975, 1.9599639845400543],
];

const relative = (got: number, want: number) => Math.abs(got / want - 1);

describe('the normal distribution', () => {
  it.each(CDF)('Φ(%d) keeps its relative precision', (x, want) => {
    expect(relative(normalCdf(x), want)).toBeLessThan(8e-16);
    expect(Math.abs(quickCdf(x) - want)).toBeLessThan(1e-15);
  });
  it.each(QUANTILE)('the quantile of %d', (p, want) => {
    expect(relative(inverseNormalCdf(p), want)).toBeLessThan(8e-16);
  });
  it('answers the ends and refuses what is no probability', () => {
    expect(inverseNormalCdf(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(inverseNormalCdf(1)).toBe(Number.POSITIVE_INFINITY);
    expect(inverseNormalCdf(1.1)).toBeNaN();
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
  });
  it('has Mills ratio and erfcx consistent with their definitions', () => {
    expect(relative(millsRatio(0), Math.sqrt(Math.PI / 2))).toBeLessThan(3e-16);
    expect(relative(millsRatio(1e8), 1e-8)).toBeLessThan(1e-15);
    expect(relative(erfcx(1), 0.427583576155807)).toBeLessThan(8e-16);
    expect(normalPdf(0)).toBe(0.3989422804014327);
  });
  it('has an inline exponential that agrees with Math.exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        expect(relative(expNegative(x), Math.exp(x))).toBeLessThan(4e-16 * (1 + Math.abs(x) / 50));
      }),
    );
    expect(expNegative(0)).toBe(1);
    expect(expNegative(-1e9)).toBeLessThan(4e-308);
  });
  it('inverts itself and mirrors', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
        if (x < 0) expect(Math.abs(inverseNormalCdf(normalCdf(x)) - x)).toBeLessThan(1e-14 * Math.max(1, Math.abs(x)));
      }),
    );
  });
});
