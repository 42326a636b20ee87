import { describe, expect, it } from 'vitest';
import {
  addOptionProfits,
  addOptionProfitsByGrid,
  addShareProfits,
  drawPaths,
  type RiskLegs,
  type RiskMarket,
  riskOf,
} from '#domain/portfolio/monteCarlo';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { inverseNormalCdf } from '#domain/pricing/normal';

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const market: RiskMarket = {
  spot: [100, 50],
  volatility: [0.2, 0.4],
  drift: [0, 0],
  correlation: [1, 0.6, 0.6, 1],
  volatilityBeta: [-4, -2],
  horizonYears: 1 / 252,
};

interface Row {
  readonly underlying: number;
  readonly right: 'call' | 'put';
  readonly strike: number;
  readonly years: number;
  readonly volatility: number;
  readonly size: number;
}

const spotOf = (row: Row): number => market.spot[row.underlying] ?? 0;
const price = (row: Row, spot: number, factor = 1): number =>
  priceEuropean({
    right: row.right,
    spot,
    strike: row.strike,
    years: row.years,
    rate: 0.04,
    dividendYield: 0.01,
    volatility: row.volatility * factor,
  });

const legsOf = (rows: readonly Row[]): RiskLegs => ({
  underlying: Int32Array.from(rows, (row) => row.underlying),
  isCall: Uint8Array.from(rows, (row) => (row.right === 'call' ? 1 : 0)),
  strike: Float64Array.from(rows, (row) => row.strike),
  years: Float64Array.from(rows, (row) => row.years),
  volatility: Float64Array.from(rows, (row) => row.volatility),
  rate: new Float64Array(rows.length).fill(0.04),
  dividendYield: new Float64Array(rows.length).fill(0.01),
  size: Float64Array.from(rows, (row) => row.size),
  valueNow: Float64Array.from(rows, (row) => price(row, spotOf(row))),
});

const rows: Row[] = [
  { underlying: 0, right: 'put', strike: 95, years: 0.1, volatility: 0.22, size: -300 },
  { underlying: 0, right: 'put', strike: 90, years: 0.1, volatility: 0.24, size: 300 },
  { underlying: 0, right: 'call', strike: 102, years: 0.004, volatility: 0.18, size: -200 },
  { underlying: 1, right: 'call', strike: 55, years: 0.3, volatility: 0.4, size: 500 },
  { underlying: 1, right: 'put', strike: 48, years: 0, volatility: 0.4, size: -100 },
];

describe('Monte Carlo value at risk', () => {
  const paths = drawPaths(market, 4000, seeded(5));

  it('draws the correlation, volatility and mean it was told', () => {
    const [a, b] = [paths.logSpot.subarray(0, 4000), paths.logSpot.subarray(4000)];
    const moments = (x: Float64Array, y: Float64Array): number => {
      const mean = (v: Float64Array): number => v.reduce((sum, value) => sum + value, 0) / v.length;
      return x.reduce((sum, value, i) => sum + (value - mean(x)) * ((y[i] ?? 0) - mean(y)), 0) / x.length;
    };
    expect(Math.sqrt(moments(a, a) * 252)).toBeCloseTo(0.2, 2);
    expect(Math.sqrt(moments(b, b) * 252)).toBeCloseTo(0.4, 2);
    expect(moments(a, b) / Math.sqrt(moments(a, a) * moments(b, b))).toBeCloseTo(0.6, 1);
    expect(a.reduce((sum, value) => sum + Math.exp(value), 0) / 4000).toBeCloseTo(100, 2);
  });

  it('values every leg on every path as the pricing library does', () => {
    const profit = new Float64Array(4000);
    addOptionProfits(legsOf(rows), paths, profit);
    for (const path of [0, 1, 17, 999, 3999]) {
      const expected = rows.reduce((sum, row) => {
        const at = row.underlying * 4000 + path;
        const spot = Math.exp(paths.logSpot[at] ?? 0);
        return sum + row.size * (price(row, spot, paths.volatilityFactor[at]) - price(row, spotOf(row)));
      }, 0);
      expect(profit[path]).toBeCloseTo(expected, 7);
    }
  });

  it('the spot grid stays within a cent of full revaluation on every path', () => {
    const [full, grid] = [new Float64Array(4000), new Float64Array(4000)];
    addOptionProfits(legsOf(rows), paths, full);
    addOptionProfitsByGrid(legsOf(rows), market, paths, grid);
    const worst = full.reduce((most, value, i) => Math.max(most, Math.abs(value - (grid[i] ?? 0))), 0);
    expect(worst).toBeLessThan(0.01);
    expect(riskOf(grid).valueAtRisk).toBeCloseTo(riskOf(full).valueAtRisk, 2);
  });

  it('of shares alone it is the lognormal quantile', () => {
    const many = drawPaths(market, 20_000, seeded(77));
    const profit = new Float64Array(20_000);
    addShareProfits(0, 100, 100, many, profit);
    const daily = 0.2 / Math.sqrt(252);
    const quantile = 100 * 100 * (Math.exp(daily * inverseNormalCdf(0.05) - daily ** 2 / 2) - 1);
    expect(riskOf(profit, 0.05).valueAtRisk / quantile).toBeCloseTo(1, 1);
    expect(riskOf(profit, 0.05).conditionalValueAtRisk).toBeLessThan(riskOf(profit, 0.05).valueAtRisk);
  });

  it('a put spread never loses more than its width less what it is worth, whatever the path', () => {
    const wild = drawPaths({ ...market, volatility: [3, 3] }, 2000, seeded(9));
    const spread = rows.slice(0, 2);
    const profit = new Float64Array(2000);
    addOptionProfits(legsOf(spread), wild, profit);
    const worth = spread.reduce((sum, row) => sum + row.size * price(row, 100), 0);
    expect(riskOf(profit).worst).toBeGreaterThanOrEqual(-1500 - worth);
  });

  it('repeats with its seed and refuses a matrix that is no correlation', () => {
    expect(drawPaths(market, 100, seeded(5))).toEqual(drawPaths(market, 100, seeded(5)));
    expect(() => drawPaths({ ...market, correlation: [1, 1.2, 1.2, 1] }, 10, seeded(5))).toThrow(/correlation/);
  });
});
