import { totalVolatility } from '#domain/pricing/impliedVolatility';
import { normalisedBlack, normalisedVega } from '#domain/pricing/normalisedBlack';

export interface RoundTrip {
  readonly points: number;
  /** Points whose price underflows or reaches its bound: nothing can be implied from them. */
  readonly withoutPrice: number;
  readonly notANumber: number;
  readonly medianError: number;
  /** Largest error in units of what one rounding of the price (and one of the answer) allows. */
  readonly worstUlps: number;
  readonly worstAt: readonly [number, number];
}

/** Prices `count` seeded points (log-moneyness -8..0 and its mirror, total volatility 1e-4..8) and inverts them again. */
export function ivRoundTrip(count: number, seed = 20260918): RoundTrip {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  const errors: number[] = [];
  let withoutPrice = 0;
  let notANumber = 0;
  let worstUlps = 0;
  let worstAt: [number, number] = [0, 0];
  while (errors.length + notANumber < count) {
    const x = -8 * random();
    const s = 1e-4 * 8e4 ** random();
    const beta = normalisedBlack(x, s);
    const gap = Math.exp(0.5 * x) - beta;
    if (!(beta > 0 && gap > 0)) {
      withoutPrice++;
      continue;
    }
    const got = totalVolatility(x, beta, gap);
    if (!Number.isFinite(got)) {
      notANumber++;
      continue;
    }
    const error = Math.abs(got / s - 1);
    const subnormal = beta < 2.3e-308 ? 5e-324 / beta / Number.EPSILON : 1;
    const allowed = Number.EPSILON * (1 + (subnormal * beta) / (s * normalisedVega(x, s)));
    errors.push(error);
    if (error / allowed > worstUlps) {
      worstUlps = error / allowed;
      worstAt = [x, s];
    }
  }
  errors.sort((a, b) => a - b);
  return { points: errors.length, withoutPrice, notANumber, medianError: errors[errors.length >> 1] ?? 0, worstUlps, worstAt };
}
