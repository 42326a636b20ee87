import { isAdjusted, type OptionContract } from '../market/instrument.ts';
import { optionLegs } from './anatomy.ts';
import type { Leg, OptionLeg } from './leg.ts';

/** How many short contracts of a set stand without cover, by right. */
export interface UncoveredShorts {
  readonly calls: number;
  readonly puts: number;
}

/**
 * Short option contracts that nothing in the same set covers. `ratio` is read as the signed number of contracts held, `shares`
 * as signed shares.
 *
 * A short is covered by a long option of the same right, root and multiplier that lives at least as long (any strike: the loss
 * is then bounded by the width), or a call by long shares and a put by short shares, a full multiplier each. Every long and
 * every lot covers once. Same root, so that an AM-settled series never covers a PM-settled one and an adjusted contract never
 * covers a standard one; nor do shares cover an adjusted contract, which delivers more or other than them. Where something is left
 * (`boundToAdjusted`) they count: they are a part of what it delivers, and must not be sold from under it. Cash is not looked at: a
 * cash-secured put is an uncovered put here, and whether its cash is reserved is the account's question.
 */
export function uncoveredShorts(legs: readonly Leg[], shares?: 'boundToAdjusted'): UncoveredShorts {
  const lots = new Map<string, number>();
  for (const leg of legs) {
    if (leg.kind === 'stock') lots.set(leg.underlying, (lots.get(leg.underlying) ?? 0) + leg.shares);
  }
  let calls = 0;
  let puts = 0;
  for (const series of seriesOf(legs)) {
    const open = openShorts(series);
    const { underlying, multiplier, right } = open.contract;
    const isBound = shares === 'boundToAdjusted' || !isAdjusted(open.contract);
    const held = isBound ? (lots.get(underlying) ?? 0) * (right === 'call' ? 1 : -1) : 0;
    const byShares = open.contracts > 0 ? Math.min(open.contracts, Math.floor(Math.max(held, 0) / multiplier)) : 0;
    lots.set(underlying, (lots.get(underlying) ?? 0) - byShares * multiplier * (right === 'call' ? 1 : -1));
    if (right === 'call') calls += open.contracts - byShares;
    else puts += open.contracts - byShares;
  }
  return { calls, puts };
}

/** Total of {@link uncoveredShorts}: the number that must be zero for a level-3 account with no cash-secured puts in the set. */
export function uncoveredShortContracts(legs: readonly Leg[], shares?: 'boundToAdjusted'): number {
  const { calls, puts } = uncoveredShorts(legs, shares);
  return calls + puts;
}

/** Legs grouped into what may cover each other: one underlying, root, multiplier and right. */
function seriesOf(legs: readonly Leg[]): OptionLeg[][] {
  const groups = new Map<string, OptionLeg[]>();
  for (const leg of optionLegs(legs)) {
    const { underlying, root, multiplier, right } = leg.contract;
    const key = `${underlying}|${root}|${multiplier}|${right}`;
    groups.set(key, [...(groups.get(key) ?? []), leg]);
  }
  return [...groups.values()];
}

/**
 * Walks from the last expiration to the first: a long met on the way may cover any short met later. At one expiration equal
 * contracts net first and longs count before shorts. What the pool of longs cannot cover is open.
 */
function openShorts(series: readonly OptionLeg[]): { contract: OptionContract; contracts: number } {
  const ordered = [...series].sort((a, b) => b.contract.expiration.localeCompare(a.contract.expiration) || b.ratio - a.ratio);
  let cover = 0;
  let contracts = 0;
  for (const leg of ordered) {
    if (leg.ratio > 0) cover += leg.ratio;
    else {
      const covered = Math.min(cover, -leg.ratio);
      cover -= covered;
      contracts += -leg.ratio - covered;
    }
  }
  return { contract: ordered[0]!.contract, contracts };
}
