import type { Decision, DecisionLeg, GateResult, ProposalMetrics } from '#domain/decisions/decision';
import { optionLegs } from '#domain/structures/anatomy';
import { buyingPowerEffect } from '#domain/structures/margin';
import { maximumOf, zerosOf } from '#domain/structures/piecewise';
import { type Cents, cents, centsFromDollars, type Instant, type Price } from '#domain/units';
import type { Proposal } from '#ports/strategy';
import type { Appraisal } from './appraise.ts';
import { FORECAST_MODEL } from './forecast.ts';
import type { PlacedLeg } from './placedLegs.ts';

/** What of a decision the scan adds to the proposal and its appraisal. */
export interface DecisionTerms {
  readonly decisionId: string;
  readonly at: Instant;
  readonly scanId: number;
  readonly gates: readonly GateResult[];
  readonly reasons: readonly string[];
  readonly stage: 'filter' | 'ranking' | 'risk';
  readonly score: number | null;
  readonly rank: number | null;
}

/** The journal's record of a proposal: legs and numbers exactly as they were judged. */
export function decisionOf(proposal: Proposal, appraisal: Appraisal, terms: DecisionTerms): Decision {
  const { strategyId, underlying, structure, view, parameters } = proposal;
  return {
    ...terms,
    strategyId,
    underlying,
    structure,
    legs: appraisal.placed.map((placed) => decisionLegOf(placed, proposal)),
    metrics: metricsOf(proposal, appraisal),
    snapshotId: view.snapshotId,
    verdict: 'refused',
    contracts: 0,
    parameters,
  };
}

/** Buying power that one unit uses (-) or frees (+), cents, at the expected credit. */
export function unitBuyingPowerEffect({ view }: Proposal, { placed, covered, expectedCredit }: Appraisal): Cents {
  const priceOf = (contract: { readonly symbol: string }): Price => {
    const found = placed.find(({ leg }) => leg.kind === 'option' && leg.contract.symbol === contract.symbol);
    return found?.side ? (known(found.side.ask[found.index]) ?? 0) : 0;
  };
  return buyingPowerEffect(covered, expectedCredit, 1, { spot: view.spot, priceOf, cashSecuredPuts: true });
}

function metricsOf(proposal: Proposal, appraisal: Appraisal): ProposalMetrics {
  const { view, expiration } = proposal;
  const { curve } = appraisal;
  const best = curve === null ? null : maximumOf(curve);
  return {
    spot: view.spot,
    daysToExpiration: expiration.daysToExpiration,
    midCredit: appraisal.mid,
    naturalCredit: appraisal.natural,
    maxLossCents: appraisal.maxLossCents,
    maxProfitCents: best === null ? null : centsFromDollars(best),
    breakevens: curve === null ? [] : zerosOf(curve),
    probabilityOfProfit: appraisal.probabilityOfProfit,
    expectedValueCents: cents(Math.round(appraisal.expectedValueCents)),
    creditToRisk: appraisal.creditToRisk,
    shortDelta: appraisal.shortDelta,
    width: widthOf(proposal),
    ivRank: view.ivRank,
    forecastModel: FORECAST_MODEL,
    forecastVolatility: known(expiration.forecastVolatility) ?? 0,
    momentumZ: view.momentumZ,
    flowZ: view.flowZ,
    buyingPowerEffectCents: appraisal.priced ? unitBuyingPowerEffect(proposal, appraisal) : cents(0),
    deltaShares: appraisal.deltaShares,
    vegaDollarsPerPoint: appraisal.vegaDollarsPerPoint,
    thetaDollarsPerDay: appraisal.thetaDollarsPerDay,
  };
}

/** Widest distance between two strikes of one right; null without such a pair. */
function widthOf({ legs }: Proposal): Price | null {
  let width = 0;
  for (const right of ['call', 'put'] as const) {
    const strikes = optionLegs(legs).flatMap(({ contract }) => (contract.right === right ? [contract.strike] : []));
    if (strikes.length > 1) width = Math.max(width, Math.max(...strikes) - Math.min(...strikes));
  }
  return width > 0 ? width : null;
}

function decisionLegOf({ leg, side, greeks, index }: PlacedLeg, { view }: Proposal): DecisionLeg {
  if (leg.kind === 'stock' || side === null || greeks === null)
    return stockLegOf(leg.kind === 'stock' ? leg.shares : 0, view.underlying, view.spot, view.at);
  const { symbol, right, strike, expiration, multiplier } = leg.contract;
  return {
    symbol,
    ratio: leg.ratio,
    right,
    strike,
    expiration,
    bid: known(side.bid[index]) ?? 0,
    ask: known(side.ask[index]) ?? 0,
    quoteAt: (known(side.quoteAt[index]) ?? 0) as Instant,
    impliedVolatility: known(greeks.impliedVolatility[index]),
    delta: known(greeks.delta[index]),
    gamma: known(greeks.gamma[index]),
    thetaPerDay: known(greeks.thetaPerDay[index]),
    vegaPerPoint: known(greeks.vegaPerPoint[index]),
    openInterest: known(side.openInterest[index]),
    volume: known(side.volume[index]),
    multiplier,
  };
}

function stockLegOf(shares: number, symbol: string, spot: Price, at: Instant): DecisionLeg {
  return {
    symbol,
    ratio: shares,
    right: 'stock',
    strike: null,
    expiration: null,
    bid: spot,
    ask: spot,
    quoteAt: at,
    impliedVolatility: null,
    delta: 1,
    gamma: 0,
    thetaPerDay: 0,
    vegaPerPoint: 0,
    openInterest: null,
    volume: null,
  };
}

function known(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
