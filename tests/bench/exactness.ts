/** A million implied-volatility round trips (the test suite runs a tenth): log-moneyness +-8, total volatility 1e-4 to 8. */
import { typescriptChain } from '#domain/pricing/chainWork';
import { SimdChain } from '../../src-main/adapters/compute/simdChain.ts';
import { chainRoundTrip } from '../domain/pricing/chainRoundTrip.ts';
import { ivRoundTrip } from '../domain/pricing/ivRoundTrip.ts';
import { builtKernels } from './simdKernels.ts';
import { atMost, type BenchOptions, type BenchResult, showGoals } from './timing.ts';

const CHAIN = 1000;

export async function run(options: BenchOptions): Promise<BenchResult & Record<string, unknown>> {
  const points = options.quick ? 100_000 : 1_000_000;
  const result = ivRoundTrip(points);
  const simdChain = SimdChain.load(await builtKernels(), CHAIN);
  const simd = simdChain && chainRoundTrip(points, simdChain, typescriptChain(CHAIN));
  const agreement = [
    atMost('median relative error', 4e-16, result.medianError),
    atMost("largest error in ulp of what the price's own rounding allows", 4, result.worstUlps),
    atMost('answers that are not a number', 0, result.notANumber),
    ...(simd
      ? [
          atMost('chains by SIMD: median relative error', 4e-16, simd.medianError),
          atMost('chains by SIMD: largest error in ulp of what the rounding of price and moneyness allows', 4, simd.worstUlps),
          atMost('chains by SIMD: prices without a volatility', 0, simd.failed),
          atMost('chains by SIMD: largest relative difference to TypeScript', 1e-12, simd.largestDifference),
        ]
      : []),
  ];
  if (!options.json) {
    console.log(result, simd);
    showGoals(agreement);
  }
  return { agreement, goals: [], ...result, simd };
}
