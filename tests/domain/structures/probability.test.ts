import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { inverseNormalCdf } from '#domain/pricing/normal';
import { payoffAtExpiry } from '#domain/structures/payoff';
import {
  expectedValue,
  lognormalDistribution,
  probabilityOfExceeding,
  probabilityOfProfit,
  touchProbability,
} from '#domain/structures/probability';
import { anyLegs } from '#support/arbitraryLegs';
import { call, put, stock } from '#support/legs';

const law = lognormalDistribution({ forward: 101, years: 0.25, volatility: 0.3, belief: 'forecast' });

describe('the lognormal law', () => {
  it('has its mean at the forward, no mass below zero, and its name says whose belief it is', () => {
    expect(law.partialExpectation(Number.POSITIVE_INFINITY)).toBe(101);
    expect([law.cdf(0), law.cdf(-1), law.cdf(Number.POSITIVE_INFINITY)]).toEqual([0, 0, 1]);
    expect(law.model).toContain('forecast');
  });

  it('with no time left stands at the forward', () => {
    const certain = lognormalDistribution({ forward: 100, years: 0, volatility: 0.3 });
    expect([certain.cdf(99.99), certain.cdf(100)]).toEqual([0, 1]);
    expect(expectedValue([put(105, 1)], -2, certain)).toBeCloseTo(300, 10);
  });

  it('refuses a forward that is not a price', () => {
    expect(() => lognormalDistribution({ forward: 0, years: 1, volatility: 0.2 })).toThrow(/forward/);
    expect(() => lognormalDistribution({ forward: 10, years: 1, volatility: Number.NaN })).toThrow(/volatility/);
  });
});

describe('expected value and probability of profit', () => {
  it('under the risk-neutral law an option at its model price is worth nothing on average', () => {
    const [spot, years, rate, volatility] = [100, 0.25, 0.04, 0.3];
    const neutral = lognormalDistribution({ forward: spot * Math.exp(rate * years), years, volatility });
    const price = priceEuropean({ right: 'put', spot, strike: 95, years, rate, dividendYield: 0, volatility });
    expect(expectedValue([put(95, -1)], price * Math.exp(rate * years), neutral)).toBeCloseTo(0, 9);
  });

  it('a 30/25 put credit spread for 1.20 under 30 % volatility', () => {
    const month = lognormalDistribution({ forward: 32, years: 0.1, volatility: 0.3 });
    expect(probabilityOfProfit([put(30, -1), put(25, 1)], 1.2, month)).toBeCloseTo(0.8561460227, 9);
    // P(S > 28.80) with ln(28.8/32) + s²/2 over s, s = 0.3 sqrt(0.1).
    expect(probabilityOfProfit([put(30, -1), put(25, 1)], 1.2, month)).toBeCloseTo(1 - month.cdf(28.8), 12);
  });

  it('the distribution of the result: never above the best, always above the worst, falling between', () => {
    const spread = [put(30, -1), put(25, 1)];
    const month = lognormalDistribution({ forward: 32, years: 0.1, volatility: 0.3 });
    const chance = (dollars: number): number => probabilityOfExceeding(spread, 1.2, dollars, month);
    expect([chance(120), chance(-381), chance(0)]).toEqual([0, 1, probabilityOfProfit(spread, 1.2, month)]);
    expect(chance(-100)).toBeCloseTo(1 - month.cdf(27.8), 12);
  });

  it('shares bought at the forward win nothing on average', () => {
    expect(expectedValue([stock(100)], -101 * 100, law)).toBeCloseTo(0, 9);
  });

  it('property: equals 20,000-point integration over the quantiles', () => {
    const points = 20_000;
    const prices = Float64Array.from(
      { length: points },
      (_, i) => 101 * Math.exp(0.15 * inverseNormalCdf((i + 0.5) / points) - 0.5 * 0.15 ** 2),
    );
    fc.assert(
      fc.property(anyLegs(1), fc.integer({ min: -1000, max: 1000 }), (legs, centsCredit) => {
        const credit = centsCredit / 100;
        let mean = 0;
        let positive = 0;
        for (const price of prices) {
          const value = payoffAtExpiry(legs, credit, price);
          mean += value / points;
          if (value > 1e-5) positive += 1 / points;
        }
        const contracts = legs.reduce(
          (sum, leg) => sum + (leg.kind === 'stock' ? Math.abs(leg.shares) / 100 : Math.abs(leg.ratio)),
          0,
        );
        expect(Math.abs(expectedValue(legs, credit, law) - mean)).toBeLessThan(0.5 * contracts + 0.1);
        expect(Math.abs(probabilityOfProfit(legs, credit, law) - positive)).toBeLessThan(6 / points);
      }),
      { numRuns: 25, seed: 12 },
    );
  });

  it('property: the profit of both sides of a trade adds to nothing, probabilities to at most one', () => {
    fc.assert(
      fc.property(anyLegs(1), fc.integer({ min: -1000, max: 1000 }), (legs, centsCredit) => {
        const credit = centsCredit / 100;
        const other = legs.map((leg) => (leg.kind === 'stock' ? { ...leg, shares: -leg.shares } : { ...leg, ratio: -leg.ratio }));
        expect(expectedValue(legs, credit, law) + expectedValue(other, -credit, law)).toBeCloseTo(0, 6);
        const both = probabilityOfProfit(legs, credit, law) + probabilityOfProfit(other, -credit, law);
        expect(both).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  it('a calendar is priced through its model value, with mass only inside its tent', () => {
    const calendar = [call(100, -1), call(100, 1, { expiration: '2027-01-15' })];
    const calm = lognormalDistribution({ forward: 100, years: 0.1, volatility: 0.1 });
    const wild = lognormalDistribution({ forward: 100, years: 0.1, volatility: 0.8 });
    expect(probabilityOfProfit(calendar, -1.5, calm)).toBeGreaterThan(probabilityOfProfit(calendar, -1.5, wild));
  });
});

describe('touch probability', () => {
  it('without drift of the logarithm it is twice the probability to end beyond', () => {
    const volatility = 0.2;
    const touch = touchProbability({ spot: 100, barrier: 90, years: 0.25, volatility, drift: 0.5 * volatility ** 2 });
    const law90 = lognormalDistribution({ forward: 100 * Math.exp(0.5 * volatility ** 2 * 0.25), years: 0.25, volatility });
    expect(touch).toBeCloseTo(2 * law90.cdf(90), 12);
  });

  it('is certain at the barrier, impossible without time, and symmetric in logarithms', () => {
    expect(touchProbability({ spot: 100, barrier: 100, years: 0.1, volatility: 0.2 })).toBe(1);
    expect(touchProbability({ spot: 100, barrier: 110, years: 0, volatility: 0.2 })).toBe(0);
    const up = touchProbability({ spot: 100, barrier: 110, years: 0.5, volatility: 0.3, drift: 0.045 });
    const down = touchProbability({ spot: 100, barrier: 100 / 1.1, years: 0.5, volatility: 0.3, drift: 0.045 });
    expect(up).toBeCloseTo(down, 12);
  });

  it('property: at least the probability to end beyond, growing with time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (ratio, volatility) => {
          const barrier = 100 * ratio;
          const end = lognormalDistribution({ forward: 100, years: 0.5, volatility });
          const beyond = ratio > 1 ? 1 - end.cdf(barrier) : end.cdf(barrier);
          const touch = touchProbability({ spot: 100, barrier, years: 0.5, volatility });
          expect(touch).toBeGreaterThanOrEqual(beyond - 1e-12);
          expect(touchProbability({ spot: 100, barrier, years: 1, volatility })).toBeGreaterThanOrEqual(touch - 1e-12);
        },
      ),
      { numRuns: 500, seed: 14 },
    );
  });
});
