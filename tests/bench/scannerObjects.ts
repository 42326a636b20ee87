/**
 * The scanner's bull puts in object style, two ways: the same arithmetic on objects (filter, map, sort), and the way it is usually
 * written: legs, and the structure library asked for profit bounds, probability and expected value of each.
 */

import { profitBounds } from '#domain/structures/payoff';
import { expectedValue, lognormalDistribution, probabilityOfProfit } from '#domain/structures/probability';
import { TopList } from '#domain/structures/scan/topList';
import { allocatePrepared, type PreparedExpiry, prepareExpiry, type Universe } from '#domain/structures/scan/universe';
import { probabilityBelow, scanBullPuts, scoreOf, type VerticalRules } from '#domain/structures/scan/verticals';
import { put } from '#support/legs';

export interface ObjectStyle {
  readonly candidates: number;
  /** The kept scores are the very same, and (by the library) the same within its finer probabilities. */
  readonly sameCandidates: boolean;
  readonly sameByLibrary: boolean;
  readonly nsOurs: number;
  readonly nsObjects: number;
  readonly nsLibrary: number;
}

interface Quoted {
  readonly index: number;
  readonly strike: number;
  readonly sell: number;
  readonly buy: number;
  readonly fair: number;
  readonly liquidity: number;
}

/** Expiries that only warm up. */
const WARM_UP = 1 / 3;

export function objectStyle(
  universe: Universe,
  rules: VerticalRules & { readonly wings: number; readonly slippage: number },
  expiries: number,
): ObjectStyle {
  const prepared = Array.from({ length: expiries }, (_, expiry) => {
    const room = allocatePrepared(universe.strikesEach);
    prepareExpiry(universe, expiry, rules.slippage, room);
    return room;
  });
  const ours = prepared.map((expiry, e) => keptByUs(e, expiry, rules));
  const objects = prepared.map((expiry) => keptOfObjects(expiry, rules));
  const some = prepared.slice(0, Math.ceil(expiries / 4));
  const library = some.map((expiry, e) => keptByLibrary(universe, e, expiry, rules));
  const same = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
    a.length === b.length && a.every((score, i) => Math.abs(score - b[i]!) <= tolerance);
  const candidates = prepared.reduce((sum, expiry, e) => sum + scanBullPuts(e, expiry, rules, new TopList(rules.wings)), 0);
  const each = candidates / expiries;
  return {
    candidates,
    sameCandidates: ours.every((kept, e) => same(kept, objects[e]!, 1e-15)),
    sameByLibrary: library.every((kept, e) => same(kept, ours[e]!, 2e-3)),
    nsOurs: nanoseconds(prepared, (expiry, e) => keptByUs(e, expiry, rules)) / each,
    nsObjects: nanoseconds(prepared, (expiry) => keptOfObjects(expiry, rules)) / each,
    nsLibrary: nanoseconds(some, (expiry, e) => keptByLibrary(universe, e, expiry, rules)) / each,
  };
}

/** Median time of one expiry after the warm-up. */
function nanoseconds(prepared: readonly PreparedExpiry[], job: (expiry: PreparedExpiry, index: number) => unknown): number {
  const times = prepared.map((expiry, index) => {
    const start = performance.now();
    job(expiry, index);
    return (performance.now() - start) * 1e6;
  });
  const warm = times.slice(Math.floor(times.length * WARM_UP)).sort((a, b) => a - b);
  return warm[warm.length >> 1] ?? Number.NaN;
}

function keptByUs(e: number, expiry: PreparedExpiry, rules: VerticalRules & { readonly wings: number }): number[] {
  const best = new TopList(rules.wings);
  scanBullPuts(e, expiry, rules, best);
  return best.ranked().map((i) => best.scores[i]!);
}

function quotedOf({ strike, putSell, putBuy, putFair, putLiquidity }: PreparedExpiry): Quoted[] {
  return Array.from(strike, (each, index) => ({
    index,
    strike: each,
    sell: putSell[index]!,
    buy: putBuy[index]!,
    fair: putFair[index]!,
    liquidity: putLiquidity[index]!,
  }));
}

function pairsOf(contracts: readonly Quoted[], widest: number): { short: Quoted; long: Quoted }[] {
  return contracts.flatMap((short) =>
    contracts.filter((long) => long.index < short.index && short.index - long.index <= widest).map((long) => ({ short, long })),
  );
}

function keptOfObjects(expiry: PreparedExpiry, rules: VerticalRules & { readonly wings: number }): number[] {
  const { distribution, frame } = expiry;
  return pairsOf(quotedOf(expiry), rules.widestStrikes)
    .map(({ short, long }) => {
      const credit = short.sell - long.buy;
      const maxLoss = short.strike - long.strike - credit;
      const expected = short.sell - short.fair - long.buy + long.fair;
      return { short, long, credit, maxLoss, expected };
    })
    .filter(({ credit, maxLoss }) => credit >= rules.smallestCredit && maxLoss > 0)
    .map((spread) => {
      const pop = 1 - probabilityBelow(distribution, frame.low, frame.perStep, spread.short.strike - spread.credit);
      const liquidity = Math.min(spread.short.liquidity, spread.long.liquidity);
      return { ...spread, pop, score: scoreOf(spread.expected / spread.maxLoss, pop, liquidity) };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, rules.wings)
    .map(({ score }) => score);
}

function keptByLibrary(
  universe: Universe,
  e: number,
  expiry: PreparedExpiry,
  rules: VerticalRules & { readonly wings: number },
): number[] {
  const { terms } = universe;
  const years = terms.years[e]!;
  const law = lognormalDistribution({ forward: terms.forward[e]!, years, volatility: terms.forecastVolatility[e]! });
  const discount = terms.discount[e]!;
  const quoted = quotedOf(expiry);
  const sold = quoted.map(({ strike }) => put(strike, -1));
  const bought = quoted.map(({ strike }) => put(strike, 1));
  return pairsOf(quoted, rules.widestStrikes)
    .map(({ short, long }) => {
      const credit = short.sell - long.buy;
      const legs = [sold[short.index]!, bought[long.index]!];
      return { legs, credit, liquidity: Math.min(short.liquidity, long.liquidity) };
    })
    .filter(({ credit }) => credit >= rules.smallestCredit)
    .flatMap(({ legs, credit, liquidity }) => {
      const { maxLoss } = profitBounds(legs, credit);
      if (!maxLoss) return [];
      // Present values, as the columns have them.
      const expected = 100 * credit + discount * expectedValue(legs, 0, law);
      const score = scoreOf((100 * expected) / maxLoss, probabilityOfProfit(legs, credit, law), liquidity);
      return [{ legs, score }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, rules.wings)
    .map(({ score }) => score);
}
