import type { GateResult } from '#domain/decisions/decision';
import { sideOf } from '#domain/market/chain';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Instant } from '#domain/units';
import type { ContractPlace, MarketView, Proposal } from '#ports/strategy';
import { failedGates, holds } from '../risk/gates.ts';
import { appraise } from '../scanner/appraise.ts';
import { contractGates } from '../scanner/contractRules.ts';
import { eligibilityGates } from '../scanner/eligibility.ts';
import { filterGates } from '../scanner/filters.ts';
import type { ScanInput, ScannedStrategy } from '../scanner/scanInput.ts';
import { refusalKey } from './fold.ts';

/** One strategy's answer to 'why not this contract?'. */
export interface StrategyExplanation {
  readonly strategyId: string;
  /** What it would make around the contract, e.g. 'bullPutSpread'; null when it never sells such a contract. */
  readonly structure: string | null;
  readonly legs: readonly { readonly symbol: string; readonly ratio: number }[];
  /** Every gate with its value against its limit, in the order in which the scan meets them. */
  readonly gates: readonly GateResult[];
  readonly reasons: readonly string[];
  /** The first journalled refusal of exactly this structure for exactly these filter reasons, when there is one. */
  readonly lastDecisionId: string | null;
}

export interface ContractExplanation {
  readonly symbol: string;
  readonly at: Instant;
  /** null when the contract was not in the last snapshot. */
  readonly snapshotId: number | null;
  readonly strategies: readonly StrategyExplanation[];
}

/**
 * 'Why not?' of any contract: the structure that each strategy would make with it as its short leg, judged by the same filters
 * as in the scan, on the same recorded snapshot and at that snapshot's time, whether or not anybody proposed it.
 * `market` is the last scan's output, `scan` its input (with today's capacity where that has changed since).
 */
export function explainContract(symbol: string, market: MarketView, scan: ScanInput): ContractExplanation {
  const place = placeOf(symbol, market);
  const none: ContractExplanation = { symbol, at: market.now, snapshotId: null, strategies: [] };
  if (place === null) {
    const gates = [holds('inSnapshot', false, symbol)];
    const strategies = scan.strategies.map(({ strategy }) => answer(strategy.id, null, gates, scan));
    return { ...none, strategies };
  }
  const strategies = scan.strategies.map((scanned) => explainFor(scanned, place, scan));
  return { ...none, snapshotId: place.view.snapshotId, strategies };
}

function explainFor(scanned: ScannedStrategy, place: ContractPlace, scan: ScanInput): StrategyExplanation {
  const { strategy } = scanned;
  const { settings, now, today, capacity } = scan;
  const eligible = eligibilityGates(scanned, place.view, scan);
  const proposal = strategy.around(place);
  if (proposal === null) {
    const own = contractGates(sideOf(place.expiration.slice, place.right), place.index, now, settings.scanner);
    const structured = holds('structure', false, 'this strategy makes nothing of such a contract here');
    return answer(strategy.id, null, [...eligible, ...own, structured], scan);
  }
  const appraisal = appraise(proposal, place.freeShares, settings.scanner);
  const filters = filterGates(proposal, appraisal, { now, today, settings: settings.scanner, equityCents: capacity.equityCents });
  return answer(strategy.id, proposal, withoutRepeats([...eligible, ...filters]), scan);
}

function answer(
  strategyId: string,
  proposal: Proposal | null,
  gates: readonly GateResult[],
  { refusals }: ScanInput,
): StrategyExplanation {
  const legs = proposal === null ? [] : legsOf(proposal);
  const reasons = failedGates(gates);
  const lastDecisionId = proposal === null ? null : refusals.firstOf(refusalKey(strategyId, legs, reasons));
  return { strategyId, structure: proposal?.structure ?? null, legs, gates, reasons, lastDecisionId };
}

function legsOf({ legs }: Proposal): { symbol: string; ratio: number }[] {
  return legs.map((leg) =>
    leg.kind === 'stock' ? { symbol: leg.underlying, ratio: leg.shares } : { symbol: leg.contract.symbol, ratio: leg.ratio },
  );
}

/** Eligibility and filters both ask for IV rank and earnings: the first answer stands. */
function withoutRepeats(gates: readonly GateResult[]): GateResult[] {
  const seen = new Set<string>();
  return gates.filter(({ gate }) => !seen.has(gate) && seen.add(gate));
}

/** Where a contract stands in the market as it was prepared; null when it was not in the snapshot. */
function placeOf(symbol: string, market: MarketView): ContractPlace | null {
  const parts = parseOccSymbol(symbol);
  if (parts === null) return null;
  for (const view of market.underlyings) {
    for (const expiration of view.expirations) {
      if (expiration.slice.root !== parts.root || expiration.slice.expiration !== parts.expiration) continue;
      const index = sideOf(expiration.slice, parts.right).symbols.indexOf(symbol);
      if (index < 0) return null;
      return { view, expiration, right: parts.right, index, freeShares: market.freeShares.get(view.underlying) ?? 0 };
    }
  }
  return null;
}
