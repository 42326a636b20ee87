import type { ScannerSettings } from '#ports/settings/settings';
import type { Proposal } from '#ports/strategy';
import type { Appraisal } from '../scanner/appraise.ts';

/** How full the book's greeks are, as shares of their limits. */
export interface GreekRoom {
  readonly deltaShares: number;
  readonly vegaDollars: number;
  readonly maxDeltaShares: number;
  readonly maxVegaDollars: number;
}

/** Expected value of this share of the risk earns full marks. */
const FULL_EXPECTED_VALUE = 0.15;
const FULL_CREDIT_TO_RISK = 0.6;
const LARGEST_SIGNAL = 2;
/** Open interest at which a leg counts as deep. */
const DEEP_OPEN_INTEREST = 5000;

/**
 * The ranking's model score, 0 to 1: a weighted mean (weights are settings, normalised) of
 * - expected value over risk, full marks at 15 % (risk = maximum loss; for secured structures the loss at the stress move);
 * - probability of profit, 0.5 = none, 1 = full;
 * - credit over risk, full marks at 0.6 (secured structures: credit over the stress loss);
 * - liquidity: half for the combination's bid/ask against its credit, half for the thinnest leg's open interest;
 * - signals: momentum and flow z-scores in the direction of the structure's delta (a neutral one wants both near zero);
 * - room: what the structure leaves of the portfolio's delta and vega bounds, more where it brings the book back.
 */
export function scoreOf(proposal: Proposal, appraisal: Appraisal, room: GreekRoom, settings: ScannerSettings): number {
  const parts: readonly (readonly [number, number])[] = [
    [settings.scoreExpectedValue, expectedValuePart(appraisal)],
    [settings.scoreProbability, within01((appraisal.probabilityOfProfit - 0.5) / 0.5)],
    [settings.scoreCreditToRisk, within01(creditOverRisk(appraisal) / FULL_CREDIT_TO_RISK)],
    [settings.scoreLiquidity, liquidityPart(appraisal)],
    [settings.scoreSignals, signalPart(proposal, appraisal)],
    [settings.scoreRoom, roomPart(appraisal, room)],
  ];
  const weight = parts.reduce((sum, [part]) => sum + part, 0);
  return weight > 0 ? parts.reduce((sum, [share, value]) => sum + share * value, 0) / weight : 0;
}

function riskCents({ secured, stressLossCents, maxLossCents }: Appraisal): number {
  return Math.max(1, secured ? stressLossCents : (maxLossCents ?? Number.POSITIVE_INFINITY));
}

function expectedValuePart(appraisal: Appraisal): number {
  return within01(appraisal.expectedValueAtStopCents / riskCents(appraisal) / FULL_EXPECTED_VALUE);
}

function creditOverRisk(appraisal: Appraisal): number {
  return appraisal.creditToRisk ?? optionCreditCents(appraisal) / riskCents(appraisal);
}

function optionCreditCents({ placed, deltaShares }: Appraisal): number {
  let dollars = 0;
  for (const { leg, side, index, weight } of placed) {
    if (side === null || leg.kind === 'stock') continue;
    dollars -= (weight * leg.contract.multiplier * (side.bid[index]! + side.ask[index]!)) / 2;
  }
  return Number.isFinite(deltaShares) ? Math.max(0, dollars * 100) : 0;
}

function liquidityPart({ placed, mid, natural }: Appraisal): number {
  const width = 2 * Math.abs(mid - natural);
  const gross = placed.reduce(
    (sum, { side, index, weight }) =>
      side === null ? sum : sum + Math.abs(weight) * ((side.bid[index]! + side.ask[index]!) / 2),
    0,
  );
  let thinnest = Number.POSITIVE_INFINITY;
  for (const { side, index } of placed) if (side !== null) thinnest = Math.min(thinnest, side.openInterest[index]!);
  const narrow = within01(1 - width / Math.max(gross, 0.01));
  const deep = within01(Math.log10(1 + Math.max(0, thinnest)) / Math.log10(1 + DEEP_OPEN_INTEREST));
  return (narrow + deep) / 2;
}

function signalPart({ view, expiration }: Proposal, { deltaShares }: Appraisal): number {
  const signal = ((view.momentumZ ?? 0) + (view.flowZ ?? 0)) / 2;
  const direction = Math.max(-1, Math.min(1, (4 * deltaShares) / expiration.slice.multiplier));
  const along = within01((1 + (direction * signal) / LARGEST_SIGNAL) / 2);
  const calm = within01(1 - Math.abs(signal) / LARGEST_SIGNAL);
  const directional = Math.abs(direction);
  return directional * along + (1 - directional) * calm;
}

function roomPart({ deltaShares, vegaDollarsPerPoint }: Appraisal, room: GreekRoom): number {
  const delta = Math.abs(room.deltaShares + deltaShares) / room.maxDeltaShares;
  const vega = Math.abs(room.vegaDollars + vegaDollarsPerPoint) / room.maxVegaDollars;
  return within01(1 - Math.max(delta, vega));
}

function within01(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0;
}
