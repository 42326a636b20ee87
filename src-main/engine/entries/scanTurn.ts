import type { Decision } from '#domain/decisions/decision';
import { civilDate, sessionAt } from '#domain/market/calendar';
import { quoteAt, sideOf } from '#domain/market/chain';
import { plusMs } from '#domain/units';
import type { ChainAnswer, ChainWindow } from '#ports/marketData';
import { strategyBlock } from '#ports/settings/settings';
import type { CatalogEntry } from '#ports/strategy';
import { noteThrottled } from '../execution/throttled.ts';
import { settleDecision } from '../ledger/settle.ts';
import { refreshExitPlans } from '../positions/manage.ts';
import { askClosingVolatility } from '../reconcile/closingVolatility.ts';
import { buyingPowerRoom } from '../risk/buyingPower.ts';
import { symbolOf } from '../risk/combinationQuote.ts';
import { judge } from '../risk/judge.ts';
import { scanMarket } from '../scanner/scan.ts';
import type { Capacity, ScanInput, ScannedStrategy } from '../scanner/scanInput.ts';
import type { RankedCandidate } from '../scanner/scanOutput.ts';
import { takeStock } from '../spot.ts';
import { entriesBlockedBy } from '../state/blocks.ts';
import { underlyingsInDoubt } from '../state/doubt.ts';
import { exposuresOf, freeSharesOf, haltedSymbols, riskBookOf } from '../state/riskBook.ts';
import { effectiveMode, sizeCapOf } from '../trust/trust.ts';
import { nextRequestId, notify, type Turn } from '../turn.ts';
import { enter } from './enter.ts';
import { inputsHashOf } from './inputsHash.ts';

/** Asks for the chains of the whole universe and plans the next scan. Outside the session nothing is asked. */
export function scanDue(turn: Turn): void {
  const session = sessionAt(turn.now);
  turn.present.nextScanAt = null;
  if (!session) return;
  const next = plusMs(turn.now, turn.settings.scanner.intervalSeconds * 1000);
  if (next < session.close) {
    turn.present.nextScanAt = next;
    turn.act({ kind: 'wakeAt', at: next, reason: { kind: 'scan', subject: '' } });
  }
  const looking = turn.present.strategies;
  if (looking.length === 0) return;
  turn.act({
    kind: 'requestChains',
    request: { requestId: nextRequestId(turn, 'chains'), underlyings: turn.settings.universe, window: widest(looking) },
  });
  if (next >= session.close) askClosingVolatility(turn);
}

/** One window that holds what every strategy looks at, and the month that the volatility rank needs. */
function widest(strategies: readonly ScannedStrategy[]): ChainWindow {
  const windows = strategies.map(({ strategy }) => strategy.window);
  return {
    minDaysToExpiration: Math.min(14, ...windows.map((window) => window.minDaysToExpiration)),
    maxDaysToExpiration: Math.max(45, ...windows.map((window) => window.maxDaysToExpiration)),
    strikesWithin: Math.max(...windows.map((window) => window.strikesWithin)),
  };
}

/** The chains are here: scan, judge what ranked, and send what may be sent. */
export function takeChains(turn: Turn, answer: ChainAnswer): void {
  if (answer.chains.length === 0) return;
  turn.present.dataAt = turn.now;
  for (const { underlying, spot } of answer.chains) takeStock(turn, underlying, spot);
  const input = scanInputOf(turn, answer);
  const output = scanMarket(input);
  turn.present.scan = { input, output };
  for (const decision of output.decisions) {
    record(turn, decision);
    turn.present.counterfactuals.remember(decision);
  }
  let approved = 0;
  for (const candidate of output.ranked) if (consider(turn, candidate)) approved += 1;
  turn.emit({
    kind: 'ScanCompleted',
    scanId: input.scanId,
    underlyings: output.counts.underlyings,
    contracts: output.counts.contracts,
    candidates: output.counts.candidates,
    proposals: output.counts.proposals,
    approved,
    funnel: output.funnel,
  });
  const repeats = turn.present.refusals.tell(turn.now, false);
  if (repeats) turn.emit(repeats);
  refreshExitPlans(turn, output.market);
}

/** Journals a decision with the name of what it was made on. */
function record(turn: Turn, decision: Decision): void {
  const input = turn.present.scan?.input;
  const inputsHash = input && inputsHashOf(decision, input, turn.parts.digest);
  turn.emit({ kind: 'ProposalDecided', decision: inputsHash ? { ...decision, inputsHash } : decision });
}

function scanInputOf(turn: Turn, answer: ChainAnswer): ScanInput {
  const { state, present, settings, now } = turn;
  state.counters.scan += 1;
  return {
    now,
    today: civilDate(now),
    scanId: state.counters.scan,
    chains: answer.chains,
    histories: present.histories,
    ivHistories: state.ivHistories,
    settings,
    strategies: present.strategies,
    capacity: capacityOf(turn),
    freeShares: new Map(settings.universe.map((underlying) => [underlying, freeSharesOf(turn, underlying)])),
    sectorOf: turn.parts.sectorOf,
    nextDecisionId: () => nextDecisionId(turn),
    refusals: present.refusals,
    memory: present.memory,
  };
}

function nextDecisionId(turn: Turn): string {
  turn.state.counters.decision += 1;
  return `d${turn.state.counters.decision}`;
}

/** What is committed, for the scan's early rules. */
export function capacityOf(turn: Turn): Capacity {
  const { state } = turn;
  const exposures = exposuresOf(turn);
  const ids = new Map(exposures.map((exposure) => [exposure.positionId, exposure]));
  const tally = (key: (exposure: (typeof exposures)[number]) => string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const exposure of ids.values()) counts.set(key(exposure), (counts.get(key(exposure)) ?? 0) + 1);
    return counts;
  };
  return {
    positions: ids.size,
    bySector: tally((exposure) => exposure.sector),
    bySymbol: tally((exposure) => exposure.underlying),
    byStrategy: tally((exposure) => exposure.strategyId),
    entriesTodayBySymbol: state.entriesToday,
    lastEntryAt: state.lastEntryAt,
    heldByStrategy: new Set(exposures.map((exposure) => `${exposure.strategyId}:${exposure.underlying}`)),
    portfolioDeltaShares: exposures.reduce((sum, exposure) => sum + (exposure.deltaShares ?? 0), 0),
    portfolioVegaDollars: exposures.reduce((sum, exposure) => sum + (exposure.vegaDollarsPerPoint ?? 0), 0),
    equityCents: state.lastEquity?.equity ?? null,
    buyingPowerRoomCents: buyingPowerRoom(exposures, turn.present.snapshot?.account ?? null, turn.settings.risk),
    pausedSymbols: state.pausedSymbols,
    underlyingsInDoubt: underlyingsInDoubt(state.orders),
    haltedSymbols: haltedSymbols(turn),
    entriesBlockedBy: turn.parts.latch.read().state === 'ACTIVE' ? entriesBlockedBy(turn) : ['kill switch'],
  };
}

/** Judges one ranked candidate; true when it was approved (and sent, or laid before the owner). */
function consider(turn: Turn, candidate: RankedCandidate): boolean {
  const mode = effectiveMode(turn, candidate.decision.strategyId);
  const cap = sizeCapOf(turn, candidate.decision.strategyId);
  const { riskRequest } = candidate;
  const request = cap === null ? riskRequest : { ...riskRequest, contracts: Math.min(riskRequest.contracts, cap) };
  primeQuotes(turn, candidate);
  const verdict = judge(request, riskBookOf(turn), turn.settings.risk, turn.settings.scanner);
  noteThrottled(turn, verdict);
  const asks = mode === 'approve';
  let decision = settleDecision(candidate.decision, verdict, asks);
  if (mode === 'observe' && verdict.kind !== 'refused')
    decision = { ...decision, verdict: 'refused', reasons: ['observeOnly'], contracts: 0 };
  if (decision.verdict === 'refused') {
    const key = `${decision.strategyId}|${decision.legs.map((leg) => `${leg.ratio}${leg.symbol}`).join('|')}!${decision.reasons.join('!')}`;
    if (!turn.present.refusals.note(key, turn.now, () => decision.decisionId)) return false;
    record(turn, decision);
    turn.present.counterfactuals.remember(decision);
    return false;
  }
  if (asks) return laidBeforeOwner(turn, candidate, decision);
  record(turn, decision);
  return verdict.kind !== 'refused' && enter(turn, candidate, decision, verdict.approved, 'own') === null;
}

function laidBeforeOwner(turn: Turn, candidate: RankedCandidate, decision: RankedCandidate['decision']): boolean {
  expireApprovals(turn);
  for (const waiting of turn.state.awaiting.values())
    if (waiting.decision.strategyId === decision.strategyId && waiting.decision.underlying === decision.underlying) return false;
  record(turn, decision);
  turn.present.ranked.set(decision.decisionId, candidate);
  notify(
    turn,
    'approval',
    `${decision.underlying}: approve ${decision.structure}?`,
    `${decision.contracts} × ${decision.metrics.midCredit.toFixed(2)}, probability of profit ${(decision.metrics.probabilityOfProfit * 100).toFixed(0)} %`,
  );
  return true;
}

/** An unanswered proposal is stale after its time: it is declined, and the strategy may propose again. */
export function expireApprovals(turn: Turn): void {
  const oldest = turn.now - turn.settings.execution.approvalSeconds * 1000;
  for (const [decisionId, waiting] of [...turn.state.awaiting]) {
    if (waiting.at > oldest) continue;
    turn.emit({ kind: 'ProposalAnswered', decisionId, approved: false, by: 'expired' });
    turn.present.ranked.delete(decisionId);
  }
}

/** The gate compares against the freshest quotes: those of the snapshot that the candidate was made from. */
function primeQuotes(turn: Turn, candidate: RankedCandidate): void {
  const { proposal } = candidate;
  for (const leg of proposal.legs) {
    if (leg.kind !== 'option') continue;
    const side = sideOf(proposal.expiration.slice, leg.contract.right);
    const index = side.symbols.indexOf(symbolOf(leg));
    if (index >= 0) turn.present.quotes.set(leg.contract.symbol, quoteAt(side, index));
  }
}

/** Strategies as the settings configure them: profile first, then the owner's overrides. */
export function configureStrategies(turn: Turn, catalog: readonly CatalogEntry[]): readonly ScannedStrategy[] {
  return catalog.flatMap((entry) => {
    if (effectiveMode(turn, entry.id) === 'off') return [];
    const block = turn.settings.strategies[entry.id] ?? strategyBlock.parse({});
    const strategy = entry.configure({ ...entry.profiles[block.profile], ...block.parameters });
    return [{ strategy, maxPositions: block.maxPositions }];
  });
}
