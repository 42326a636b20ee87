import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpiryModel } from '#domain/structures/expiryModel';
import { payoffAtExpiry, payoffCurve, profitBounds, slopeAtInfinity } from '#domain/structures/payoff';
import { positiveIntervals, valueAt } from '#domain/structures/piecewise';
import { anyLegs } from '#support/arbitraryLegs';
import { call, put, stock } from '#support/legs';

const bullPut = [put(30, -1), put(25, 1)];

describe('payoff at expiration', () => {
  it('a 30/25 put credit spread for 1.20 makes 120, loses at most 380 and breaks even at 28.80', () => {
    expect(payoffAtExpiry(bullPut, 1.2, 31)).toBeCloseTo(120, 10);
    expect(payoffAtExpiry(bullPut, 1.2, 0)).toBeCloseTo(-380, 10);
    const { maxProfit, maxLoss, breakevens, basis } = profitBounds(bullPut, 1.2);
    expect([maxProfit, maxLoss, basis]).toEqual([12_000, 38_000, 'exact']);
    expect(breakevens).toHaveLength(1);
    expect(breakevens[0]).toBeCloseTo(28.8, 12);
  });

  it('an iron condor has two breakevens and loses the wider wing less its credit', () => {
    const condor = [put(90, 1), put(95, -1), call(105, -1), call(112, 1)];
    const { maxProfit, maxLoss, breakevens } = profitBounds(condor, 1.5);
    expect([maxProfit, maxLoss]).toEqual([15_000, 55_000]);
    expect(breakevens.map((price) => price.toFixed(4))).toEqual(['93.5000', '106.5000']);
  });

  it('says unbounded with null: a short call, a long straddle, a ratio spread', () => {
    expect(profitBounds([call(100, -1)], 2).maxLoss).toBeNull();
    expect(profitBounds([call(100, 1), put(100, 1)], -6).maxProfit).toBeNull();
    const ratio = profitBounds([call(100, 1), call(110, -2)], 0.5);
    expect([ratio.maxProfit, ratio.maxLoss]).toEqual([105_000, null]);
    expect(ratio.breakevens.map((price) => price.toFixed(2))).toEqual(['120.50']);
  });

  it('a covered call bought at 48.20 with a 50 call sold for 1.10 makes 290 and loses 4,710', () => {
    const bounds = profitBounds([stock(100), call(50, -1)], 1.1 - 48.2);
    expect([bounds.maxProfit, bounds.maxLoss]).toEqual([29_000, 471_000]);
    expect(bounds.breakevens[0]).toBeCloseTo(47.1, 10);
  });

  it('reads the multiplier from the contract', () => {
    const mini = { multiplier: 10 };
    expect(profitBounds([put(30, -1, mini), put(25, 1, mini)], 1.2).maxLoss).toBe(3800);
  });

  it('reports a structure that loses everywhere with a negative best result', () => {
    expect(profitBounds([call(100, 1), call(105, -1)], -6)).toMatchObject({
      maxProfit: -10_000,
      maxLoss: 60_000,
      breakevens: [],
    });
  });

  it('refuses legs of two underlyings and of two multipliers', () => {
    expect(() => payoffAtExpiry([call(10, 1), call(10, -1, { underlying: 'ABC' })], 0, 10)).toThrow(/one underlying/);
    expect(() => payoffAtExpiry([call(10, 1), call(10, -1, { multiplier: 10 })], 0, 10)).toThrow(/one multiplier/);
    expect(() => profitBounds([], 0)).toThrow(/no legs/);
  });

  it('gives the ends of a stretch at zero as breakevens', () => {
    expect(profitBounds([call(100, 1), call(110, -1)], 0).breakevens).toEqual([100]);
  });

  it('property: the curve equals the plain sum at any price, and bounds are never passed', () => {
    fc.assert(
      fc.property(
        anyLegs(1),
        fc.double({ min: -30, max: 30, noNaN: true }),
        fc.double({ min: 0, max: 600, noNaN: true }),
        (legs, credit, spot) => {
          const netCredit = Math.round(credit * 100) / 100;
          const direct = payoffAtExpiry(legs, netCredit, spot);
          const curve = payoffCurve(legs, netCredit);
          expect(valueAt(curve, spot)).toBeCloseTo(direct, 6);
          const { maxProfit, maxLoss } = profitBounds(legs, netCredit);
          if (maxProfit !== null) expect(direct * 100).toBeLessThanOrEqual(maxProfit + 1);
          else expect(slopeAtInfinity(legs)).toBeGreaterThan(0);
          if (maxLoss !== null) expect(-direct * 100).toBeLessThanOrEqual(maxLoss + 1);
          else expect(slopeAtInfinity(legs)).toBeLessThan(0);
        },
      ),
      { numRuns: 500, seed: 20261218 },
    );
  });

  it('property: the result is zero at every breakeven and changes sign nowhere else', () => {
    fc.assert(
      fc.property(anyLegs(1), fc.integer({ min: -3000, max: 3000 }), (legs, centsCredit) => {
        const netCredit = centsCredit / 100;
        const { breakevens } = profitBounds(legs, netCredit);
        for (const price of breakevens) expect(payoffAtExpiry(legs, netCredit, price)).toBeCloseTo(0, 6);
        const marks = [0, ...breakevens, 1e4];
        for (let i = 0; i + 1 < marks.length; i++) {
          const [from = 0, to = 0] = [marks[i], marks[i + 1]];
          const signs = [0.1, 0.37, 0.5, 0.83, 0.99].map((f) => {
            const value = payoffAtExpiry(legs, netCredit, from + f * (to - from));
            return Math.abs(value) < 1e-4 ? 0 : Math.sign(value);
          });
          expect(new Set(signs.filter((sign) => sign !== 0)).size).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('property: where the profit is positive is exactly what the intervals say', () => {
    fc.assert(
      fc.property(
        anyLegs(1),
        fc.integer({ min: -3000, max: 3000 }),
        fc.double({ min: 0.01, max: 900, noNaN: true }),
        (legs, centsCredit, spot) => {
          const curve = payoffCurve(legs, centsCredit / 100);
          const inside = positiveIntervals(curve).some(({ from, to }) => spot > from && spot < to);
          const value = payoffAtExpiry(legs, centsCredit / 100, spot);
          if (Math.abs(value) > 1e-3) expect(inside).toBe(value > 0);
        },
      ),
      { numRuns: 500, seed: 11 },
    );
  });
});

describe('structures with several expirations', () => {
  const calendar = [call(100, -1), call(100, 1, { expiration: '2027-01-15' })];
  const at20: ExpiryModel = { rate: 0.04, dividendYield: 0, volatilityOf: () => 0.2 };

  it('a calendar bought for 1.50 loses at most its debit and gains most at the strike', () => {
    const bounds = profitBounds(calendar, -1.5, at20);
    expect(bounds.basis).toBe('model');
    expect(bounds.maxLoss).toBe(15_000);
    // 28 days at 20 %: 100 x (2 Φ(0.0277) - 1) with 4 % interest is about 2.37 a share.
    expect(bounds.maxProfit).toBeGreaterThan(8_000);
    expect(bounds.maxProfit).toBeLessThan(9_500);
    expect(bounds.breakevens).toHaveLength(2);
  });

  it('a reverse calendar is not called safe: the call that outlives its cover has no bound', () => {
    expect(profitBounds([call(100, 1), call(100, -1, { expiration: '2027-01-15' })], 1.5, at20).maxLoss).toBeNull();
  });

  it('a put that outlives its cover counts with its whole strike', () => {
    expect(profitBounds([put(100, 1), put(100, -1, { expiration: '2027-01-15' })], 1.5, at20).maxLoss).toBe(985_000);
  });

  it('a diagonal with the long leg wider loses the width plus the debit', () => {
    const bounds = profitBounds([put(100, -1), put(95, 1, { expiration: '2027-01-15' })], -0.4, at20);
    expect(bounds.maxLoss).toBe(54_000);
  });
});
