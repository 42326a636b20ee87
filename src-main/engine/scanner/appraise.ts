import { DEFAULT_FEES, optionFees } from '#domain/portfolio/fees';
import type { Leg } from '#domain/structures/leg';
import { type PayoffCurve, payoffCurve } from '#domain/structures/payoff';
import { minimumOf } from '#domain/structures/piecewise';
import { expectationOf, probabilityPositive } from '#domain/structures/probability';
import { centsFromDollars, type Price } from '#domain/units';
import type { ScannerSettings } from '#ports/settings/settings';
import type { Proposal } from '#ports/strategy';
import { isSecuredShape, lossAtFall, tiedUpDollars, withFreeShares } from '../risk/secured.ts';
import { type PlacedLeg, placedLegsOf } from './placedLegs.ts';

/** What one unit of a proposal is worth to us, from its own snapshot. Prices per share, + credit; cash in cents a unit. */
export interface Appraisal {
  readonly placed: readonly PlacedLeg[];
  /** The legs with the free shares that cover them. */
  readonly covered: readonly Leg[];
  /** False when a leg has no two-sided price: then every number below is 0 and means nothing. */
  readonly priced: boolean;
  readonly mid: Price;
  readonly natural: Price;
  /** Mid less the expected slippage: the credit that profit, risk and probability are computed with. */
  readonly expectedCredit: Price;
  readonly curve: PayoffCurve | null;
  /** null = unbounded. */
  readonly maxLossCents: number | null;
  readonly probabilityOfProfit: number;
  /** Until `scanner.expectedValueUntil`, after the slippage and fees of both ways. */
  readonly expectedValueCents: number;
  /** The same until the planned time stop, whatever the setting says: what candidates are ranked by. */
  readonly expectedValueAtStopCents: number;
  /** null where maximum loss does not bound the trade (secured structures, unbounded ones). */
  readonly creditToRisk: number | null;
  readonly secured: boolean;
  readonly tiedUpCents: number;
  readonly stressLossCents: number;
  readonly deltaShares: number;
  readonly vegaDollarsPerPoint: number;
  readonly thetaDollarsPerDay: number;
  /** Largest absolute delta of an option leg that is sold; null without one. */
  readonly shortDelta: number | null;
}

/** Appraises a proposal: prices, payoff, probability and expected value under our own forecast after slippage and fees. */
export function appraise(proposal: Proposal, freeShares: number, settings: ScannerSettings): Appraisal {
  const placed = placedLegsOf(proposal);
  const { spot } = proposal.view;
  const { multiplier } = proposal.expiration.slice;
  let mid = 0;
  let natural = 0;
  let delta = 0;
  let vega = 0;
  let theta = 0;
  let shortDelta: number | null = null;
  for (const { side, greeks, index, weight } of placed) {
    if (side === null || greeks === null) {
      mid -= weight * spot;
      natural -= weight * spot;
      delta += weight;
      continue;
    }
    const bid = index < 0 ? Number.NaN : side.bid[index]!;
    const ask = index < 0 ? Number.NaN : side.ask[index]!;
    mid -= (weight * (bid + ask)) / 2;
    natural -= weight * (weight > 0 ? ask : bid);
    delta += weight * greeks.delta[index]!;
    vega += weight * greeks.vegaPerPoint[index]!;
    theta += weight * greeks.thetaPerDay[index]!;
    if (weight < 0) shortDelta = Math.max(shortDelta ?? 0, Math.abs(greeks.delta[index]!));
  }
  if (!Number.isFinite(mid + natural + delta + vega + theta) || !Number.isFinite(proposal.expiration.forecastVolatility))
    return unpriced(placed, proposal.legs);
  const expectedCredit = mid - 2 * settings.expectedSlippageOfSpread * (mid - natural);
  const curve = payoffCurve(proposal.legs, expectedCredit);
  const law = proposal.expiration.forecast;
  const worst = minimumOf(curve);
  const covered = withFreeShares(proposal.legs, 1, proposal.underlying, freeShares);
  const secured = isSecuredShape(covered);
  const maxLossCents = worst === null ? null : centsFromDollars(Math.max(0, -worst));
  const fees = feesOf(placed, multiplier);
  // Most positions are left before expiration: the way out is paid for too.
  const entering = (mid - expectedCredit) * multiplier * 100;
  const leaving = 2 * settings.expectedExitSlippageOfSpread * (mid - natural) * multiplier * 100;
  const costs = entering + fees + leaving;
  // The curve has paid for the way in already.
  const edge = expectationOf(curve, law) * 100 + entering;
  const valueAtStop = heldShare(proposal) * edge - costs;
  return {
    placed,
    covered,
    priced: true,
    mid,
    natural,
    expectedCredit,
    curve,
    maxLossCents,
    probabilityOfProfit: probabilityPositive(curve, law),
    expectedValueCents: settings.expectedValueUntil === 'timeStop' ? valueAtStop : edge - costs,
    expectedValueAtStopCents: valueAtStop,
    creditToRisk:
      secured || maxLossCents === null || maxLossCents <= 0 ? null : (expectedCredit * multiplier * 100) / maxLossCents,
    secured,
    tiedUpCents: Math.round(tiedUpDollars(covered, spot) * 100),
    stressLossCents: Math.round(lossAtFall(covered, spot, settings.stressMoveFraction) * 100),
    deltaShares: delta * multiplier,
    vegaDollarsPerPoint: vega * multiplier,
    thetaDollarsPerDay: theta * multiplier,
    shortDelta,
  };
}

/** Fees of opening and closing one unit, cents: a position is not always left to expire. */
function feesOf(placed: readonly PlacedLeg[], multiplier: number): number {
  const executions: { contracts: number; price: number; multiplier: number }[] = [];
  for (const { side, index, weight } of placed) {
    if (side === null) continue;
    const price = (side.bid[index]! + side.ask[index]!) / 2;
    executions.push({ contracts: weight, price, multiplier }, { contracts: -weight, price, multiplier });
  }
  return optionFees(DEFAULT_FEES, executions);
}

function unpriced(placed: readonly PlacedLeg[], covered: readonly Leg[]): Appraisal {
  return {
    placed,
    covered,
    priced: false,
    mid: 0,
    natural: 0,
    expectedCredit: 0,
    curve: null,
    maxLossCents: null,
    probabilityOfProfit: 0,
    expectedValueCents: 0,
    expectedValueAtStopCents: 0,
    creditToRisk: null,
    secured: false,
    tiedUpCents: 0,
    stressLossCents: 0,
    deltaShares: 0,
    vegaDollarsPerPoint: 0,
    thetaDollarsPerDay: 0,
    shortDelta: null,
  };
}

/**
 * The part of its life for which a structure is held when a time stop ends it: what it earns over its life is earned about evenly
 * by the day (variance risk premium accrues with time), and what is left at the stop belongs to somebody else. 36 days to
 * expiration with a stop at 21: 15/36. At or inside its stop it is held for none of it: the filters refuse it.
 */
function heldShare({ expiration, exitPlan }: Proposal): number {
  const { daysToExpiration } = expiration;
  const stop = exitPlan.timeStopDays ?? 0;
  if (stop <= 0) return 1;
  return daysToExpiration > stop ? (daysToExpiration - stop) / daysToExpiration : 0;
}
