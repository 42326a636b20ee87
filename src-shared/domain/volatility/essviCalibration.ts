import { nelderMead } from './nelderMead.ts';
import type { Smile } from './smile.ts';
import { psiRange, rawFromSsvi, type SsviSlice, wingGrowth } from './ssvi.ts';
import { type RawSvi, sviVariance } from './svi.ts';
import { LEAST_HALF_SPREAD } from './sviCalibration.ts';

/** One tenor of an eSSVI surface. */
export interface EssviTenor {
  readonly years: number;
  readonly forward: number;
  readonly slice: SsviSlice;
  readonly raw: RawSvi;
  /** Root of the weighted mean square error, in half-spreads. */
  readonly errorInHalfSpreads: number;
}

/**
 * Fits an eSSVI surface to several tenors, without butterfly and without calendar arbitrage by construction: tenor after tenor
 * from the nearest, each within the range that the one before allows (Mingone 2022). Coordinates per tenor: ln of the growth
 * of theta over its floor, atanh rho, and the share of the allowed range of psi. Smiles without quotes are left out.
 */
export function fitEssvi(smiles: readonly Smile[]): EssviTenor[] {
  const tenors: EssviTenor[] = [];
  const ordered = smiles.filter(({ logMoneyness }) => logMoneyness.length > 0).sort((a, b) => a.years - b.years);
  for (const smile of ordered) {
    const previous = tenors.at(-1)?.slice ?? null;
    const { slice, value } = fitTenor(smile, previous);
    tenors.push({
      years: smile.years,
      forward: smile.forward,
      slice,
      raw: rawFromSsvi(slice),
      errorInHalfSpreads: Math.sqrt(value),
    });
  }
  return tenors;
}

function fitTenor(smile: Smile, previous: SsviSlice | null): { slice: SsviSlice; value: number } {
  const { years, logMoneyness, midVolatility, bidVolatility, askVolatility } = smile;
  const nearest = logMoneyness.reduce((best, k, i) => (Math.abs(k) < Math.abs(logMoneyness[best]!) ? i : best), 0);
  const seen = midVolatility[nearest]! ** 2 * years;
  const weight = midVolatility.map((volatility, i) => {
    const half = Math.max((askVolatility[i]! - bidVolatility[i]!) / 2, LEAST_HALF_SPREAD);
    return 1 / (2 * volatility * years * half) ** 2 / logMoneyness.length;
  });
  const value = (slice: SsviSlice | null): number => {
    if (slice === null) return Number.POSITIVE_INFINITY;
    const raw = rawFromSsvi(slice);
    let sum = 0;
    for (let i = 0; i < logMoneyness.length; i++) {
      sum += weight[i]! * (sviVariance(raw, logMoneyness[i]!) - midVolatility[i]! ** 2 * years) ** 2;
    }
    return sum;
  };
  const at = (x: ArrayLike<number>): SsviSlice | null => decode(x, previous, seen);
  const rho = previous?.rho ?? -0.5;
  const growth = previous ? Math.log(Math.max(seen / previous.theta - 1, 0.01)) : 0;
  const minima = [0, -2].map((share) =>
    nelderMead((x) => value(at(x)), [growth, Math.atanh(rho), share], {
      step: [0.2, 0.2, 1],
      maxEvaluations: 300,
      tolerance: 1e-9,
    }),
  );
  const best = minima.reduce((kept, minimum) => (minimum.value < kept.value ? minimum : kept));
  const slice = at(best.point) ?? carriedOn(previous, seen);
  return { slice, value: value(slice) };
}

/** From the search's coordinates to a slice that follows `previous` without arbitrage; null where there is none. */
function decode(x: ArrayLike<number>, previous: SsviSlice | null, seen: number): SsviSlice | null {
  const rho = Math.tanh(x[1]!);
  const floor = previous ? previous.theta * Math.max(wingGrowth(previous, rho), 1) : 0;
  const theta = previous ? floor + previous.theta * Math.exp(x[0]!) : seen * Math.exp(x[0]!);
  const range = psiRange(previous, theta, rho);
  if (range === null || !(range.high > 0)) return null;
  return { theta, rho, psi: range.low + (range.high - range.low) / (1 + Math.exp(-x[2]!)) };
}

/** The slice before, grown in variance alone: always allowed. */
function carriedOn(previous: SsviSlice | null, seen: number): SsviSlice {
  return previous ? { ...previous, theta: Math.max(previous.theta, seen) } : { theta: seen, rho: 0, psi: 1e-6 };
}
