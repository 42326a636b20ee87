import { cents } from '#domain/units';
import { type RiskSettings, strategyBlock } from '#ports/settings/settings';
import type { Proposal } from '#ports/strategy';
import type { RiskRequest } from '../risk/book.ts';
import type { Appraisal } from './appraise.ts';
import { unitBuyingPowerEffect } from './decisionOf.ts';
import type { ScanInput } from './scanInput.ts';

const DEFAULT_BLOCK = strategyBlock.parse({});

/**
 * What the risk gate is asked for a candidate: the worst price that the entry ladder may reach, and as many units as the
 * per-trade budget holds (the gate cuts further). Secured structures are asked for one unit at a time.
 */
export function riskRequestOf(proposal: Proposal, appraisal: Appraisal, input: ScanInput): RiskRequest {
  const { settings, capacity } = input;
  const { maxPositions, maxRiskFraction } = settings.strategies[proposal.strategyId] ?? DEFAULT_BLOCK;
  const { mid, natural, maxLossCents } = appraisal;
  const netLimit = Math.round((mid - settings.execution.entryBoundOfSpread * (mid - natural)) * 100) / 100;
  const worse = (appraisal.expectedCredit - netLimit) * proposal.expiration.slice.multiplier * 100;
  const lossAtLimit = maxLossCents === null ? null : cents(Math.max(0, Math.ceil(maxLossCents + worse - 1e-6)));
  return {
    purpose: 'open',
    origin: 'strategy',
    strategyId: proposal.strategyId,
    positionId: null,
    underlying: proposal.underlying,
    legs: proposal.legs,
    contracts: appraisal.secured ? 1 : unitsWithin(lossAtLimit, capacity.equityCents, settings.risk),
    netLimit,
    maxLossPerUnit: lossAtLimit,
    deltaSharesPerUnit: appraisal.deltaShares,
    vegaDollarsPerUnit: appraisal.vegaDollarsPerPoint,
    buyingPowerEffectPerUnit: unitBuyingPowerEffect(proposal, appraisal),
    strategyLimits: { maxPositions, maxRiskFraction },
    secured: appraisal.secured,
  };
}

/** Whole units whose maximum loss stays within the per-trade share of equity; at least the one that the gate then judges. */
function unitsWithin(maxLossCents: number | null, equityCents: number | null, limits: RiskSettings): number {
  if (maxLossCents === null || maxLossCents <= 0 || equityCents === null) return 1;
  const units = Math.floor((equityCents * limits.maxRiskPerTradeFraction) / maxLossCents);
  return Math.max(1, Math.min(units, limits.maxContractsPerOrder));
}
