import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greeksBachelier, impliedNormalVolatility, priceBachelier } from '#domain/pricing/bachelier';
import { secondOrderBachelier } from '#domain/pricing/bachelierSecondOrder';

const option = { right: 'call' as const, forward: 3, strike: 2, years: 0.25, discount: 0.97, normalVolatility: 4 };

describe('Bachelier', () => {
  it('is s/√2π at the money: 20 over a year is worth 7.98', () => {
    expect(priceBachelier({ ...option, forward: 50, strike: 50, years: 1, discount: 1, normalVolatility: 20 })).toBeCloseTo(
      7.978845608,
      9,
    );
  });
  it('prices through zero and keeps parity', () => {
    const call = priceBachelier({ ...option, forward: -1 });
    const put = priceBachelier({ ...option, forward: -1, right: 'put' });
    expect(call).toBeGreaterThan(0);
    expect(call - put).toBeCloseTo(0.97 * -3, 13);
  });
  it('has greeks that agree with bumping', () => {
    const greeks = greeksBachelier(option);
    const bump = (change: Partial<typeof option>) => priceBachelier({ ...option, ...change });
    expect(greeks.delta).toBeCloseTo((bump({ forward: 3.001 }) - bump({ forward: 2.999 })) / 0.002, 7);
    expect(greeks.gamma).toBeCloseTo((bump({ forward: 3.01 }) - 2 * greeks.price + bump({ forward: 2.99 })) / 1e-4, 5);
    expect(greeks.vega).toBeCloseTo((bump({ normalVolatility: 4.001 }) - bump({ normalVolatility: 3.999 })) / 0.002, 7);
    expect(greeks.thetaPerYear).toBeCloseTo(-(bump({ years: 0.2501 }) - bump({ years: 0.2499 })) / 0.0002, 6);
    expect(greeksBachelier({ ...option, years: 0 })).toMatchObject({ delta: 0.97, gamma: 0, vega: 0 });
  });
  it('has second-order and cross greeks that agree with bumping the first, for any option', () => {
    fc.assert(
      fc.property(
        fc.record({
          right: fc.constantFrom('call' as const, 'put' as const),
          forward: fc.double({ min: -5, max: 5, noNaN: true }),
          strike: fc.double({ min: -5, max: 5, noNaN: true }),
          years: fc.double({ min: 0.2, max: 2, noNaN: true }),
          discount: fc.double({ min: 0.8, max: 1, noNaN: true }),
          normalVolatility: fc.double({ min: 2, max: 8, noNaN: true }),
        }),
        (any) => {
          const slope = (greek: 'delta' | 'vega' | 'gamma', of: 'forward' | 'years' | 'normalVolatility'): number => {
            const at = (step: number): number => greeksBachelier({ ...any, [of]: any[of] + step })[greek];
            return (at(1e-4) - at(-1e-4)) / 2e-4;
          };
          const vommaAt = (step: number) => secondOrderBachelier({ ...any, normalVolatility: any.normalVolatility + step }).vomma;
          const bumped = {
            vanna: slope('delta', 'normalVolatility'),
            vomma: slope('vega', 'normalVolatility'),
            charmPerYear: -slope('delta', 'years'),
            vetaPerYear: -slope('vega', 'years'),
            speed: slope('gamma', 'forward'),
            zomma: slope('gamma', 'normalVolatility'),
            colourPerYear: -slope('gamma', 'years'),
            ultima: (vommaAt(1e-4) - vommaAt(-1e-4)) / 2e-4,
          };
          const exact: Readonly<Record<string, number>> = { ...secondOrderBachelier(any) };
          for (const [name, value] of Object.entries(bumped)) expect(exact[name], name).toBeCloseTo(value, 6);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(secondOrderBachelier({ ...option, years: 0 })).toMatchObject({ vanna: 0, ultima: 0 });
  });
  it('implies its own volatility from d = -3 to 3 and far into the wing', () => {
    for (const d of [0, 0.01, 0.5, 1, 2, 3, 3.99, 4.01, 8, 20, 35]) {
      const input = { ...option, strike: 3 + d * 4 * 0.5 };
      const got = impliedNormalVolatility({ ...input, price: priceBachelier(input) });
      expect(got, `d = ${d}`).not.toBeNull();
      expect(Math.abs((got ?? 0) / 4 - 1), `d = ${d}`).toBeLessThan(2e-14);
    }
    expect(impliedNormalVolatility({ ...option, price: 0.97 })).toBeNull();
  });
});
