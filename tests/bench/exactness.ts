/** A million implied-volatility round trips (the test suite runs a tenth): log-moneyness +-8, total volatility 1e-4 to 8. */
import { ivRoundTrip } from '../domain/pricing/ivRoundTrip.ts';
import { atMost, type BenchOptions, type BenchResult, showGoals } from './timing.ts';

export async function run(options: BenchOptions): Promise<BenchResult & Record<string, unknown>> {
  const result = ivRoundTrip(options.quick ? 100_000 : 1_000_000);
  const agreement = [
    atMost('median relative error', 4e-16, result.medianError),
    atMost("largest error in ulp of what the price's own rounding allows", 4, result.worstUlps),
    atMost('answers that are not a number', 0, result.notANumber),
  ];
  if (!options.json) {
    console.log(result);
    showGoals(agreement);
  }
  return { agreement, goals: [], ...result };
}
