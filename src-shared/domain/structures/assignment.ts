import type { OptionContract } from '../market/instrument.ts';
import type { Price } from '../units.ts';
import { optionLegs } from './anatomy.ts';
import { intrinsicValue } from './intrinsic.ts';
import type { Leg } from './leg.ts';

/** Half-width of the zone around a strike in which exercise at expiration is a coin toss: fraction of spot, 0 to 0.05. */
export const DEFAULT_PIN_BAND = 0.005;

/**
 * True when a short option expires on `today` with the underlying within `band` (fraction of spot) of its strike: whether it
 * will be assigned cannot be known before the deadline, so the position after the weekend cannot either. Cash-settled
 * contracts leave no shares behind and carry no pin risk.
 */
export function hasPinRisk(legs: readonly Leg[], spot: Price, today: string, band: number = DEFAULT_PIN_BAND): boolean {
  return optionLegs(legs).some(
    ({ contract, ratio }) =>
      ratio < 0 &&
      contract.settlement === 'physical' &&
      contract.expiration === today &&
      Math.abs(contract.strike - spot) <= band * spot,
  );
}

export interface EarlyAssignmentContext {
  readonly spot: Price;
  /** Price at which the option could be bought back now, dollars per share (the ask; the mid where there is none). */
  readonly optionPrice: Price;
  /** Next cash dividend per share, 0 when none falls before the expiration. */
  readonly dividend: Price;
  /** Interest on the strike until expiration, dollars per share: {@link strikeInterest}. 0 when not known. */
  readonly strikeInterest?: Price;
}

/** Interest on a strike that is paid today instead of in `years`: K (1 - e^(-rT)), dollars per share. */
export function strikeInterest(strike: Price, rate: number, years: number): Price {
  return -Math.expm1(-rate * years) * strike;
}

export interface EarlyAssignmentRisk {
  readonly atRisk: boolean;
  /** Option price less intrinsic value, never below 0, dollars per share. */
  readonly extrinsic: Price;
  /** What the holder gains by exercising now: the dividend of a call, the interest of a put. Dollars per share. */
  readonly gainFromExercise: Price;
}

/**
 * Whether the holder of a short American option would rather exercise it now. A call is exercised on the day before the
 * ex-date when the dividend exceeds the extrinsic value left (net of the interest lost on the strike); a put when the interest
 * on the strike exceeds it (net of the dividend lost). European contracts and contracts out of the money are never at risk.
 * Source: Hull, 'Options, Futures and Other Derivatives', early exercise with dividends.
 */
export function earlyAssignmentRisk(contract: OptionContract, context: EarlyAssignmentContext): EarlyAssignmentRisk {
  const intrinsic = intrinsicValue(contract.right, contract.strike, context.spot);
  const extrinsic = Math.max(context.optionPrice - intrinsic, 0);
  const interest = context.strikeInterest ?? 0;
  const gainFromExercise = contract.right === 'call' ? context.dividend : interest - context.dividend;
  const atRisk = contract.style === 'american' && intrinsic > 0 && gainFromExercise > 0 && extrinsic < gainFromExercise;
  return { atRisk, extrinsic, gainFromExercise };
}
