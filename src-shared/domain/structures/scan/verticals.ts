/** Every credit vertical of one expiry within a number of strikes, scored; no transcendental function per candidate. */

import type { TopList } from './topList.ts';
import type { PreparedExpiry } from './universe.ts';
import { DISTRIBUTION_BINS } from './universe.ts';

/** P(S_T <= level) from the expiry's table, linear between its points. */
export function probabilityBelow(distribution: Float64Array, low: number, perStep: number, level: number): number {
  const position = (level - low) * perStep;
  if (!(position > 0)) return distribution[0]!;
  if (position >= DISTRIBUTION_BINS) return distribution[DISTRIBUTION_BINS]!;
  const bin = position | 0;
  const below = distribution[bin]!;
  return below + (position - bin) * (distribution[bin + 1]! - below);
}

/** Limits of a candidate worth scoring. */
export interface VerticalRules {
  /** Most strikes between the legs. */
  readonly widestStrikes: number;
  /** Smallest net credit, dollars per share. */
  readonly smallestCredit: number;
}

/** Legs of a vertical in one integer: index of the short strike and of the long one (each below 65536). */
export const packLegs = (short: number, long: number): number => (short << 16) | long;
export const shortOf = (legs: number): number => legs >>> 16;
export const longOf = (legs: number): number => legs & 0xffff;

/**
 * Scores all bull put spreads (short the higher put) and adds the best to `best`.
 *
 * score = expected value / maximum loss x probability of profit x liquidity of the worse leg, all under the forecast
 * distribution; expected value = net credit - fair value, both present values per share. Most candidates fall at the first
 * comparison, on a bound that needs no division and no table. Returns candidates looked at.
 */
export function scanBullPuts(expiry: number, prepared: PreparedExpiry, rules: VerticalRules, best: TopList): number {
  const { count, strike, putSell, putBuy, putFair, putLiquidity, distribution, frame } = prepared;
  const { widestStrikes, smallestCredit } = rules;
  const { low, perStep } = frame;
  let looked = 0;
  let floor = best.floor;
  for (let short = 1; short < count; short++) {
    const sell = putSell[short]!;
    const edge = sell - putFair[short]!;
    const shortStrike = strike[short]!;
    const shortLiquidity = putLiquidity[short]!;
    const last = Math.max(0, short - widestStrikes);
    looked += short - last;
    for (let long = short - 1; long >= last; long--) {
      const credit = sell - putBuy[long]!;
      const maxLoss = shortStrike - strike[long]! - credit;
      const expected = edge - putBuy[long]! + putFair[long]!;
      if (!(expected > floor * maxLoss && credit >= smallestCredit && maxLoss > 0)) continue;
      const longLiquidity = putLiquidity[long]!;
      const liquidity = shortLiquidity < longLiquidity ? shortLiquidity : longLiquidity;
      const score = (expected / maxLoss) * (1 - probabilityBelow(distribution, low, perStep, shortStrike - credit)) * liquidity;
      if (!(score > floor)) continue;
      best.add(score, expiry, packLegs(short, long));
      floor = best.floor;
    }
  }
  return looked;
}

/** Scores all bear call spreads (short the lower call); as {@link scanBullPuts}. */
export function scanBearCalls(expiry: number, prepared: PreparedExpiry, rules: VerticalRules, best: TopList): number {
  const { count, strike, callSell, callBuy, callFair, callLiquidity, distribution, frame } = prepared;
  const { widestStrikes, smallestCredit } = rules;
  const { low, perStep } = frame;
  let looked = 0;
  let floor = best.floor;
  for (let short = 0; short < count - 1; short++) {
    const sell = callSell[short]!;
    const edge = sell - callFair[short]!;
    const shortStrike = strike[short]!;
    const shortLiquidity = callLiquidity[short]!;
    const last = Math.min(count - 1, short + widestStrikes);
    looked += last - short;
    for (let long = short + 1; long <= last; long++) {
      const credit = sell - callBuy[long]!;
      const maxLoss = strike[long]! - shortStrike - credit;
      const expected = edge - callBuy[long]! + callFair[long]!;
      if (!(expected > floor * maxLoss && credit >= smallestCredit && maxLoss > 0)) continue;
      const longLiquidity = callLiquidity[long]!;
      const liquidity = shortLiquidity < longLiquidity ? shortLiquidity : longLiquidity;
      const score = (expected / maxLoss) * probabilityBelow(distribution, low, perStep, shortStrike + credit) * liquidity;
      if (!(score > floor)) continue;
      best.add(score, expiry, packLegs(short, long));
      floor = best.floor;
    }
  }
  return looked;
}
