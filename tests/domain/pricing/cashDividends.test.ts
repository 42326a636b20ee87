import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmericanInput, DiscreteDividend } from '#domain/pricing/american';
import { greeksOnGrid, priceOnGrid } from '#domain/pricing/americanGrid';
import { greeksEuropean, priceEuropean } from '#domain/pricing/blackScholes';
import { greeksWithCashDividends, priceWithCashDividends } from '#domain/pricing/cashDividends';

/** Hull, 'Options, Futures and Other Derivatives', European options on dividend-paying shares: worth 3.67. */
const hull: AmericanInput = {
  right: 'call',
  spot: 40,
  strike: 40,
  years: 0.5,
  rate: 0.09,
  dividendYield: 0,
  volatility: 0.3,
  discreteDividends: [
    { years: 2 / 12, amount: 0.5 },
    { years: 5 / 12, amount: 0.5 },
  ],
};

/** The grid of QuantLib's dividend tests (test-suite/dividendoption.cpp). */
const GRID = [50, 99.5, 100, 100.5, 150].flatMap((strike) =>
  [0, 0.1, 0.3].flatMap((dividendYield) =>
    [0.01, 0.05, 0.15].flatMap((rate) =>
      [0.05, 0.2, 0.7].flatMap((volatility) =>
        (['call', 'put'] as const).map((right) => ({ right, spot: 100, strike, years: 1, rate, dividendYield, volatility })),
      ),
    ),
  ),
);

describe('European options with cash dividends', () => {
  it("meet Hull's worked example, to the cent it is printed with", () => {
    expect(priceWithCashDividends(hull)).toBeCloseTo(3.67, 2);
  });
  it("keep QuantLib's limits on its whole grid: a dividend today is a lower share, one at expiry a higher strike", () => {
    for (const input of GRID) {
      const at = (years: number, amount: number) => priceWithCashDividends({ ...input, discreteDividends: [{ years, amount }] });
      expect(Math.abs(at(1e-12, 10) - priceEuropean({ ...input, spot: 90 }))).toBeLessThan(1e-9);
      // A dividend at expiry leaves the share short of it: parity's forward is lower by just that.
      const call = priceWithCashDividends({ ...input, right: 'call', discreteDividends: [{ years: 1, amount: 10 }] });
      const put = priceWithCashDividends({ ...input, right: 'put', discreteDividends: [{ years: 1, amount: 10 }] });
      const forward = (100 - 10 * Math.exp(-input.rate)) * Math.exp(-input.dividendYield);
      expect(Math.abs(call - put - forward + input.strike * Math.exp(-input.rate))).toBeLessThan(1e-10);
      expect(at(1.01, 10)).toBe(priceEuropean(input));
    }
  });
  it('have greeks that agree with bumping the price, the days and the rate included', () => {
    const amount = fc.double({ min: 0.1, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...GRID), amount, amount, (grid, first, second) => {
        fc.pre(grid.volatility > 0.1);
        const of = (shift: number): readonly DiscreteDividend[] => [
          { years: 0.25 - shift, amount: first },
          { years: 0.75 - shift, amount: second },
        ];
        const input = { ...grid, discreteDividends: of(0) };
        const greeks = greeksWithCashDividends(input);
        const price = (change: Partial<AmericanInput>) => priceWithCashDividends({ ...input, ...change });
        const h = 1e-3;
        expect(Math.abs(greeks.delta - (price({ spot: 100 + h }) - price({ spot: 100 - h })) / (2 * h))).toBeLessThan(1e-6);
        const day = (later: number) => price({ years: 1 - later, discreteDividends: of(later) });
        expect(Math.abs(greeks.thetaPerDay * 365 - (day(h) - day(-h)) / (2 * h))).toBeLessThan(2e-3);
        const rate = 1e-4;
        const byRate = (price({ rate: input.rate + rate }) - price({ rate: input.rate - rate })) / (2 * rate);
        expect(Math.abs(greeks.rhoPerPoint - 0.01 * byRate)).toBeLessThan(1e-4);
        expect(greeks.price).toBe(price({}));
      }),
      { numRuns: 60, seed: 5 },
    );
  });
  it('refuse dividends worth more than the share', () => {
    expect(() => priceWithCashDividends({ ...hull, discreteDividends: [{ years: 0.1, amount: 41 }] })).toThrow(/worth more/);
  });
});

describe('all greeks from the grid', () => {
  it('agree with Black-Scholes where that is exact', () => {
    const { discreteDividends: _, ...plain } = hull;
    const exact = greeksEuropean(plain);
    const grid = greeksOnGrid(plain, 'european');
    expect(grid.vegaPerPoint).toBeCloseTo(exact.vegaPerPoint, 4);
    expect(grid.rhoPerPoint).toBeCloseTo(exact.rhoPerPoint, 4);
    expect(grid.dividendRhoPerPoint).toBeCloseTo(exact.dividendRhoPerPoint, 4);
    expect(grid.delta).toBeCloseTo(exact.delta, 4);
  });
  it('of an American call before its dividend: more delta and less vega than a European one', () => {
    const deep = { ...hull, strike: 36 };
    const american = greeksOnGrid(deep);
    const european = greeksOnGrid(deep, 'european');
    expect(american.delta).toBeGreaterThan(european.delta);
    expect(american.vegaPerPoint).toBeLessThan(european.vegaPerPoint);
    expect(american.price).toBe(priceOnGrid(deep).price);
  });
});
