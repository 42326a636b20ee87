import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FEES, NO_FEES, optionFees, stockFees } from '#domain/portfolio/fees';

describe('pass-through fees', () => {
  it('a put spread of one, 1.60 sold and 0.40 bought, costs eleven cents', () => {
    // 2 x (0.02295 + 0.025) = 0.0959; sold leg: 0.00329 + 160 x 20.60 / 1e6 = 0.006586; together 0.1025 -> 11 cents.
    const legs = [
      { contracts: -1, price: 1.6, multiplier: 100 },
      { contracts: 1, price: 0.4, multiplier: 100 },
    ];
    expect(optionFees(DEFAULT_FEES, legs)).toBe(11);
  });

  it('caps the clearing fee of one trade at 55 dollars', () => {
    const big = [{ contracts: 10_000, price: 1, multiplier: 100 }];
    expect(optionFees({ ...NO_FEES, occClearingFeePerContract: 0.025, occClearingFeeCap: 55 }, big)).toBe(5500);
  });

  it('buying stock is free; selling 100 shares at 250 costs 54 cents', () => {
    expect(stockFees(DEFAULT_FEES, [{ shares: 100, price: 250 }])).toBe(0);
    // 100 x 0.000195 + 25,000 x 20.60 / 1e6 = 0.0195 + 0.515 = 0.5345 -> 54 cents.
    expect(stockFees(DEFAULT_FEES, [{ shares: -100, price: 250 }])).toBe(54);
  });

  it('never pays the customer and never falls as more is traded', () => {
    const execution = fc.record({
      contracts: fc.integer({ min: -50, max: 50 }),
      price: fc.double({ min: 0, max: 80, noNaN: true }),
      multiplier: fc.constant(100),
    });
    fc.assert(
      fc.property(fc.array(execution, { maxLength: 4 }), execution, (legs, another) => {
        const fees = optionFees(DEFAULT_FEES, legs);
        expect(fees).toBeGreaterThanOrEqual(0);
        expect(optionFees(DEFAULT_FEES, [...legs, another])).toBeGreaterThanOrEqual(fees);
      }),
    );
  });
});
