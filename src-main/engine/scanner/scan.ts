import type { Decision, GateResult } from '#domain/decisions/decision';
import type { MarketView, Proposal, UnderlyingView } from '#ports/strategy';
import { refusalKey } from '../ledger/fold.ts';
import { atMost, failedGates } from '../risk/gates.ts';
import { type GreekRoom, scoreOf } from '../selection/score.ts';
import { selectTop } from '../selection/select.ts';
import { type Appraisal, appraise } from './appraise.ts';
import { CONTRACT_RULES, type RuleCounts } from './contractRules.ts';
import { type DecisionTerms, decisionOf, unitBuyingPowerEffect } from './decisionOf.ts';
import { closedFor, closedForAll, closedForStrategy } from './eligibility.ts';
import { filterGates } from './filters.ts';
import { riskRequestOf } from './riskRequestOf.ts';
import type { ScanInput, ScannedStrategy } from './scanInput.ts';
import type { RankedCandidate, ScanOutput, VolatilityReading } from './scanOutput.ts';
import { type DayRange, underlyingViewOf } from './underlyingView.ts';

/** Tenors around the recorded 30 days that are prepared even when no strategy looks there. */
const RECORDED_RANGE: DayRange = { from: 14, to: 60 };

/**
 * One look at the market, from chains to ranked candidates. Cheap rules first: what cannot be opened anyway (capacity, pauses,
 * IV rank, earnings) is counted in the funnel before a strategy is asked; contracts fall by rule; every structure that a
 * strategy then proposes meets all filters and gets a decision, folded when it is the same refusal as before.
 */
export function scanMarket(input: ScanInput): ScanOutput {
  const funnel = new Funnel();
  const fallen = new Float64Array(CONTRACT_RULES.length);
  const prepared = prepareMarket(input, funnel, fallen);
  const market: MarketView = { now: input.now, today: input.today, underlyings: prepared, freeShares: input.freeShares };
  const proposals = proposalsOf(market, input, funnel);
  const { candidates, decisions } = filtered(proposals, input, funnel);
  const { chosen, left } = selectTop(candidates, {
    top: input.settings.scanner.topCandidates,
    repeatPenalty: input.settings.scanner.repeatPenalty,
    positionsBySector: input.capacity.bySector,
  });
  for (const candidate of left) journalRefusal(candidate, ['rank'], 'ranking', input, decisions, funnel);
  const ranked = chosen.map((candidate, index) => rankedOf(candidate, index + 1, input));
  CONTRACT_RULES.forEach((rule, i) => {
    funnel.add(rule, fallen[i]!);
  });
  return {
    decisions,
    ranked,
    funnel: funnel.counts(),
    counts: {
      underlyings: prepared.length,
      contracts: contractsOf(prepared),
      proposals: proposals.length,
      candidates: candidates.length,
    },
    market,
  };
}

/** How many fell at each rule. */
class Funnel {
  private readonly fallen = new Map<string, number>();

  add(rule: string, count = 1): void {
    if (count > 0) this.fallen.set(rule, (this.fallen.get(rule) ?? 0) + count);
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.fallen].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** A proposal with everything known about it. */
interface Candidate {
  readonly proposal: Proposal;
  readonly appraisal: Appraisal;
  readonly gates: readonly GateResult[];
  readonly score: number;
  readonly sector: string;
  readonly strategyId: string;
  readonly underlying: string;
  readonly key: string;
}

function prepareMarket(input: ScanInput, funnel: Funnel, fallen: RuleCounts): UnderlyingView[] {
  const range = dayRangeOf(input.strategies);
  const views: UnderlyingView[] = [];
  for (const chain of input.chains) {
    const prepared = underlyingViewOf(chain, input, range, fallen);
    if (prepared.kind === 'prepared') views.push(prepared.view);
    else funnel.add(prepared.reason);
  }
  return views;
}

/** Days to expiration that any strategy looks at, widened to the recorded tenor. */
function dayRangeOf(strategies: readonly ScannedStrategy[]): DayRange {
  let { from, to } = RECORDED_RANGE;
  for (const { strategy } of strategies) {
    from = Math.min(from, strategy.window.minDaysToExpiration);
    to = Math.max(to, strategy.window.maxDaysToExpiration);
  }
  return { from, to };
}

function proposalsOf(market: MarketView, input: ScanInput, funnel: Funnel): Proposal[] {
  const shut = closedForAll(input);
  if (shut !== null) {
    funnel.add(shut, market.underlyings.length);
    return [];
  }
  const open: UnderlyingView[] = [];
  for (const view of market.underlyings) {
    const reason = closedFor(view, input);
    if (reason === null) open.push(view);
    else funnel.add(reason);
  }
  const proposals: Proposal[] = [];
  for (const scanned of input.strategies) {
    const underlyings = open.filter((view) => {
      const reason = closedForStrategy(scanned, view, input);
      if (reason !== null) funnel.add(reason);
      return reason === null;
    });
    if (underlyings.length > 0) proposals.push(...scanned.strategy.propose({ ...market, underlyings }));
  }
  return proposals;
}

function filtered(
  proposals: readonly Proposal[],
  input: ScanInput,
  funnel: Funnel,
): { candidates: Candidate[]; decisions: Decision[] } {
  const { settings, now, today, capacity } = input;
  const terms = { now, today, settings: settings.scanner, equityCents: capacity.equityCents };
  const room: GreekRoom = {
    deltaShares: capacity.portfolioDeltaShares,
    vegaDollars: capacity.portfolioVegaDollars,
    maxDeltaShares: settings.risk.maxPortfolioDeltaShares,
    maxVegaDollars: settings.risk.maxPortfolioVegaDollars,
  };
  const candidates: Candidate[] = [];
  const decisions: Decision[] = [];
  for (const proposal of proposals) {
    const appraisal = appraise(proposal, input.freeShares.get(proposal.underlying) ?? 0, settings.scanner);
    const gates = filterGates(proposal, appraisal, terms);
    if (gates.every((gate) => gate.passed)) gates.push(...roomGates(proposal, appraisal, input));
    const reasons = failedGates(gates);
    const { strategyId, underlying, view } = proposal;
    const passed = reasons.length === 0;
    const candidate: Candidate = {
      proposal,
      appraisal,
      gates,
      score: passed ? scoreOf(proposal, appraisal, room, settings.scanner) : 0,
      sector: view.sector,
      strategyId,
      underlying,
      key: refusalKey(strategyId, legKeys(appraisal), []),
    };
    if (passed) candidates.push(candidate);
    else journalRefusal(candidate, reasons, 'filter', input, decisions, funnel);
  }
  return { candidates, decisions };
}

/** Whether one unit fits into the buying power that is left, for what passed everything else; asked only where the room is told. */
function roomGates(proposal: Proposal, appraisal: Appraisal, { capacity }: ScanInput): GateResult[] {
  if (capacity.buyingPowerRoomCents === undefined) return [];
  const needed = Math.max(0, -unitBuyingPowerEffect(proposal, appraisal));
  return [atMost('buyingPowerRoom', needed, capacity.buyingPowerRoomCents, 'cents')];
}

/** Journals a refusal the first time; counts it in the funnel (at its first reason) and in the fold every time. */
function journalRefusal(
  candidate: Candidate,
  reasons: readonly string[],
  stage: 'filter' | 'ranking',
  input: ScanInput,
  decisions: Decision[],
  funnel: Funnel,
): void {
  const { proposal, appraisal, gates, score } = candidate;
  funnel.add(reasons[0] ?? stage);
  const key = refusalKey(candidate.strategyId, legKeys(appraisal), reasons);
  if (!input.refusals.note(key, input.now, input.nextDecisionId)) return;
  const decisionId = input.refusals.firstOf(key) ?? input.nextDecisionId();
  const ranked = stage === 'ranking' ? score : null;
  const terms: DecisionTerms = {
    decisionId,
    at: input.now,
    scanId: input.scanId,
    gates,
    reasons,
    stage,
    score: ranked,
    rank: null,
  };
  decisions.push(decisionOf(proposal, appraisal, terms));
}

function legKeys({ placed }: Appraisal): { symbol: string; ratio: number }[] {
  return placed.map(({ leg }) =>
    leg.kind === 'stock' ? { symbol: leg.underlying, ratio: leg.shares } : { symbol: leg.contract.symbol, ratio: leg.ratio },
  );
}

function rankedOf(candidate: Candidate, rank: number, input: ScanInput): RankedCandidate {
  const { proposal, appraisal, gates, score } = candidate;
  const { now: at, scanId } = input;
  const decisionId = input.nextDecisionId();
  return {
    decision: decisionOf(proposal, appraisal, { decisionId, at, scanId, gates, reasons: [], stage: 'ranking', score, rank }),
    proposal,
    riskRequest: riskRequestOf(proposal, appraisal, input),
    prices: {
      mid: appraisal.mid,
      natural: appraisal.natural,
      spot: proposal.view.spot,
    },
  };
}

function contractsOf(views: readonly UnderlyingView[]): number {
  let contracts = 0;
  for (const view of views) for (const { slice } of view.expirations) contracts += 2 * slice.strikes.length;
  return contracts;
}

/** Implied volatility of every underlying that has one. A reading quotes and inverts two expirations: ask once a day. */
export function volatilityReadings({ underlyings }: MarketView): VolatilityReading[] {
  return underlyings.flatMap(readingOf);
}

function readingOf({ underlying, spot, iv30 }: UnderlyingView): VolatilityReading[] {
  return iv30 === null ? [] : [{ underlying, spot, iv30 }];
}
