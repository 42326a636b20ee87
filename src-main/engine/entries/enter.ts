import type { Decision, GateResult } from '#domain/decisions/decision';
import { midOf, type Quote } from '#domain/market/chain';
import { multiplierOf, optionLegs } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import type { EntryTerms } from '#ports/facts';
import { buildLadder } from '../execution/ladder.ts';
import { newIntentId, startWork } from '../execution/work.ts';
import type { Stage, WorkSpec } from '../execution/workSpec.ts';
import type { UnitGreeks } from '../positions/unitGreeks.ts';
import type { RiskRequest } from '../risk/book.ts';
import { combinationQuote, isSane, symbolOf } from '../risk/combinationQuote.ts';
import type { Approved } from '../risk/verdict.ts';
import type { RankedCandidate } from '../scanner/scanOutput.ts';
import type { Turn } from '../turn.ts';

/** Sends an approved candidate. Answers null when its first order went out, else the gates that refused. */
export function enter(
  turn: Turn,
  candidate: RankedCandidate,
  decision: Decision,
  approved: Approved,
  consent: NonNullable<RiskRequest['consent']>,
): readonly GateResult[] | null {
  const { proposal, prices, riskRequest } = candidate;
  turn.state.counters.position += 1;
  turn.state.counters.campaign += 1;
  const entry: EntryTerms = {
    campaignId: campaignFor(turn, proposal.underlying, proposal.legs) ?? `c${turn.state.counters.campaign}`,
    structure: proposal.structure,
    legs: proposal.legs,
    exitPlan: proposal.exitPlan,
    rolls: 0,
    tags: [],
  };
  return startEntry(turn, {
    legs: proposal.legs,
    contracts: approved.contracts,
    mid: prices.mid,
    natural: prices.natural,
    spot: prices.spot,
    frozenBound: riskRequest.netLimit,
    entry,
    strategyId: proposal.strategyId,
    origin: 'strategy',
    cause: { kind: 'decision', decisionId: decision.decisionId },
    consent,
    risk: riskRequest,
  });
}

export interface EntryWish {
  readonly legs: readonly Leg[];
  readonly contracts: number;
  readonly mid: number;
  readonly natural: number;
  readonly spot: number;
  readonly frozenBound: number;
  readonly entry: EntryTerms;
  readonly strategyId: string;
  readonly origin: WorkSpec['origin'];
  readonly cause: WorkSpec['cause'];
  /** Absent for the owner's own ticket. */
  readonly consent?: RiskRequest['consent'];
  readonly risk: WorkSpec['risk'];
  /** The owner's own price: no ladder. */
  readonly ladder?: WorkSpec['ladder'];
}

/** Starts an entry: one combination, or shares first and then the option that they cover. The position's number is already drawn. */
export function startEntry(turn: Turn, wish: EntryWish): readonly GateResult[] | null {
  const { execution } = turn.settings;
  const stages = entryStages(wish.legs, wish.contracts);
  const [stage, ...later] = stages;
  if (!stage) return [{ gate: 'legs', passed: false, value: 0, limit: 1, unit: 'legs' }];
  const staged = later.length > 0;
  const { legs, maxLossPerUnit, deltaSharesPerUnit, vegaDollarsPerUnit, buyingPowerEffectPerUnit, strategyLimits, secured } =
    wish.risk;
  const quote = staged
    ? combinationQuote(stage.legs, (symbol) => turn.present.quotes.get(symbol) ?? null)
    : { mid: wish.mid, natural: wish.natural };
  if (!quote)
    return [
      { gate: 'quote', passed: false, value: null, limit: null, unit: 'dollars', note: stage.legs.map(symbolOf).join(', ') },
    ];
  const rest = staged ? restOf(turn, wish.legs, midOf) : 0;
  if (staged && wish.ladder) {
    const whole = quote.natural + restOf(turn, wish.legs, ({ bid }) => bid);
    if (whole < wish.frozenBound - 1e-9) return [outOfReach(whole, wish.frozenBound)];
  }
  const ladder =
    wish.ladder && !staged
      ? wish.ladder
      : buildLadder(
          {
            legs: stage.legs,
            profile: execution.entryProfile,
            mid: quote.mid,
            natural: quote.natural,
            boundOfSpread: staged ? 1 : execution.entryBoundOfSpread,
            spot: wish.spot,
            purpose: 'open',
            frozenBound: wish.frozenBound - rest,
          },
          execution,
        );
  const multiplier = multiplierOf(wish.legs);
  return startWork(turn, {
    intentId: newIntentId(turn),
    positionId: `p${turn.state.counters.position}`,
    strategyId: wish.strategyId,
    origin: wish.origin,
    purpose: 'open',
    cause: wish.cause,
    consent: wish.consent,
    entry: wish.entry,
    stage,
    ladder,
    later,
    earlier: [],
    risk: { legs, maxLossPerUnit, deltaSharesPerUnit, vegaDollarsPerUnit, buyingPowerEffectPerUnit, strategyLimits, secured },
    ownLimit: staged && wish.ladder ? wish.frozenBound : undefined,
    restOfPrice: rest,
    riskUnitsPerContract: staged ? 1 / multiplier : 1,
    rollTo: null,
    flattening: false,
  });
}

/** Shares and options never travel in one order: shares first, so that the call is covered from its first fill on. */
function entryStages(legs: readonly Leg[], contracts: number): Stage[] {
  const options = optionLegs(legs);
  const stock = legs.filter((leg) => leg.kind === 'stock');
  if (stock.length === 0) return [{ assetClass: 'option', legs: options, contracts, unitWeight: 1 }];
  const stages: Stage[] = stock.map((leg) => ({
    assetClass: 'stock',
    legs: [{ ...leg, shares: Math.sign(leg.shares) }],
    contracts: Math.abs(leg.shares) * contracts,
    unitWeight: 1 / Math.abs(leg.shares),
  }));
  if (options.length > 0) stages.push({ assetClass: 'option', legs: options, contracts, unitWeight: 0 });
  return stages;
}

/** The owner's limit has to leave room to natural: what is bought first would else be held without what pays for it. */
function outOfReach(natural: number, limit: number): GateResult {
  const value = Math.round(natural * 1e4) / 1e4;
  const note = 'the shares are bought before the call is sold: the limit must leave room for the natural price of both';
  return { gate: 'ownLimit', passed: false, value, limit, unit: 'dollars', note };
}

/** The legs that are worked later, at their mid (so that the gate judges the whole structure's price) or another price of theirs. */
function restOf(turn: Turn, legs: readonly Leg[], priceOf: (quote: Quote) => number): number {
  let rest = 0;
  for (const leg of optionLegs(legs)) {
    const quote = turn.present.quotes.get(leg.contract.symbol) ?? null;
    if (isSane(quote)) rest -= leg.ratio * priceOf(quote);
  }
  return rest;
}

/** A call against shares already held belongs to the campaign that brought the shares. */
function campaignFor(turn: Turn, underlying: string, legs: readonly Leg[]): string | null {
  const [only] = legs;
  if (legs.length !== 1 || only?.kind !== 'option' || only.contract.right !== 'call' || only.ratio >= 0) return null;
  for (const position of turn.state.positions.values()) {
    if (position.underlying === underlying && position.legs.some((leg) => leg.contract === null && leg.quantity > 0))
      return position.campaignId;
  }
  return null;
}

/** The gate's question for a structure that the owner drew himself. */
export function ownersRisk(
  legs: readonly Leg[],
  maxLossPerUnit: RiskRequest['maxLossPerUnit'],
  buyingPower: RiskRequest['buyingPowerEffectPerUnit'],
  secured: boolean,
  greeks: UnitGreeks | null,
): WorkSpec['risk'] {
  return {
    legs,
    maxLossPerUnit,
    deltaSharesPerUnit: greeks?.deltaShares ?? null,
    vegaDollarsPerUnit: greeks?.vegaDollars ?? null,
    buyingPowerEffectPerUnit: buyingPower,
    strategyLimits: null,
    secured,
  };
}
