/** A million quotes turned into volatilities and greeks as the scanner does it, on one thread and on all; a surface of SVI fits. */
import { availableParallelism } from 'node:os';
import { type ChainWorkshop, typescriptChain } from '#domain/pricing/chainWork';
import { appraiseUniverse, SCAN_DEFAULTS } from '#domain/structures/scan/scanUniverse';
import { smileOf } from '#domain/volatility/smile';
import { fitSvi } from '#domain/volatility/sviCalibration';
import { ScanPool, sharedUniverse } from '../../src-main/adapters/compute/scanPool.ts';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import { fillUniverse } from './scannerData.ts';
import { KERNEL_FILE } from './simdKernels.ts';
import { atMost, type BenchOptions, clocked, compare, holds, type Judged, largestDifference, show } from './timing.ts';

const STRIKES = 80;

export async function quotesBench(rounds: number, options: BenchOptions): Promise<Judged & Record<string, unknown>> {
  const universe = sharedUniverse(options.quick ? 625 : 6250, STRIKES);
  fillUniverse(universe, 11);
  const quotes = universe.expiries * STRIKES * 2;
  const threads = availableParallelism();
  const pool = new ScanPool(new URL('../../src-main/adapters/compute/scanWorker.ts', import.meta.url), threads, KERNEL_FILE);
  pool.attach(universe);
  const workshop = SimdChain.workshop(KERNEL_FILE) ?? typescriptChain;
  const appraise = (kernels: ChainWorkshop) => appraiseUniverse(universe, 0, universe.expiries, SCAN_DEFAULTS.slippage, kernels);
  appraise(typescriptChain);
  const plain = universe.strikes.volatility.slice();
  appraise(workshop);
  const apart = largestDifference(universe.strikes.volatility, plain);
  const alone = universe.strikes.volatility.slice();
  universe.strikes.volatility.fill(0);
  await pool.appraise();
  const sameOnAllThreads = universe.strikes.volatility.every((v, i) => v === alone[i]);
  const comparison = await compare(
    {
      'volatility, greeks and fair value, one thread': clocked(quotes, () => appraise(workshop)),
      'the same in TypeScript': clocked(quotes, () => appraise(typescriptChain)),
      [`the same on ${threads} threads`]: clocked(quotes, () => pool.appraise()),
    },
    rounds,
  );
  await pool.close();
  const surface = surfaceFit(options);
  if (!options.json) {
    show(`${quotes} quotes to volatilities and greeks, ns per quote`, comparison);
    console.log('SVI fit of 40 expiries', surface);
  }
  const agreement = [
    holds('a million quotes: the same volatilities on all threads as on one', sameOnAllThreads),
    atMost('a million quotes: largest difference of volatilities between SIMD and TypeScript', 1e-12, apart),
    holds('SVI: all 40 expiries fitted', surface.fitted === surface.expiries),
  ];
  return { ...comparison, agreement, quotes, threads, surface };
}

/** Fits 40 expiries of 80 strikes, quoted with spreads. */
function surfaceFit(options: BenchOptions): { expiries: number; fitted: number; milliseconds: number } {
  const universe = sharedUniverse(40, STRIKES);
  fillUniverse(universe, 12);
  const { strikes, terms } = universe;
  const smiles = Array.from({ length: 40 }, (_, e) => {
    const part = (column: Float64Array) => column.subarray(e * STRIKES, (e + 1) * STRIKES);
    const quotes = {
      strikes: part(strikes.strike),
      callBid: part(strikes.callBid),
      callAsk: part(strikes.callAsk),
      putBid: part(strikes.putBid),
      putAsk: part(strikes.putAsk),
    };
    return smileOf(quotes, { forward: terms.forward[e]!, discount: terms.discount[e]! }, terms.years[e]!);
  });
  const times: number[] = [];
  let fitted = 0;
  for (let round = 0; round < (options.quick ? 2 : 7); round++) {
    const start = performance.now();
    fitted = smiles.filter((smile) => fitSvi(smile) !== null).length;
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { expiries: 40, fitted, milliseconds: Number((times[times.length >> 1] ?? 0).toFixed(1)) };
}
