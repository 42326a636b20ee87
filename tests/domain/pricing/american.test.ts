import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceAmerican } from '#domain/pricing/american';
import { baroneAdesiWhaley, bjerksundStensland } from '#domain/pricing/americanApproximations';
import { ACCURATE, criticalSpot, EXACT, exerciseRegime, greeksAmerican, priceAmericanExact } from '#domain/pricing/americanExact';
import { priceOnGrid } from '#domain/pricing/americanGrid';
import { americanImpliedVolatility } from '#domain/pricing/americanImpliedVolatility';
import { type EuropeanInput, priceEuropean } from '#domain/pricing/blackScholes';
import { quantlibRows } from './referenceRows.ts';

const FOUR_TIMES_FINER = { nodes: 64, inner: 64, sweeps: 60, tolerance: 1e-14, outer: 384 };

const option = fc.record({
  right: fc.constantFrom('call' as const, 'put' as const),
  spot: fc.double({ min: 50, max: 160, noNaN: true }),
  strike: fc.constant(100),
  years: fc.double({ min: 0.02, max: 2, noNaN: true }),
  rate: fc.double({ min: 0, max: 0.1, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.1, noNaN: true }),
  volatility: fc.double({ min: 0.08, max: 0.9, noNaN: true }),
});

const base: EuropeanInput = { right: 'put', spot: 100, strike: 100, years: 1, rate: 0.05, dividendYield: 0.05, volatility: 0.25 };

describe('American options', () => {
  it('meet published values to 1e-7: Andersen, Lake and Offengenden (tables 2 and 3, l = 65, m = 8, n = 32), and AQFED.jl', () => {
    expect(Math.abs(priceAmericanExact(base) - priceEuropean(base) - 0.1069527028247546)).toBeLessThan(1e-9);
    const higher = { ...base, rate: 0.075 };
    const premium = priceAmericanExact(higher) - priceEuropean(higher);
    for (const published of [0.3671112309062572, 0.3671111267813689]) expect(Math.abs(premium - published)).toBeLessThan(1e-7);
    // Printed in that project's README from 7 nodes, a coarser run than ours: 1e-7 of the strike.
    const deep = { ...base, spot: 80, years: 0.75, rate: 0.04, dividendYield: 0, volatility: 0.3 };
    expect(Math.abs(priceAmericanExact(deep) - 21.086135735070997)).toBeLessThan(1e-7 * 100);
  });
  it("meet every row of Haug's Barone-Adesi-Whaley table, and lie within that approximation's own error of it", () => {
    const rows = [
      ...quantlibRows('test-suite/americanoption.cpp', 'testBaroneAdesiWhaleyValues'),
      { ...base, spot: 90, rate: 0.1, dividendYield: 0.1, years: 0.1, volatility: 0.15, right: 'call' as const, result: 0.0206 },
      { ...base, rate: 0.1, dividendYield: 0.1, years: 0.5, volatility: 0.35, right: 'call' as const, result: 9.5106 },
    ];
    for (const row of rows) {
      // Haug's own figures carry the stopping tolerance of his critical price: QuantLib grants them 3e-3.
      expect(Math.abs(baroneAdesiWhaley(row) - row.result), `BAW ${JSON.stringify(row)}`).toBeLessThan(3e-3);
      expect(Math.abs(priceAmericanExact(row) - row.result), JSON.stringify(row)).toBeLessThan(4e-2);
    }
    expect([2, 39]).toContain(rows.length);
  });
  it("meet every row of QuantLib's Bjerksund-Stensland table", () => {
    const rows = [
      ...quantlibRows('test-suite/americanoption.cpp', 'testBjerksundStenslandValues'),
      {
        ...base,
        right: 'call' as const,
        strike: 40,
        spot: 42,
        dividendYield: 0.08,
        rate: 0.04,
        years: 0.75,
        volatility: 0.35,
        result: 5.2704,
      },
      { ...base, strike: 40, spot: 36, dividendYield: 0, rate: 0.06, years: 1, volatility: 0.2, result: 4.4531 },
    ];
    for (const row of rows) {
      expect(Math.abs(bjerksundStensland(row) - row.result), `${JSON.stringify(row)} ${bjerksundStensland(row)}`).toBeLessThan(
        5e-5,
      );
    }
    expect([2, 10]).toContain(rows.length);
  });
  it('agree with a four times finer run to 1e-10 of the strike', () => {
    fc.assert(
      fc.property(option, (input) => {
        expect(Math.abs(priceAmericanExact(input, EXACT) - priceAmericanExact(input, FOUR_TIMES_FINER))).toBeLessThan(
          1e-10 * 100,
        );
      }),
      { numRuns: 25, seed: 11 },
    );
  });
  it('cost the fast path at most 1e-4 of the strike', () => {
    fc.assert(
      fc.property(option, (input) => {
        expect(Math.abs(priceAmerican(input) - priceAmericanExact(input, ACCURATE))).toBeLessThan(1e-4 * 100);
      }),
      { numRuns: 150 },
    );
  });
  it('are never below exercise or the European price, rise with volatility and time, and are convex in spot', () => {
    fc.assert(
      fc.property(option, (input) => {
        const price = priceAmericanExact(input, ACCURATE);
        const sign = input.right === 'call' ? 1 : -1;
        expect(price).toBeGreaterThanOrEqual(Math.max(sign * (input.spot - 100), priceEuropean(input)) - 1e-9);
        expect(priceAmericanExact({ ...input, volatility: input.volatility + 0.02 }, ACCURATE)).toBeGreaterThan(price - 1e-6);
        expect(priceAmericanExact({ ...input, years: input.years + 0.05 }, ACCURATE)).toBeGreaterThan(price - 1e-6);
        const h = 2;
        const up = priceAmericanExact({ ...input, spot: input.spot + h }, ACCURATE);
        const down = priceAmericanExact({ ...input, spot: input.spot - h }, ACCURATE);
        expect(up - 2 * price + down).toBeGreaterThan(-1e-6);
      }),
      { numRuns: 60 },
    );
  });
  it('obey put-call symmetry: C(S, K, r, q) = P(K, S, q, r)', () => {
    fc.assert(
      fc.property(option, ({ spot, strike, rate, dividendYield, ...rest }) => {
        const call = priceAmericanExact({ ...rest, right: 'call', spot, strike, rate, dividendYield }, ACCURATE);
        const put = priceAmericanExact(
          { ...rest, right: 'put', spot: strike, strike: spot, rate: dividendYield, dividendYield: rate },
          ACCURATE,
        );
        expect(Math.abs(call - put)).toBeLessThan(1e-10);
      }),
      { numRuns: 40 },
    );
  });
  it('are worth exactly exercise beyond the boundary, which falls with time for a put', () => {
    const put = { ...base, rate: 0.06, dividendYield: 0.01 };
    const boundary = criticalSpot(put);
    expect(boundary).not.toBeNull();
    if (boundary === null) return;
    expect(boundary).toBeGreaterThan(60);
    expect(boundary).toBeLessThan(100);
    expect(priceAmericanExact({ ...put, spot: boundary - 0.01 })).toBeCloseTo(100 - boundary + 0.01, 12);
    expect(priceAmericanExact({ ...put, spot: boundary + 1 })).toBeGreaterThan(100 - boundary - 1);
    expect(criticalSpot(put, 0.25)!).toBeGreaterThan(boundary);
    expect(criticalSpot({ ...base, right: 'call', dividendYield: 0 })).toBeNull();
    expect(exerciseRegime({ ...base, right: 'call', dividendYield: 0 })).toBe('never');
  });
  it('have greeks that agree with bumping the price and with the pricing equation', () => {
    for (const right of ['call', 'put'] as const) {
      const input = { ...base, right, spot: 97, rate: 0.06, dividendYield: 0.03, volatility: 0.3, years: 0.6 };
      const greeks = greeksAmerican(input, EXACT);
      const bump = (change: Partial<EuropeanInput>) => priceAmericanExact({ ...input, ...change });
      expect(Math.abs(greeks.delta - (bump({ spot: 97.05 }) - bump({ spot: 96.95 })) / 0.1)).toBeLessThan(1e-6);
      expect(Math.abs(greeks.gamma - (bump({ spot: 97.2 }) - 2 * greeks.price + bump({ spot: 96.8 })) / 0.04)).toBeLessThan(1e-5);
      expect(Math.abs(greeks.vegaPerPoint - (bump({ volatility: 0.301 }) - bump({ volatility: 0.299 })) / 0.2)).toBeLessThan(
        1e-6,
      );
      expect(Math.abs(greeks.thetaPerDay * 365 + (bump({ years: 0.602 }) - bump({ years: 0.598 })) / 0.004)).toBeLessThan(1e-3);
      expect(Math.abs(greeks.rhoPerPoint - (bump({ rate: 0.061 }) - bump({ rate: 0.059 })) / 0.2)).toBeLessThan(1e-5);
    }
    const deep = greeksAmerican({ ...base, spot: 40 });
    expect(deep).toMatchObject({ price: 60, delta: -1, gamma: 0, thetaPerDay: 0 });
  });
  it('imply the volatility they were priced with, and say why when there is none', () => {
    for (const right of ['call', 'put'] as const) {
      for (const volatility of [0.12, 0.35, 1.4]) {
        const option = { ...base, right, spot: 95, volatility };
        const got = americanImpliedVolatility({ ...option, price: priceAmericanExact(option, ACCURATE) });
        expect(got.kind === 'volatility' && Math.abs(got.volatility - volatility) < 1e-7, JSON.stringify(got)).toBe(true);
      }
    }
    expect(americanImpliedVolatility({ ...base, spot: 60, price: 40 }).kind).toBe('belowIntrinsic');
    expect(americanImpliedVolatility({ ...base, price: 101 }).kind).toBe('aboveMaximum');
    expect(americanImpliedVolatility({ ...base, years: 0, price: 1 }).kind).toBe('expired');
    expect(americanImpliedVolatility({ ...base, price: Number.NaN }).kind).toBe('notANumber');
  });
});

describe('options on a grid', () => {
  const dividends = [
    { years: 0.2, amount: 1.5 },
    { years: 0.45, amount: 1.5 },
  ];
  const stock = { ...base, strike: 95, years: 0.5, dividendYield: 0, volatility: 0.3 };
  it('agree with the collocation engine when there are no cash dividends', () => {
    for (const right of ['call', 'put'] as const) {
      const input = { ...base, right, rate: 0.06, dividendYield: 0.03 };
      const grid = priceOnGrid(input);
      const exact = greeksAmerican(input);
      expect(Math.abs(grid.price - exact.price)).toBeLessThan(5e-4);
      expect(Math.abs(grid.delta - exact.delta)).toBeLessThan(1e-4);
      expect(Math.abs(grid.gamma - exact.gamma)).toBeLessThan(1e-5);
      expect(Math.abs(grid.thetaPerDay - exact.thetaPerDay)).toBeLessThan(1e-5);
    }
  });
  it('agree with Black-Scholes for a European option', () => {
    expect(Math.abs(priceOnGrid(base, 'european').price - priceEuropean(base))).toBeLessThan(5e-4);
  });
  it('converge with refinement and exercise calls before a dividend', () => {
    const coarse = priceOnGrid({ ...stock, right: 'call', discreteDividends: dividends }).price;
    const fine = priceOnGrid({ ...stock, right: 'call', discreteDividends: dividends }, 'american', {
      points: 2400,
      steps: 1200,
    }).price;
    const held = priceOnGrid({ ...stock, right: 'call', discreteDividends: dividends }, 'european').price;
    expect(Math.abs(coarse - fine)).toBeLessThan(3e-4);
    expect(coarse).toBeGreaterThan(held + 0.4);
    // European parity: the forward has lost the dividends' present value.
    const heldPut = priceOnGrid({ ...stock, right: 'put', discreteDividends: dividends }, 'european').price;
    const forwardValue = 100 - 1.5 * (Math.exp(-0.05 * 0.2) + Math.exp(-0.05 * 0.45)) - 95 * Math.exp(-0.05 * 0.5);
    expect(Math.abs(held - heldPut - forwardValue)).toBeLessThan(1e-3);
  });
  it('price negative rates, where exercise has two boundaries (AQFED.jl publishes 22.372978)', () => {
    const input = { ...base, spot: 80, years: 0.75, rate: -0.005, dividendYield: -0.01, volatility: 0.3 };
    expect(exerciseRegime(input)).toBe('twoBoundaries');
    expect(() => priceAmericanExact(input)).toThrow(/two exercise boundaries/);
    expect(Math.abs(priceOnGrid(input, 'american', { points: 1200, steps: 600 }).price - 22.372978113275483)).toBeLessThan(3e-4);
  });
  it('implies volatility through cash dividends', () => {
    const price = priceOnGrid({ ...stock, right: 'put', discreteDividends: dividends }).price;
    const got = americanImpliedVolatility({ ...stock, right: 'put', discreteDividends: dividends, price });
    expect(got.kind === 'volatility' && Math.abs(got.volatility - 0.3) < 1e-7).toBe(true);
  });
});
