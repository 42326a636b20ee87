import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageDrawdown,
  bootstrapInterval,
  conditionalValueAtRisk,
  datedDrawdowns,
  deflatedSharpe,
  drawdowns,
  expectedBestSharpe,
  kellyFraction,
  kellyFractionOf,
  maxDrawdown,
  minimumTrackRecord,
  moneyWeightedReturn,
  performanceSummary,
  probabilisticSharpe,
  timeWeightedReturns,
  totalReturn,
  tradeStatistics,
  valueAtRisk,
} from '#domain/portfolio/metrics';
import { normalCdf } from '#domain/pricing/normal';
import { cents, isoDate } from '#domain/units';

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe('drawdowns', () => {
  const returns = [0.1, -0.1, -0.1, 0.3, -0.05, 0.02];
  const dates = ['2026-01-02', '2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09'].map(isoDate);

  it('finds each fall with its peak, trough and recovery, deepest first with dates', () => {
    const [deepest, open] = datedDrawdowns(returns, dates);
    expect(deepest).toMatchObject({ peakDate: '2026-01-02', troughDate: '2026-01-06', recoveryDate: '2026-01-07' });
    expect(deepest?.depth).toBeCloseTo(-0.19, 12);
    expect(open).toMatchObject({ peakDate: '2026-01-07', troughDate: '2026-01-08', recovery: null, recoveryDate: null });
    expect(averageDrawdown(returns)).toBeCloseTo((-0.19 - 0.05) / 2, 12);
  });

  it('a fall from the very start has its peak before the first return', () => {
    expect(drawdowns([-0.02, 0.05])).toEqual([{ depth: expect.closeTo(-0.02, 12), peak: -1, trough: 0, recovery: 1 }]);
    expect([maxDrawdown([0.1, 0.2]), averageDrawdown([0.1]), maxDrawdown([])]).toEqual([0, 0, Number.NaN]);
  });

  it('property: the deepest drawdown is the maximum drawdown', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const depths = drawdowns(values).map(({ depth }) => depth);
        expect(Math.min(0, ...depths)).toBeCloseTo(maxDrawdown(values), 12);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('returns of an account', () => {
  it('a deposit is not performance: 10 % on 1,000, then 2,000 more, then 5 %', () => {
    const days = [
      { equity: cents(100_000), flow: cents(0) },
      { equity: cents(110_000), flow: cents(0) },
      { equity: cents(325_500), flow: cents(200_000) },
    ];
    const returns = timeWeightedReturns(days);
    expect(returns[0]).toBeCloseTo(0.1, 12);
    expect(returns[1]).toBeCloseTo(0.05, 12);
    expect(totalReturn(returns)).toBeCloseTo(0.155, 12);
  });

  it('the money-weighted return discounts all flows to nothing', () => {
    expect(
      moneyWeightedReturn([
        { years: 0, amount: -100 },
        { years: 1, amount: 110 },
      ]),
    ).toBeCloseTo(0.1, 12);
    const flows = [
      { years: 0, amount: -10_000 },
      { years: 0.5, amount: -5_000 },
      { years: 1.25, amount: 2_000 },
      { years: 2, amount: 15_500 },
    ];
    const rate = moneyWeightedReturn(flows) ?? Number.NaN;
    expect(flows.reduce((sum, { years, amount }) => sum + amount / (1 + rate) ** years, 0)).toBeCloseTo(0, 6);
    expect(moneyWeightedReturn([{ years: 0, amount: -100 }])).toBeNull();
  });
});

describe('trades', () => {
  it('three wins of 120 and one loss of 200', () => {
    const statistics = tradeStatistics([120, 120, -200, 120]);
    expect(statistics).toMatchObject({
      trades: 4,
      winRate: 0.75,
      averageWin: 120,
      averageLoss: 200,
      expectancy: 40,
      longestLosingRun: 1,
    });
    expect(statistics.payoffRatio).toBeCloseTo(0.6, 12);
    expect(statistics.profitFactor).toBeCloseTo(1.8, 12);
    expect(kellyFraction(statistics.winRate, statistics.payoffRatio)).toBeCloseTo(0.75 - 0.25 / 0.6, 12);
  });

  it('no trades have no numbers, no losses no factor', () => {
    expect(tradeStatistics([]).winRate).toBeNaN();
    expect(tradeStatistics([5, 7])).toMatchObject({
      profitFactor: Number.POSITIVE_INFINITY,
      payoffRatio: Number.POSITIVE_INFINITY,
    });
  });

  it('the general Kelly fraction agrees with the formula for two outcomes and refuses a losing game', () => {
    expect(kellyFractionOf([1, 1, 1, -1, -1])).toBeCloseTo(0.2, 8);
    expect(kellyFractionOf([0.6, 0.6, 0.6, -1])).toBeCloseTo(kellyFraction(0.75, 0.6), 8);
    expect(kellyFractionOf([1, -1, -1])).toBe(0);
    expect(kellyFractionOf([0.1, 0.2])).toBe(1);
  });

  it('a bootstrap interval covers the mean, narrows with the sample and repeats with its seed', () => {
    const sample = (n: number): number[] => {
      const random = seeded(9);
      return Array.from({ length: n }, () => random() - 0.4);
    };
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [small, large] = [50, 800].map((n) => bootstrapInterval(sample(n), mean, { random: seeded(3) }));
    expect(large!.low).toBeLessThan(0.1);
    expect(large!.high).toBeGreaterThan(0.1);
    expect(large!.high - large!.low).toBeLessThan((small!.high - small!.low) / 2);
    expect(bootstrapInterval(sample(50), mean, { random: seeded(3) })).toEqual(small);
    expect(bootstrapInterval([1], mean, { random: seeded(3) })).toBeNull();
    // The normal theory: ± 1.96 x 0.2887 / sqrt(800).
    expect(large!.high - large!.low).toBeCloseTo(2 * 1.96 * (0.2887 / Math.sqrt(800)), 2);
  });
});

describe('is it luck?', () => {
  const random = seeded(21);
  const returns = Array.from(
    { length: 250 },
    () => 0.001 + 0.01 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );

  it('the probabilistic Sharpe ratio of two returns about a mean, by hand', () => {
    // Mean 0.01, sample deviation 0.02: SR 0.5, skewness 0, kurtosis 1 for four values at mean ± d.
    const values = [0.01 + 0.0173205081, 0.01 - 0.0173205081, 0.01 + 0.0173205081, 0.01 - 0.0173205081];
    expect(probabilisticSharpe(values)).toBeCloseTo(normalCdf(0.5 * Math.sqrt(3)), 6);
  });

  it('more trials deflate, the benchmark lowers, and a long enough record convinces', () => {
    const plain = probabilisticSharpe(returns);
    expect(probabilisticSharpe(returns, 0.05)).toBeLessThan(plain);
    expect(deflatedSharpe(returns, 100, 0.005)).toBeLessThan(deflatedSharpe(returns, 10, 0.005));
    expect(deflatedSharpe(returns, 1, 0.005)).toBe(plain);
    const needed = minimumTrackRecord(returns);
    expect(plain > 0.95).toBe(needed < 250);
    expect(minimumTrackRecord(returns, 9)).toBe(Number.POSITIVE_INFINITY);
  });

  it('the paper example: 100 trials with variance 1/2 make 1.79 expected, 0.1132 a day', () => {
    // Bailey and López de Prado (2014), numerical example: V = 1/2 annual, N = 100, so 0.1132 per day of 250.
    expect(expectedBestSharpe(100, 0.5) / Math.sqrt(250)).toBeCloseTo(0.1132, 4);
  });
});

describe('value at risk', () => {
  const random = seeded(33);
  const normal = Array.from(
    { length: 20_000 },
    () => 0.0005 + 0.01 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );

  it('all three methods agree on normal returns, and none calls the tail smaller than the quantile', () => {
    const parametric = valueAtRisk(normal, 0.05, 'parametric');
    expect(valueAtRisk(normal, 0.05)).toBeCloseTo(parametric, 3);
    expect(valueAtRisk(normal, 0.05, 'cornishFisher')).toBeCloseTo(parametric, 3);
    for (const method of ['historical', 'parametric', 'cornishFisher'] as const) {
      expect(conditionalValueAtRisk(normal, 0.05, method)).toBeLessThan(valueAtRisk(normal, 0.05, method));
      expect(conditionalValueAtRisk(normal, 0.05, method)).toBeCloseTo(0.0005 - 0.01 * 2.0627, 3);
    }
  });

  it('Cornish-Fisher sees the skew of a premium seller where the normal law does not', () => {
    const seller = normal.map((value, i) => (i % 50 === 0 ? value - 0.06 : value + 0.001));
    expect(valueAtRisk(seller, 0.01, 'cornishFisher')).toBeLessThan(valueAtRisk(seller, 0.01, 'parametric') - 0.01);
  });

  it('a summary holds them all', () => {
    const summary = performanceSummary(normal.slice(0, 500));
    expect(summary.periods).toBe(500);
    expect(summary.valueAtRisk).toBeLessThan(0);
    expect(Object.values(summary).every((value) => Number.isFinite(value))).toBe(true);
  });
});
