import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { inverseNormalCdf } from '#domain/pricing/normal';
import { varianceRiskPremium, volatilityCone } from '#domain/volatility/cone';
import { ivPercentile, ivRank } from '#domain/volatility/ivHistory';
import { type BarColumns, REALISED_ESTIMATORS, realisedVolatility } from '#domain/volatility/realised';
import {
  calendarDefects,
  constantMaturityVolatility,
  forwardVolatility,
  spannedVolatility,
  termSlope,
} from '#domain/volatility/termStructure';
import { indexOf, modelFreeVariance } from '#domain/volatility/volatilityIndex';

describe('IV rank and percentile', () => {
  const year = [0.1, 0.12, 0.14, 0.2, 0.3, Number.NaN];
  it('rank is the place between low and high, percentile the share of days below', () => {
    expect(ivRank(year, 0.2)).toBeCloseTo(0.5, 12);
    expect(ivPercentile(year, 0.2)).toBeCloseTo(3 / 5, 12);
  });
  it('a new extreme is told, a flat or empty history has no rank', () => {
    expect(ivRank(year, 0.4)).toBeCloseTo(1.5, 12);
    expect(ivRank([0.2, 0.2], 0.2)).toBeNull();
    expect(ivRank([], 0.2)).toBeNull();
    expect(ivPercentile([Number.NaN], 0.2)).toBeNull();
  });
  it('looks back only over its window', () => {
    expect(ivRank([0.9, ...Array<number>(10).fill(0.1), 0.3], 0.2, 11)).toBeCloseTo(0.5, 12);
  });
});

/** Days of a geometric Brownian motion of 400 steps each, from a seeded congruential generator. */
function walk(days: number, volatility: number, drift: number, overnight: number): BarColumns {
  let seed = 12345;
  const normal = (): number => {
    seed = (seed * 48271) % 2147483647;
    return inverseNormalCdf(seed / 2147483647);
  };
  const steps = 400;
  const bars = {
    open: new Float64Array(days),
    high: new Float64Array(days),
    low: new Float64Array(days),
    close: new Float64Array(days),
  };
  let log = Math.log(100);
  for (let day = 0; day < days; day++) {
    log += overnight * normal();
    bars.open[day] = Math.exp(log);
    let [high, low] = [log, log];
    for (let i = 0; i < steps; i++) {
      log += drift / 252 / steps + (volatility / Math.sqrt(252 * steps)) * normal();
      high = Math.max(high, log);
      low = Math.min(low, log);
    }
    bars.high[day] = Math.exp(high);
    bars.low[day] = Math.exp(low);
    bars.close[day] = Math.exp(log);
  }
  return bars;
}

describe('realised volatility', () => {
  it('two bars by hand', () => {
    const bars: BarColumns = { open: [100, 101, 99], high: [102, 103, 104], low: [99, 98, 97], close: [101, 99, 103] };
    const u = [Math.log(99 / 101), Math.log(103 / 99)];
    const mean = (u[0]! + u[1]!) / 2;
    expect(realisedVolatility('closeToClose', bars, 2)).toBeCloseTo(
      Math.sqrt(((u[0]! - mean) ** 2 + (u[1]! - mean) ** 2) * 252),
      12,
    );
    const range = (Math.log(103 / 98) ** 2 + Math.log(104 / 97) ** 2) / 2 / (4 * Math.LN2);
    expect(realisedVolatility('parkinson', bars, 2)).toBeCloseTo(Math.sqrt(range * 252), 12);
    const gk = (x: number, y: number): number => 0.5 * x ** 2 - (2 * Math.LN2 - 1) * y ** 2;
    const klass = (gk(Math.log(103 / 98), Math.log(99 / 101)) + gk(Math.log(104 / 97), Math.log(103 / 99))) / 2;
    expect(realisedVolatility('garmanKlass', bars, 2)).toBeCloseTo(Math.sqrt(klass * 252), 12);
  });

  it('all five come near the truth on 500 days of a 25 % walk, the range ones within the bias of 400 steps', () => {
    const bars = walk(500, 0.25, 0, 0);
    for (const estimator of REALISED_ESTIMATORS) {
      const value = realisedVolatility(estimator, bars, 499);
      expect(value).toBeGreaterThan(0.225);
      expect(value).toBeLessThan(0.265);
    }
  });

  it('Rogers-Satchell and Yang-Zhang shrug off a drift that misleads Parkinson', () => {
    const bars = walk(400, 0.1, 8, 0);
    expect(realisedVolatility('parkinson', bars, 399)).toBeGreaterThan(0.25);
    expect(realisedVolatility('rogersSatchell', bars, 399)).toBeLessThan(0.115);
    expect(realisedVolatility('yangZhang', bars, 399)).toBeLessThan(0.115);
  });

  it('only close-to-close and Yang-Zhang see overnight jumps', () => {
    const bars = walk(500, 0.1, 0, 0.02);
    const truth = Math.sqrt(0.1 ** 2 + 252 * 0.02 ** 2);
    expect(realisedVolatility('yangZhang', bars, 499)).toBeCloseTo(truth, 1);
    expect(realisedVolatility('closeToClose', bars, 499)).toBeCloseTo(truth, 1);
    expect(realisedVolatility('garmanKlass', bars, 499)).toBeLessThan(0.12);
  });

  it('too short a history is NaN, a window of one a mistake', () => {
    const bars = walk(10, 0.2, 0, 0);
    expect(realisedVolatility('closeToClose', bars, 10)).toBeNaN();
    expect(realisedVolatility('parkinson', bars, 10)).toBeGreaterThan(0);
    expect(() => realisedVolatility('parkinson', bars, 1)).toThrow(/window/);
  });

  it('the cone orders its quantiles and narrows with the window', () => {
    const cone = volatilityCone(walk(300, 0.2, 0, 0), [10, 20, 60, 400]);
    expect(cone.map(({ window }) => window)).toEqual([10, 20, 60]);
    for (const row of cone) {
      const ordered = [row.minimum, row.lowerQuartile, row.median, row.upperQuartile, row.maximum];
      expect([...ordered].sort((a, b) => a - b)).toEqual(ordered);
    }
    const [short, , long] = cone;
    expect(long!.maximum - long!.minimum).toBeLessThan(short!.maximum - short!.minimum);
    expect(varianceRiskPremium(0.2, 0.15)).toBeCloseTo(0.0175, 12);
  });
});

describe('term structure', () => {
  const tenors = [
    { years: 20 / 365, volatility: 0.18 },
    { years: 48 / 365, volatility: 0.21 },
    { years: 0, volatility: 0.5 },
  ];
  it('30 days between 20 and 48 days by total variance', () => {
    const variance = (18 / 28) * 0.18 ** 2 * 20 + (10 / 28) * 0.21 ** 2 * 48;
    expect(constantMaturityVolatility(tenors, 30 / 365)).toBeCloseTo(Math.sqrt(variance / 30), 12);
    expect(constantMaturityVolatility(tenors, 1)).toBe(0.21);
    expect(constantMaturityVolatility([], 0.1)).toBeNull();
  });
  it('where the chain does not reach there is no volatility of that tenor, not the nearest one’s', () => {
    const variance = (18 / 28) * 0.18 ** 2 * 20 + (10 / 28) * 0.21 ** 2 * 48;
    expect(spannedVolatility(tenors, 30 / 365)).toBeCloseTo(Math.sqrt(variance / 30), 12);
    expect(spannedVolatility(tenors, 48 / 365)).toBe(0.21);
    expect(spannedVolatility(tenors, 60 / 365)).toBeNull();
    expect(spannedVolatility(tenors, 10 / 365)).toBeNull();
    expect(spannedVolatility([], 30 / 365)).toBeNull();
  });
  it('forward volatility, slope and total variance that falls', () => {
    expect(forwardVolatility(tenors[0]!, tenors[1]!)).toBeCloseTo(Math.sqrt((0.21 ** 2 * 48 - 0.18 ** 2 * 20) / 28), 12);
    expect(termSlope(tenors, 20 / 365, 48 / 365)).toBeCloseTo(0.03, 12);
    const inverted = [
      { years: 0.1, volatility: 0.5 },
      { years: 0.2, volatility: 0.3 },
    ];
    expect(forwardVolatility(inverted[0]!, inverted[1]!)).toBeNull();
    expect(calendarDefects(inverted)[0]?.excess).toBeCloseTo(0.025 - 0.018, 12);
  });
});

describe('an index of implied variance', () => {
  const term = (years: number, volatility: number) => {
    const strikes = Float64Array.from({ length: 600 }, (_, i) => 400 + i * 2.5);
    const price = (right: 'call' | 'put') =>
      strikes.map((strike) => black76({ right, forward: 1003, strike, years, discount: Math.exp(-0.02 * years), volatility }));
    const [call, put] = [price('call'), price('put')];
    return { quotes: { strikes, callBid: call, callAsk: call, putBid: put, putAsk: put }, years, rate: 0.02 };
  };
  it('a flat 20 % smile over dense strikes has a variance of 0.04', () => {
    expect(modelFreeVariance(term(0.07, 0.2))).toBeCloseTo(0.04, 4);
  });
  it("Cboe's worked example: 0.01846292 and 0.01882101 make 13.69", () => {
    const minutes = 525_600;
    const near = { years: 35_924 / minutes, variance: 0.01846292 };
    const next = { years: 46_394 / minutes, variance: 0.01882101 };
    expect(indexOf(near, next, 43_200 / minutes)?.toFixed(2)).toBe('13.69');
  });
  it('stops after two zero bids in a row', () => {
    const full = term(0.07, 0.2);
    const cut = {
      ...full,
      quotes: { ...full.quotes, putBid: full.quotes.putBid.map((bid, i) => (i === 200 || i === 199 ? 0 : bid)) },
    };
    expect(modelFreeVariance(cut)!).toBeLessThan(modelFreeVariance(full)!);
    expect(modelFreeVariance({ ...full, quotes: { ...full.quotes, putBid: new Float64Array(600) } })).toBeNull();
  });
  it('property: constant maturity lies between its neighbours in variance', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, t) => {
          const [near, far] = [
            { years: 0.1, volatility: a },
            { years: 0.3, volatility: b },
          ];
          const variance = constantMaturityVolatility([near, far], 0.1 + 0.2 * t)! ** 2 * (0.1 + 0.2 * t);
          const ends = [0.1 * a * a, 0.3 * b * b].sort((x, y) => x - y);
          expect(variance).toBeGreaterThanOrEqual(ends[0]! - 1e-12);
          expect(variance).toBeLessThanOrEqual(ends[1]! + 1e-12);
        },
      ),
      { numRuns: 300, seed: 9 },
    );
  });
});
