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

/** Stands for 'no floor yet': finite, so that it can be multiplied. */
const NO_FLOOR = -1e300;

/**
 * Least expected value over maximum loss that can beat `floor` when probability and liquidity make at most `most`. An expectation
 * of zero or less counts in full (see {@link scoreOf}), so a floor below zero is a bound as it stands.
 */
export const leastRatio = (floor: number, most: number): number =>
  floor > 0 ? floor / most : floor > NO_FLOOR ? floor : NO_FLOOR;

/** Expected value per dollar at risk, discounted by doubt; a loss to be expected is not made better by being unlikely or illiquid. */
export const scoreOf = (ratio: number, probability: number, liquidity: number): number =>
  ratio > 0 ? ratio * probability * liquidity : ratio;

/**
 * Scores all bull put spreads (short the higher put) and adds the best to `best`.
 *
 * score = expected value / maximum loss x probability of profit x liquidity of the worse leg, all under the forecast
 * distribution ({@link scoreOf}); expected value = net credit - fair value, both present values per share. Most candidates fall at the first
 * comparison, on a bound of two loads that needs no division and no table: the score can be no more than with the short leg's
 * liquidity and with the whole premium kept. Returns candidates looked at.
 */
export function scanBullPuts(expiry: number, prepared: PreparedExpiry, rules: VerticalRules, best: TopList): number {
  const { count, strike, putSell, putBuy, putFair, putLiquidity, putGift, putDepth, distribution, frame } = prepared;
  const { widestStrikes, smallestCredit } = rules;
  const { low, perStep } = frame;
  let looked = 0;
  let floor = best.floor;
  for (let short = 1; short < count; short++) {
    const sell = putSell[short]!;
    const edge = sell - putFair[short]!;
    const shortStrike = strike[short]!;
    const atRisk = shortStrike - sell;
    const shortLiquidity = putLiquidity[short]!;
    // No spread of this short brings more than its premium, so none breaks even further away.
    const most = shortLiquidity * (1 - probabilityBelow(distribution, low, perStep, atRisk));
    let least = leastRatio(floor, most);
    let bound = least * atRisk - edge;
    const last = Math.max(0, short - widestStrikes);
    looked += short - last;
    for (let long = short - 1; long >= last; long--) {
      // Expected value > least x maximum loss, with everything of the short leg on one side.
      if (!(putGift[long]! + least * putDepth[long]! > bound)) continue;
      const bought = putBuy[long]!;
      const credit = sell - bought;
      const maxLoss = shortStrike - strike[long]! - credit;
      if (!(credit >= smallestCredit && maxLoss > 0)) continue;
      const longLiquidity = putLiquidity[long]!;
      const liquidity = shortLiquidity < longLiquidity ? shortLiquidity : longLiquidity;
      const ratio = (edge - bought + putFair[long]!) / maxLoss;
      const score = scoreOf(ratio, 1 - probabilityBelow(distribution, low, perStep, shortStrike - credit), liquidity);
      if (!(score > floor)) continue;
      best.add(score, expiry, packLegs(short, long));
      floor = best.floor;
      least = leastRatio(floor, most);
      bound = least * atRisk - edge;
    }
  }
  return looked;
}

/** Scores all bear call spreads (short the lower call); as {@link scanBullPuts}. */
export function scanBearCalls(expiry: number, prepared: PreparedExpiry, rules: VerticalRules, best: TopList): number {
  const { count, strike, callSell, callBuy, callFair, callLiquidity, callGift, callHeight, distribution, frame } = prepared;
  const { widestStrikes, smallestCredit } = rules;
  const { low, perStep } = frame;
  let looked = 0;
  let floor = best.floor;
  // From the far strikes inwards, as for puts: the best stand out of the money, and the sooner they come the fewer follow.
  for (let short = count - 2; short >= 0; short--) {
    const sell = callSell[short]!;
    const edge = sell - callFair[short]!;
    const shortStrike = strike[short]!;
    const spared = shortStrike + sell;
    const shortLiquidity = callLiquidity[short]!;
    const most = shortLiquidity * probabilityBelow(distribution, low, perStep, spared);
    let least = leastRatio(floor, most);
    let bound = -least * spared - edge;
    const last = Math.min(count - 1, short + widestStrikes);
    looked += last - short;
    for (let long = short + 1; long <= last; long++) {
      if (!(callGift[long]! - least * callHeight[long]! > bound)) continue;
      const bought = callBuy[long]!;
      const credit = sell - bought;
      const maxLoss = strike[long]! - shortStrike - credit;
      if (!(credit >= smallestCredit && maxLoss > 0)) continue;
      const longLiquidity = callLiquidity[long]!;
      const liquidity = shortLiquidity < longLiquidity ? shortLiquidity : longLiquidity;
      const ratio = (edge - bought + callFair[long]!) / maxLoss;
      const score = scoreOf(ratio, probabilityBelow(distribution, low, perStep, shortStrike + credit), liquidity);
      if (!(score > floor)) continue;
      best.add(score, expiry, packLegs(short, long));
      floor = best.floor;
      least = leastRatio(floor, most);
      bound = -least * spared - edge;
    }
  }
  return looked;
}
