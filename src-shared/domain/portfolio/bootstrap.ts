import { invariant } from '../units.ts';
import { present, quantileOf } from './sample.ts';

export interface BootstrapSettings {
  /** Resamples drawn. Default 2,000, range 100 to 1,000,000. */
  readonly resamples?: number;
  /** Two-sided confidence. Default 0.95, range 0.5 to 0.999. */
  readonly confidence?: number;
  /** Consecutive values drawn together (circular blocks keep short-range dependence). Default 1, range 1 to the sample's length. */
  readonly block?: number;
  /** Uniform numbers in [0, 1) from a seeded generator, so that the interval can be repeated. */
  readonly random: () => number;
}

export interface ConfidenceInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

/**
 * Percentile bootstrap interval of any statistic of a sample (Efron 1979; circular blocks: Politis and Romano 1992). NaN values
 * are left out first; resamples on which the statistic is not a number are left out of the interval. null for fewer than two
 * values.
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  { resamples = 2000, confidence = 0.95, block = 1, random }: BootstrapSettings,
): ConfidenceInterval | null {
  const known = present(values);
  if (known.length < 2) return null;
  invariant(block >= 1 && block <= known.length, `a block of 1 to ${known.length} values, not ${block}`);
  const sample = new Float64Array(known.length);
  const found = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < sample.length; j += block) {
      const start = Math.floor(random() * known.length);
      for (let k = 0; k < block && j + k < sample.length; k++) sample[j + k] = known[(start + k) % known.length]!;
    }
    found[i] = statistic(sample);
  }
  const sorted = found.filter((value) => !Number.isNaN(value)).sort();
  const tail = (1 - confidence) / 2;
  return { estimate: statistic(known), low: quantileOf(sorted, tail), high: quantileOf(sorted, 1 - tail), confidence };
}
