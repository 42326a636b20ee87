import { nelderMead } from '../volatility/nelderMead.ts';
import { present } from './sample.ts';

/** Threshold of the first attempt, and the one below which the search gives up (losses as fractions). */
const FIRST_THRESHOLD = 0.2;
const LAST_THRESHOLD = 1e-9;
/** Evaluations after which a likelihood search counts as failed. */
const SEARCH_LIMIT = 400;

/**
 * Value at risk and expected shortfall from a generalised Pareto tail: [threshold, scale, shape, value at risk, expected
 * shortfall], losses as positive fractions; five zeros when no tail can be fitted (fewer than three returns, no losses, no fat
 * tail). The threshold is halved from 0.2 until the fit has a positive shape and a positive value at risk at `probability`.
 * Source: Gilli and Këllezi, 'An Application of Extreme Value Theory for Measuring Financial Risk', Computational Economics 27
 * (2006), pages 8 and 12; thresholds, starting point (1, 1) and simplex tolerances (1e-4) as empyrical has them, so that
 * the numbers agree.
 */
export function generalisedParetoRisk(returns: ArrayLike<number>, probability = 0.01): [number, number, number, number, number] {
  const losses =
    returns.length < 3
      ? new Float64Array()
      : present(returns)
          .map((value) => -value)
          .filter((loss) => loss > 0);
  for (let threshold = FIRST_THRESHOLD; losses.length > 0 && threshold > LAST_THRESHOLD; threshold /= 2) {
    const beyond = losses.filter((loss) => loss >= threshold);
    if (beyond.length === 0) continue;
    const found = nelderMead(([scale = 0, shape = 0]) => -logLikelihood(scale, shape, beyond), [1, 1], {
      step: [0.05, 0.05],
      maxEvaluations: SEARCH_LIMIT,
      agreement: { point: 1e-4, value: 1e-4 },
    });
    const [scale = 0, shape = 0] = found.point;
    if (found.evaluations >= SEARCH_LIMIT || !(shape > 0)) continue;
    const valueAtRisk = threshold + (scale / shape) * (((losses.length / beyond.length) * probability) ** -shape - 1);
    if (!(valueAtRisk > 0)) continue;
    const shortfall = shape === 1 ? 0 : (valueAtRisk + scale - shape * threshold) / (1 - shape);
    return [threshold, scale, shape, valueAtRisk, shortfall];
  }
  return [0, 0, 0, 0, 0];
}

/** Log likelihood of losses under a generalised Pareto law; the most negative number where it is not defined. */
function logLikelihood(scale: number, shape: number, losses: Float64Array): number {
  const n = losses.length;
  if (shape === 0)
    return scale >= 0 ? -n * Math.log(scale) - losses.reduce((sum, loss) => sum + loss, 0) / scale : -Number.MAX_VALUE;
  if (scale === 0 || shape / scale < 0 || scale < 0) return -Number.MAX_VALUE;
  return -n * Math.log(scale) - (1 / shape + 1) * losses.reduce((sum, loss) => sum + Math.log((shape / scale) * loss + 1), 0);
}
