import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lognormalDistribution } from '#domain/structures/distribution';
import { impliedSkewness, MOST_SKEWNESS, skewedDistribution } from '#domain/structures/skewedDistribution';

const LAW = { forward: 100, years: 0.1, volatility: 0.25 };

/** Moments of ln S and the mean of S by Simpson's rule over the distribution function's steps. */
function measured(law: ReturnType<typeof skewedDistribution>, spread: number) {
  const steps = 40_000;
  const from = Math.log(LAW.forward) - 12 * spread;
  const width = (24 * spread) / steps;
  let previous = law.cdf(Math.exp(from));
  const masses: { x: number; p: number }[] = [];
  for (let i = 1; i <= steps; i += 1) {
    const x = from + i * width;
    const reached = law.cdf(Math.exp(x));
    masses.push({ x: x - width / 2, p: reached - previous });
    previous = reached;
  }
  const mean = masses.reduce((sum, { x, p }) => sum + x * p, 0);
  const moment = (k: number): number => masses.reduce((sum, { x, p }) => sum + p * (x - mean) ** k, 0);
  const deviation = Math.sqrt(moment(2));
  return { deviation, skewness: moment(3) / deviation ** 3, price: masses.reduce((sum, { x, p }) => sum + p * Math.exp(x), 0) };
}

describe('a skewed law of the price', () => {
  it.each([-0.9, -0.6, -0.2, 0.3, 0.9])('has the mean, the volatility and the skewness %d that were asked for', (skewness) => {
    const spread = LAW.volatility * Math.sqrt(LAW.years);
    const found = measured(skewedDistribution({ ...LAW, skewness }), spread);
    expect(found.price).toBeCloseTo(100, 4);
    expect(found.deviation).toBeCloseTo(spread, 6);
    expect(found.skewness).toBeCloseTo(skewness, 4);
  });

  it('without skewness is the lognormal law, and beside it for a little', () => {
    const lognormal = lognormalDistribution(LAW);
    for (const price of [70, 90, 100, 105, 140]) {
      expect(skewedDistribution({ ...LAW, skewness: 0 }).cdf(price)).toBe(lognormal.cdf(price));
      expect(skewedDistribution({ ...LAW, skewness: 1e-6 }).cdf(price)).toBeCloseTo(lognormal.cdf(price), 6);
      expect(skewedDistribution({ ...LAW, skewness: 1e-6 }).partialExpectation(price)).toBeCloseTo(
        lognormal.partialExpectation(price),
        4,
      );
    }
  });

  it('with a long tail below lies above a near call strike more often than the lognormal does, and falls far more often', () => {
    const skewed = skewedDistribution({ ...LAW, skewness: -0.6 });
    const lognormal = lognormalDistribution(LAW);
    expect(1 - skewed.cdf(104)).toBeGreaterThan(1 - lognormal.cdf(104) + 0.01);
    expect(skewed.cdf(82)).toBeGreaterThan(1.3 * lognormal.cdf(82));
  });

  it('rises from nothing to one, and its partial expectations to its mean', () => {
    fc.assert(
      fc.property(
        fc.record({
          forward: fc.double({ min: 1, max: 5_000, noNaN: true }),
          years: fc.double({ min: 0.001, max: 3, noNaN: true }),
          volatility: fc.double({ min: 0.03, max: 2, noNaN: true }),
          skewness: fc.double({ min: -3, max: 3, noNaN: true }),
        }),
        fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 2, maxLength: 12 }),
        (law, moneyness) => {
          const made = skewedDistribution(law);
          const prices = [0, ...moneyness.map((m) => m * law.forward).sort((a, b) => a - b), Number.POSITIVE_INFINITY];
          const probabilities = prices.map(made.cdf);
          const partials = prices.map(made.partialExpectation);
          const rising = (values: number[], slack: number) =>
            values.every((v, i) => i === 0 || v >= (values[i - 1] ?? 0) - slack);
          expect(rising(probabilities, 1e-12) && rising(partials, 1e-9 * law.forward)).toBe(true);
          expect([probabilities[0], probabilities.at(-1)]).toEqual([0, 1]);
          expect(partials.at(-1)).toBeCloseTo(law.forward, 6 - Math.ceil(Math.log10(law.forward)));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('cuts a skewness that it cannot have', () => {
    expect(skewedDistribution({ ...LAW, skewness: -4 }).cdf(95)).toBe(
      skewedDistribution({ ...LAW, skewness: -MOST_SKEWNESS }).cdf(95),
    );
  });
});

describe('the skewness of a smile', () => {
  it('is six times its relative slope: 19 % and 16 % at 0.7 deviations around 17 % say -0.76', () => {
    expect(impliedSkewness(0.19, 0.16, 0.17, 0.7)).toBeCloseTo(-0.7563, 4);
  });
});
