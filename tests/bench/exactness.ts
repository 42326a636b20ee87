/** A million implied-volatility round trips (the test suite runs a tenth): log-moneyness +-8, total volatility 1e-4 to 8. */
import { ivRoundTrip } from '../domain/pricing/ivRoundTrip.ts';
import type { BenchOptions } from './timing.ts';

export async function run(options: BenchOptions): Promise<object> {
  const result = ivRoundTrip(options.quick ? 100_000 : 1_000_000);
  if (!options.json) console.log(result);
  return { ...result, goal: { medianError: 4e-16, worstUlps: 4, notANumber: 0 } };
}
