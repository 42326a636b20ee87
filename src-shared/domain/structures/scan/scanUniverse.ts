/** One pass over a universe: volatilities, greeks, verticals and condors, the best of each kept. */
import { type ChainWorkshop, typescriptChain } from '../../pricing/chainWork.ts';
import { CondorScratch, scanCondors } from './condors.ts';
import { TopList } from './topList.ts';
import { allocatePrepared, prepareExpiry, type Universe } from './universe.ts';
import { longOf, scanBearCalls, scanBullPuts, shortOf } from './verticals.ts';

export interface ScanSettings {
  /** Most strikes between the legs of a vertical (1 to 100). */
  readonly widestStrikes: number;
  /** Smallest net credit, dollars per share (0.01 to 10). */
  readonly smallestCredit: number;
  /** Part of half the spread paid per leg (0 = mid, 1 = natural). */
  readonly slippage: number;
  /** Verticals of each side kept per expiry as wings for condors (1 to 200). */
  readonly wings: number;
  /** Candidates kept over the whole universe, of each kind (1 to 10,000). */
  readonly keep: number;
}

export const SCAN_DEFAULTS: ScanSettings = { widestStrikes: 10, smallestCredit: 0.05, slippage: 0.25, wings: 50, keep: 200 };

/** A kept candidate, by indices into the universe. Condor: [long put, short put, short call, long call]. */
export interface ScanHit {
  readonly kind: 'bullPut' | 'bearCall' | 'ironCondor';
  readonly expiry: number;
  readonly strikes: readonly number[];
  readonly score: number;
}

export interface ScanReport {
  readonly hits: readonly ScanHit[];
  readonly verticals: number;
  readonly condors: number;
}

/** Fills the volatility column of expiries from (inclusive) to (exclusive): the part of a scan that is work per contract. */
export function appraiseUniverse(
  universe: Universe,
  from: number,
  to: number,
  slippage: number = SCAN_DEFAULTS.slippage,
  workshop: ChainWorkshop = typescriptChain,
): void {
  const prepared = allocatePrepared(universe.strikesEach, workshop);
  for (let expiry = from; expiry < to; expiry++) prepareExpiry(universe, expiry, slippage, prepared);
}

/** Scans expiries from (inclusive) to (exclusive). Reads and fills the universe's columns; allocates per call, not per expiry. */
export function scanUniverse(
  universe: Universe,
  from: number,
  to: number,
  settings: ScanSettings = SCAN_DEFAULTS,
  workshop: ChainWorkshop = typescriptChain,
): ScanReport {
  const prepared = allocatePrepared(universe.strikesEach, workshop);
  const { wings, keep } = settings;
  const puts = new TopList(wings);
  const calls = new TopList(wings);
  const bestPuts = new TopList(keep);
  const bestCalls = new TopList(keep);
  const condors = new TopList(keep);
  const condorLegs = new Map<string, readonly number[]>();
  const scratch = new CondorScratch(wings);
  const fresh = new TopList(keep);
  let verticals = 0;
  let pairs = 0;
  for (let expiry = from; expiry < to; expiry++) {
    prepareExpiry(universe, expiry, settings.slippage, prepared);
    puts.clear();
    calls.clear();
    verticals += scanBullPuts(expiry, prepared, settings, puts) + scanBearCalls(expiry, prepared, settings, calls);
    merge(puts, bestPuts);
    merge(calls, bestCalls);
    // Condors of this expiry compete with what is kept so far; their legs are resolved while the wings are still here.
    fresh.clear();
    fresh.floor = condors.floor;
    pairs += scanCondors(expiry, prepared, puts, calls, scratch, fresh);
    for (let i = 0; i < fresh.size; i++) {
      if (fresh.scores[i]! <= condors.floor) continue;
      const put = puts.legs[fresh.legs[i]! >>> 16]!;
      const call = calls.legs[fresh.legs[i]! & 0xffff]!;
      condorLegs.set(`${expiry}/${fresh.legs[i]!}`, [longOf(put), shortOf(put), shortOf(call), longOf(call)]);
      condors.add(fresh.scores[i]!, expiry, fresh.legs[i]!);
    }
  }
  const verticalHits = (kind: 'bullPut' | 'bearCall', list: TopList): ScanHit[] =>
    list.ranked().map((i) => ({
      kind,
      expiry: list.expiries[i]!,
      strikes: [shortOf(list.legs[i]!), longOf(list.legs[i]!)],
      score: list.scores[i]!,
    }));
  const condorHits = condors.ranked().map((i): ScanHit => {
    const expiry = condors.expiries[i]!;
    const strikes = condorLegs.get(`${expiry}/${condors.legs[i]!}`) ?? [];
    return { kind: 'ironCondor', expiry, strikes, score: condors.scores[i]! };
  });
  return {
    hits: [...verticalHits('bullPut', bestPuts), ...verticalHits('bearCall', bestCalls), ...condorHits],
    verticals,
    condors: pairs,
  };
}

function merge(from: TopList, into: TopList): void {
  for (let i = 0; i < from.size; i++) {
    if (from.scores[i]! > into.floor) into.add(from.scores[i]!, from.expiries[i]!, from.legs[i]!);
  }
}

/** Joins the reports of parts of one universe into the report of the whole. */
export function joinReports(reports: readonly ScanReport[], keep: number = SCAN_DEFAULTS.keep): ScanReport {
  const best = (kind: ScanHit['kind']) =>
    reports
      .flatMap((report) => report.hits.filter((hit) => hit.kind === kind))
      .sort((a, b) => b.score - a.score || a.expiry - b.expiry)
      .slice(0, keep);
  return {
    hits: [...best('bullPut'), ...best('bearCall'), ...best('ironCondor')],
    verticals: reports.reduce((sum, report) => sum + report.verticals, 0),
    condors: reports.reduce((sum, report) => sum + report.condors, 0),
  };
}
