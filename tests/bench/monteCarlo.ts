/** Value at risk of 10,000 paths x 50 legs by full revaluation and by spot grid, against numpy + scipy on the same paths. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addOptionProfits, addOptionProfitsByGrid, drawPaths, riskOf } from '#domain/portfolio/monteCarlo';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { SimdPaths } from '../../src-main/adapters/compute/simdPaths.ts';
import { NativePeer } from './nativePeer.ts';
import { uniform } from './pricingData.ts';
import { builtKernels } from './simdKernels.ts';
import {
  atLeast,
  atMost,
  type BenchOptions,
  type BenchResult,
  compare,
  largestDifference,
  show,
  showGoals,
  type Timed,
  timed,
} from './timing.ts';

const PATHS = 10_000;
const LEGS = 50;
const SIMD = 'ours: full revaluation, WebAssembly SIMD';

export async function run(options: BenchOptions): Promise<BenchResult & Record<string, unknown>> {
  const random = uniform(5);
  const underlyings = 5;
  const market = {
    spot: Float64Array.of(450, 180, 95, 60, 320),
    volatility: Float64Array.of(0.16, 0.28, 0.35, 0.45, 0.22),
    drift: new Float64Array(underlyings).fill(0.04),
    correlation: Float64Array.from({ length: underlyings * underlyings }, (_, i) => (i % (underlyings + 1) === 0 ? 1 : 0.5)),
    volatilityBeta: new Float64Array(underlyings).fill(-3),
    horizonYears: 1 / 252,
  };
  const column = (value: (leg: number) => number) => Float64Array.from({ length: LEGS }, (_, leg) => value(leg));
  const underlying = Int32Array.from({ length: LEGS }, (_, leg) => leg % underlyings);
  const isCall = Uint8Array.from({ length: LEGS }, () => (random() < 0.5 ? 0 : 1));
  const strike = column((leg) => Math.round(market.spot[underlying[leg]!]! * (0.88 + 0.24 * random())));
  const years = column(() => (5 + Math.floor(85 * random())) / 365);
  const volatility = column((leg) => market.volatility[underlying[leg]!]! * (0.9 + 0.4 * random()));
  const rate = column(() => 0.045);
  const dividendYield = column(() => 0.012);
  const size = column(() => 100 * (Math.floor(21 * random()) - 10));
  const valueNow = column((leg) =>
    priceEuropean({
      right: isCall[leg] ? 'call' : 'put',
      spot: market.spot[underlying[leg]!]!,
      strike: strike[leg]!,
      years: years[leg]! + market.horizonYears,
      rate: 0.045,
      dividendYield: 0.012,
      volatility: volatility[leg]!,
    }),
  );
  const legs = { underlying, isCall, strike, years, volatility, rate, dividendYield, size, valueNow };
  const paths = drawPaths(market, PATHS, random);
  const profit = new Float64Array(PATHS);
  const byGrid = new Float64Array(PATHS);
  addOptionProfits(legs, paths, profit);
  addOptionProfitsByGrid(legs, market, paths, byGrid);
  const values = PATHS * LEGS;
  const room = new Float64Array(PATHS);
  const simd = SimdPaths.of(await builtKernels(), paths);
  const bySimd = new Float64Array(PATHS);
  simd?.addOptionProfits(legs, bySimd);
  // Profits are small differences of large values: what counts is the value they are differences of.
  const gross = size.reduce((sum, contracts, leg) => sum + Math.abs(contracts) * market.spot[underlying[leg]!]!, 0);
  const apart = bySimd.reduce((most, value, path) => Math.max(most, Math.abs(value - profit[path]!)), 0) / gross;
  const contenders: Record<string, Timed> = {
    'ours: full revaluation': timed(values, () => addOptionProfits(legs, paths, room)),
    'ours: spot grid': timed(values, () => addOptionProfitsByGrid(legs, market, paths, room)),
  };
  if (simd) contenders[SIMD] = timed(values, () => simd.addOptionProfits(legs, room));
  const differences: Record<string, number> = { 'ours: spot grid': largestDifference(byGrid, profit) };
  const present = spawnSync('python3', ['-c', 'import numpy, scipy.special']).status === 0;
  let peer: NativePeer | null = null;
  if (present) {
    const python = new NativePeer('python3', [fileURLToPath(new URL('./native/monteCarlo.py', import.meta.url))]);
    peer = python;
    const asDoubles = (column: ArrayLike<number>) => Float64Array.from(column);
    const columns = [strike, years, volatility, rate, dividendYield, size, valueNow, paths.logSpot, paths.volatilityFactor];
    await python.load([Float64Array.of(PATHS, LEGS, underlyings), asDoubles(underlying), asDoubles(isCall), ...columns]);
    differences['numpy + scipy'] = largestDifference(await python.results(''), profit);
    contenders['numpy + scipy, one thread'] = () => python.time('time');
  }
  const comparison = await compare(contenders, options.quick ? 3 : 15);
  peer?.close();
  const numpy = 'numpy + scipy, one thread';
  const goals = [
    atLeast('value at risk (spot grid): times faster than numpy + scipy', 2, comparison.times(numpy, 'ours: spot grid')),
    atLeast(
      'value at risk (full revaluation): times faster than numpy + scipy',
      1,
      comparison.times(numpy, simd ? SIMD : 'ours: full revaluation'),
    ),
  ];
  const agreement = [
    atMost(
      'relative error of the value at risk from the grid',
      1e-3,
      Math.abs(riskOf(byGrid).valueAtRisk / riskOf(profit).valueAtRisk - 1),
    ),
    ...(simd ? [atMost('full revaluation: largest difference of SIMD to TypeScript, of the portfolio', 1e-12, apart)] : []),
    atMost('largest difference of a path to numpy + scipy', 1e-8, differences['numpy + scipy']),
  ];
  if (!options.json) {
    show(`Monte Carlo, ${PATHS} paths x ${LEGS} legs, ns per value`, comparison);
    showGoals([...agreement, ...goals]);
  }
  const risk = { full: riskOf(profit), grid: riskOf(byGrid) };
  return {
    agreement,
    goals,
    ...comparison,
    missing: present ? null : 'python3 with numpy and scipy',
    largestDifference: differences,
    risk,
  };
}
