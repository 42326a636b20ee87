import { normalCdf } from '../pricing/normal.ts';
import { invariant, type Price } from '../units.ts';
import { type LognormalParameters, lognormalDistribution, type PriceDistribution } from './distribution.ts';

const ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
/** A split normal's skewness cannot reach 0.9953; beyond this one of its halves is as good as gone. */
export const MOST_SKEWNESS = 0.9;
const SOLVER_STEPS = 6;

export interface SkewedParameters extends LognormalParameters {
  /** Third standardised moment of ln S; negative = the long tail is below. Cut to ±{@link MOST_SKEWNESS}. */
  readonly skewness: number;
}

/**
 * A law of the price whose logarithm is split normal (two halves of a normal with their own deviations below and above the mode),
 * with mean `forward` and the stated volatility and skewness of the logarithm. Skewness 0 is the lognormal law itself.
 * With a = σ₁, b = σ₂, d = b - a: variance (1 - 2/π) d² + ab, third moment √(2/π) d ((4/π - 1) d² + ab); distribution function and
 * partial expectation are normal integrals of each half. Sources: John, 'The three-parameter two-piece normal family' (1982);
 * Wallis, 'The two-piece normal, binormal, or double Gaussian distribution' (2014).
 * Throws InvariantError where {@link lognormalDistribution} does, and for a skewness that is not a number.
 */
export function skewedDistribution({ skewness, ...law }: SkewedParameters): PriceDistribution {
  const { forward, years, volatility, belief = 'skewed' } = law;
  invariant(Number.isFinite(skewness), `not a skewness: ${skewness}`);
  const deviation = volatility * Math.sqrt(years);
  if (skewness === 0 || !(deviation > 0)) return lognormalDistribution(law);
  invariant(forward > 0 && Number.isFinite(forward) && Number.isFinite(deviation), `not a law: ${forward}, ${deviation}`);
  const bounded = Math.min(Math.max(skewness, -MOST_SKEWNESS), MOST_SKEWNESS);
  const { below, above } = halvesOf(deviation, bounded);
  const weightBelow = (2 * below) / (below + above);
  const weightAbove = 2 - weightBelow;
  // E[e^(X - mode)] of each half; the mode is where they make the mean.
  const growthBelow = weightBelow * Math.exp((below * below) / 2);
  const growthAbove = weightAbove * Math.exp((above * above) / 2);
  const meanBelow = growthBelow * normalCdf(-below);
  const centre = forward / (meanBelow + growthAbove * normalCdf(above));
  const lowest = normalCdf(-above);
  const cdf = (price: Price): number => {
    if (price <= 0) return 0;
    const x = Math.log(price / centre);
    if (x <= 0) return weightBelow * normalCdf(x / below);
    return x === Number.POSITIVE_INFINITY ? 1 : weightBelow - 1 + weightAbove * normalCdf(x / above);
  };
  const partialExpectation = (price: Price): number => {
    if (price <= 0) return 0;
    const x = Math.log(price / centre);
    if (x <= 0) return centre * growthBelow * normalCdf(x / below - below);
    const upTo = x === Number.POSITIVE_INFINITY ? 1 : normalCdf(x / above - above);
    return centre * (meanBelow + growthAbove * (upTo - lowest));
  };
  return {
    cdf,
    partialExpectation,
    model: `skewed lognormal (${belief}): forward ${forward.toFixed(2)}, volatility ${(volatility * 100).toFixed(1)} %, skewness ${bounded.toFixed(2)}, ${years.toFixed(4)} years`,
  };
}

/** The deviations of both halves for a deviation and a skewness of the whole: √(2/π) (u - (2 - 6/π) u³) = skewness, u = d / deviation. */
function halvesOf(deviation: number, skewness: number): { readonly below: number; readonly above: number } {
  const cubic = 2 - 6 / Math.PI;
  let u = skewness / ROOT_2_OVER_PI;
  for (let step = 0; step < SOLVER_STEPS; step += 1)
    u -= (u - cubic * u ** 3 - skewness / ROOT_2_OVER_PI) / (1 - 3 * cubic * u * u);
  const difference = u * deviation;
  const product = deviation * deviation - (1 - 2 / Math.PI) * difference * difference;
  const below = (Math.sqrt(difference * difference + 4 * product) - difference) / 2;
  return { below, above: below + difference };
}

/**
 * Skewness of the logarithm that a smile implies: six times its slope at the money, d(σ/σ₀)/dz, in deviations z of the log-strike.
 * Source: Backus, Foresi and Wu, 'Accounting for Biases in Black-Scholes' (2004), from the Gram-Charlier expansion.
 * `low` and `high` are the volatilities at z = -`width` and +`width`.
 */
export function impliedSkewness(low: number, high: number, atTheMoney: number, width: number): number {
  return (6 * (high - low)) / (2 * width * atTheMoney);
}
