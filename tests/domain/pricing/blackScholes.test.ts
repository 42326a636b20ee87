import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { black76, type EuropeanInput, greeksEuropean, onForward, priceEuropean } from '#domain/pricing/blackScholes';
import { secondOrderGreeks } from '#domain/pricing/secondOrderGreeks';
import { quantlibRows, vollibRows } from './referenceRows.ts';

// E. G. Haug, "Option pricing formulas" (1998), pages 2-8 and 24-27; the table QuantLib's own test suite carries.
const HAUG: readonly (readonly [EuropeanInput['right'], number, number, number, number, number, number, number])[] = [
  ['call', 65, 60, 0, 0.08, 0.25, 0.3, 2.1334],
  ['put', 19, 19, 0.1, 0.1, 0.75, 0.28, 1.7011],
  ['call', 1.6, 1.56, 0.08, 0.06, 0.5, 0.12, 0.0291],
  ['call', 100, 110, 0.1, 0.1, 0.5, 0.25, 12.7857],
  ['put', 100, 90, 0.1, 0.1, 0.5, 0.25, 12.2149],
  ['call', 40, 42, 0.08, 0.04, 0.75, 0.35, 5.0975],
];

/** Haug, pages 11-16: greeks of five options, as QuantLib's test suite carries them. Theta per year, vega and rho per 1.00. */
const HAUG_GREEKS: readonly (readonly [EuropeanInput, keyof typeof PER, number])[] = [
  [{ right: 'call', strike: 100, spot: 105, dividendYield: 0.1, rate: 0.1, years: 0.5, volatility: 0.36 }, 'delta', 0.5946],
  [{ right: 'put', strike: 60, spot: 55, dividendYield: 0, rate: 0.1, years: 0.75, volatility: 0.3 }, 'gamma', 0.0278],
  [{ right: 'put', strike: 60, spot: 55, dividendYield: 0, rate: 0.1, years: 0.75, volatility: 0.3 }, 'vegaPerPoint', 18.9358],
  [
    { right: 'put', strike: 405, spot: 430, dividendYield: 0.05, rate: 0.07, years: 1 / 12, volatility: 0.2 },
    'thetaPerDay',
    -31.1924,
  ],
  [{ right: 'call', strike: 75, spot: 72, dividendYield: 0, rate: 0.09, years: 1, volatility: 0.19 }, 'rhoPerPoint', 38.7325],
  [
    { right: 'put', strike: 490, spot: 500, dividendYield: 0.05, rate: 0.08, years: 0.25, volatility: 0.15 },
    'dividendRhoPerPoint',
    42.2254,
  ],
];
/** From our units to the table's. */
const PER = { delta: 1, gamma: 1, vegaPerPoint: 100, thetaPerDay: 365, rhoPerPoint: 100, dividendRhoPerPoint: 100 } as const;

const option = fc.record({
  right: fc.constantFrom('call' as const, 'put' as const),
  spot: fc.double({ min: 20, max: 500, noNaN: true }),
  strike: fc.double({ min: 20, max: 500, noNaN: true }),
  years: fc.double({ min: 0.003, max: 3, noNaN: true }),
  rate: fc.double({ min: -0.02, max: 0.12, noNaN: true }),
  dividendYield: fc.double({ min: 0, max: 0.08, noNaN: true }),
  volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
});

describe('Black-Scholes-Merton', () => {
  it.each(HAUG)(
    '%s K=%d S=%d q=%d r=%d t=%d v=%d is worth %d',
    (right, strike, spot, dividendYield, rate, years, volatility, want) => {
      expect(Math.abs(priceEuropean({ right, strike, spot, dividendYield, rate, years, volatility }) - want)).toBeLessThan(6e-5);
    },
  );
  it.each(HAUG_GREEKS)('has the greeks of Haug: %o %s %d', (input, greek, want) => {
    expect(Math.abs(greeksEuropean(input)[greek] * PER[greek] - want)).toBeLessThan(6e-5);
  });
  it("meets QuantLib's Black calculator (undiscounted, forward 100, deviation 0.2)", () => {
    for (const [right, strike, want] of [
      ['call', 100, 7.965567455405804],
      ['put', 100, 7.965567455405804],
      ['call', 90, 13.589108116054803],
      ['put', 110, 14.292010941409899],
      ['call', 110, 4.292010941409885],
      ['put', 90, 3.589108116054806],
    ] as const)
      expect(Math.abs(black76({ right, strike, forward: 100, years: 1, discount: 1, volatility: 0.2 }) - want)).toBeLessThan(
        2e-14,
      );
  });
  it("meets every row of QuantLib's European table", () => {
    const rows = quantlibRows('test-suite/europeanoption.cpp', 'testValues');
    for (const row of rows) expect(Math.abs(priceEuropean(row) - row.result), JSON.stringify(row)).toBeLessThan(1e-4);
    expect([0, 22]).toContain(rows.length);
  });
  it("meets py_vollib's 101 rows, prices and greeks", () => {
    const rows = vollibRows();
    for (const { input, call, put } of rows) {
      for (const [right, want] of [
        ['call', call],
        ['put', put],
      ] as const) {
        const got = greeksEuropean({ ...input, right });
        const close = (value: number, published: number, what: string) =>
          expect(Math.abs(value - published), `${what} ${right} ${JSON.stringify(input)}`).toBeLessThan(
            2e-8 * Math.max(1, Math.abs(published)),
          );
        close(got.price, want.price, 'price');
        close(got.delta, want.delta, 'delta');
        close(got.gamma, want.gamma, 'gamma');
        close(got.thetaPerDay * 365, want.theta, 'theta per year');
        close(got.vegaPerPoint * 100, want.vega, 'vega per 1.00');
        close(got.rhoPerPoint * 100, want.rho, 'rho per 1.00');
      }
    }
    expect([0, 101]).toContain(rows.length);
  });
  it('keeps put-call parity to the last digits', () => {
    fc.assert(
      fc.property(option, (input) => {
        const call = priceEuropean({ ...input, right: 'call' });
        const put = priceEuropean({ ...input, right: 'put' });
        const forwardValue =
          input.spot * Math.exp(-input.dividendYield * input.years) - input.strike * Math.exp(-input.rate * input.years);
        expect(Math.abs(call - put - forwardValue)).toBeLessThan(1e-12 * (input.spot + input.strike));
      }),
    );
  });
  it('has greeks that agree with bumping the price', () => {
    fc.assert(
      fc.property(option, (input) => {
        const greeks = greeksEuropean(input);
        const second = secondOrderGreeks(input);
        const slope = (
          key: 'spot' | 'volatility' | 'rate' | 'dividendYield' | 'years',
          h: number,
          read: (at: EuropeanInput) => number,
        ) =>
          (8 * (read({ ...input, [key]: input[key] + h }) - read({ ...input, [key]: input[key] - h })) -
            (read({ ...input, [key]: input[key] + 2 * h }) - read({ ...input, [key]: input[key] - 2 * h }))) /
          (12 * h);
        const near = (got: number, want: number, scale: number, what: string) =>
          expect(Math.abs(got - want), `${what} ${got} ${want}`).toBeLessThan(2e-6 * scale);
        const deviation = input.volatility * Math.sqrt(input.years);
        const hs = 0.01 * input.spot * Math.min(deviation, 0.3);
        const hv = 0.005 * input.volatility;
        const ht = 0.005 * input.years;
        const { spot } = input;
        near(greeks.delta, slope('spot', hs, priceEuropean), 1, 'delta');
        const delta = (at: EuropeanInput) => greeksEuropean(at).delta;
        const gamma = (at: EuropeanInput) => greeksEuropean(at).gamma;
        const vega = (at: EuropeanInput) => greeksEuropean(at).vegaPerPoint;
        const vomma = (at: EuropeanInput) => secondOrderGreeks(at).vommaPerPoint;
        near(greeks.gamma * spot * deviation, slope('spot', hs, delta) * spot * deviation, 1, 'gamma');
        near(greeks.vegaPerPoint, 0.01 * slope('volatility', hv, priceEuropean), 0.01 * spot, 'vega');
        near(greeks.thetaPerDay * 365 * input.years, -slope('years', ht, priceEuropean) * input.years, spot, 'theta');
        near(greeks.rhoPerPoint, 0.01 * slope('rate', 1e-4, priceEuropean), 0.1 * spot, 'rho');
        near(greeks.dividendRhoPerPoint, 0.01 * slope('dividendYield', 1e-4, priceEuropean), 0.1 * spot, 'dividend rho');
        near(second.vannaPerPoint, 0.01 * slope('volatility', hv, delta), 0.01 / input.volatility, 'vanna');
        near(second.vommaPerPoint, 0.01 * slope('volatility', hv, vega), (1e-4 * spot) / input.volatility, 'vomma');
        near(second.charmPerDay * 365 * input.years, -slope('years', ht, delta) * input.years, 1, 'charm');
        near(second.vetaPerDay * 365 * input.years, -slope('years', ht, vega) * input.years, 0.01 * spot, 'veta');
        const gammaScale = 1 / (spot * deviation);
        near(second.speed, slope('spot', hs, gamma), gammaScale / (spot * deviation), 'speed');
        near(second.zommaPerPoint, 0.01 * slope('volatility', hv, gamma), (0.01 * gammaScale) / input.volatility, 'zomma');
        near(second.colourPerDay * 365 * input.years, -slope('years', ht, gamma) * input.years, gammaScale, 'colour');
        near(second.ultimaPerPoint, 0.01 * slope('volatility', hv, vomma), (1e-6 * spot) / input.volatility ** 2, 'ultima');
      }),
      { numRuns: 200 },
    );
  });
  it('has the greeks of Black-76 too: an option on a forward is one on an asset that yields the rate', () => {
    const input = { right: 'put' as const, forward: 412, strike: 400, years: 0.4, discount: 0.97, volatility: 0.22 };
    const greeks = greeksEuropean(onForward(input));
    const bumped = (change: Partial<typeof input>) => black76({ ...input, ...change });
    expect(greeks.price).toBeCloseTo(black76(input), 12);
    expect(greeks.delta).toBeCloseTo((bumped({ forward: 412.01 }) - bumped({ forward: 411.99 })) / 0.02, 6);
    expect(greeks.gamma).toBeCloseTo((bumped({ forward: 413 }) - 2 * greeks.price + bumped({ forward: 411 })) / 1, 5);
    expect(greeks.vegaPerPoint).toBeCloseTo((bumped({ volatility: 0.225 }) - bumped({ volatility: 0.215 })) / 1, 4);
    const discountOf = (rate: number) => Math.exp(-rate * input.years);
    const rate = -Math.log(input.discount) / input.years;
    const perPoint = bumped({ discount: discountOf(rate + 0.005) }) - bumped({ discount: discountOf(rate - 0.005) });
    expect(greeks.rhoPerPoint + greeks.dividendRhoPerPoint).toBeCloseTo(perPoint, 6);
    const vanna = (at: number) => greeksEuropean(onForward({ ...input, forward: at })).vegaPerPoint;
    expect(secondOrderGreeks(onForward(input)).vannaPerPoint).toBeCloseTo((vanna(412.1) - vanna(411.9)) / 0.2, 6);
  });
  it('gives intrinsic value and a step of delta at expiry', () => {
    const expired = { right: 'put' as const, spot: 95, strike: 100, years: 0, rate: 0.05, dividendYield: 0, volatility: 0.2 };
    expect(greeksEuropean(expired)).toMatchObject({ price: 5, delta: -1, gamma: 0, thetaPerDay: 0, vegaPerPoint: 0 });
    expect(greeksEuropean({ ...expired, spot: 105 })).toMatchObject({ price: 0, delta: -0 });
    expect(secondOrderGreeks(expired).vannaPerPoint).toBe(0);
  });
  it('keeps relative precision in the far wing, where a call worth 2e-63 is still exact', () => {
    // mpmath, 700 digits: b(-0.5, 0.03) = 2.046325088538701e-65, times √(FK).
    const forward = 100 * Math.exp(-0.25);
    const strike = 100 * Math.exp(0.25);
    const price = black76({ right: 'call', forward, strike, years: 1, discount: 1, volatility: 0.03 });
    expect(Math.abs(price / 2.046325088538701e-63 - 1)).toBeLessThan(1e-11);
  });
  it('throws on what cannot be priced', () => {
    expect(() => black76({ right: 'call', forward: Number.NaN, strike: 1, years: 1, discount: 1, volatility: 0.2 })).toThrow(
      /priceable/,
    );
  });
});
