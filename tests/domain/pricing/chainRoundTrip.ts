import type { ChainWork } from '#domain/pricing/chainWork';
import { logMoneyness } from '#domain/pricing/impliedVolatility';
import { normalCdf } from '#domain/pricing/normal';
import { normalisedBlack, normalisedVega } from '#domain/pricing/normalisedBlack';

export interface ChainRoundTrip {
  readonly points: number;
  /** Points whose price underflows or reaches its bound: nothing can be implied from them. */
  readonly withoutPrice: number;
  /** Points with a price that got no volatility. */
  readonly failed: number;
  readonly medianError: number;
  /** Largest error in units of what one rounding of price, strike and answer allows. */
  readonly worstUlps: number;
  /** Largest relative difference between the two kernels. */
  readonly largestDifference: number;
}

const FORWARD = 100;

/**
 * The round trip of {@link ivRoundTrip} through whole chains: prices `count` seeded options (log-moneyness ±8, total volatility 1e-4
 * to 8, or the part of it that `region` names), implies their volatilities with both kernels and compares.
 */
export function chainRoundTrip(
  count: number,
  kernel: ChainWork,
  other: ChainWork,
  region: { readonly farthest: number; readonly least: number; readonly most: number } = { farthest: 8, least: 1e-4, most: 8 },
  seed = 20260918,
): ChainRoundTrip {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  const size = Math.min(kernel.strikes.length, other.strikes.length);
  const wanted = new Float64Array(size);
  const errors: number[] = [];
  let [withoutPrice, failed, worstUlps, largestDifference, filled] = [0, 0, 0, 0, 0];
  const flush = (): void => {
    for (const work of [kernel, other]) work.imply({ forward: FORWARD, discount: 1, years: 1 }, filled);
    for (let i = 0; i < filled; i++) {
      const got = kernel.volatilities[i]!;
      if (kernel.status[i] !== 0 || other.status[i] !== 0 || !Number.isFinite(got)) {
        failed++;
        continue;
      }
      const s = wanted[i]!;
      const x = -Math.abs(logMoneyness(FORWARD, kernel.strikes[i]!));
      const error = Math.abs(got / s - 1);
      errors.push(error);
      worstUlps = Math.max(worstUlps, error / allowedError(x, s));
      largestDifference = Math.max(largestDifference, Math.abs(got / other.volatilities[i]! - 1));
    }
    filled = 0;
  };
  while (errors.length + failed + filled < count) {
    const isCall = random() < 0.5;
    const strike = FORWARD * Math.exp((isCall ? 1 : -1) * region.farthest * random());
    const s = region.least * (region.most / region.least) ** random();
    const x = -Math.abs(logMoneyness(FORWARD, strike));
    const price = normalisedBlack(x, s) * (Math.sqrt(FORWARD) * Math.sqrt(strike));
    if (!(price > 0 && price < Math.min(strike, FORWARD))) {
      withoutPrice++;
      continue;
    }
    for (const work of [kernel, other]) {
      work.strikes[filled] = strike;
      work.callMids[filled] = isCall ? price : Number.NaN;
      work.putMids[filled] = isCall ? Number.NaN : price;
    }
    wanted[filled++] = s;
    if (filled === size) flush();
  }
  flush();
  errors.sort((a, b) => a - b);
  const medianError = errors[errors.length >> 1] ?? 0;
  return { points: errors.length, withoutPrice, failed, medianError, worstUlps, largestDifference };
}

/** What one rounding of the answer, of the price (whichever of it or its bound's distance is finer) and of ln F/K does to s. */
function allowedError(x: number, s: number): number {
  const [h, t] = [x / s, 0.5 * s];
  const beta = normalisedBlack(x, s);
  const byMoneyness = 0.5 * (Math.exp(0.5 * x) * normalCdf(h + t) + Math.exp(-0.5 * x) * normalCdf(h - t));
  const subnormal = beta < 2.3e-308 ? 5e-324 / beta / Number.EPSILON : 1;
  return Number.EPSILON * (1 + (subnormal * beta + Math.abs(x) * byMoneyness) / (s * normalisedVega(x, s)));
}
