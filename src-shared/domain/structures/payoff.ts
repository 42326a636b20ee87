import { type Cents, centsFromDollars, type IsoDate, invariant, type Price } from '../units.ts';
import { expirationsOf, multiplierOf, optionLegs, sharesOf, underlyingOf } from './anatomy.ts';
import { DEFAULT_EXPIRY_MODEL, type ExpiryModel, valueOfSurvivor } from './expiryModel.ts';
import { intrinsicValue } from './intrinsic.ts';
import type { Leg, OptionLeg } from './leg.ts';
import { maximumOf, minimumOf, type PiecewiseLinear, valueAt, zerosOf } from './piecewise.ts';

export { intrinsicValue } from './intrinsic.ts';

/**
 * Profit or loss of one unit of a structure at its first expiration, in dollars, net credit included.
 *
 * `netCredit` is in dollars per share (+ received, - paid) and is turned into cash by the contracts' multiplier: a 30/25 put
 * credit spread sold for 1.20 makes 120 above 30 and loses 380 below 25. Shares count with their full value, so a covered
 * call's net credit is premium minus share price; a structure of shares alone has multiplier 1 (net credit = cash per unit).
 * Legs of later expirations are worth their intrinsic value here; {@link payoffCurve} values them with a model instead.
 * Throws InvariantError for no legs, mixed underlyings or mixed multipliers.
 */
export function payoffAtExpiry(legs: readonly Leg[], netCredit: Price, spot: Price): number {
  underlyingOf(legs);
  return intrinsicDollars(legs, spot) + netCredit * multiplierOf(legs);
}

/** Intrinsic value of one unit at a price of the underlying, in dollars, premiums left out. */
export function intrinsicDollars(legs: readonly Leg[], spot: Price): number {
  let dollars = 0;
  for (const leg of legs) {
    if (leg.kind === 'stock') dollars += leg.shares * spot;
    else dollars += leg.ratio * leg.contract.multiplier * intrinsicValue(leg.contract.right, leg.contract.strike, spot);
  }
  return dollars;
}

/** How far the numbers of a structure can be trusted. */
export type PayoffBasis =
  /** Every option expires on the same day: exact. */
  | 'exact'
  /** Later legs are valued with a model at the first expiration, on a price grid: an approximation. */
  | 'model';

/** Profit or loss at the first expiration as a function of the underlying's price, dollars per unit, net credit included. */
export interface PayoffCurve extends PiecewiseLinear {
  readonly basis: PayoffBasis;
}

/**
 * The whole payoff of one unit as a piecewise-linear function. Exact when all options share one expiration; else the legs
 * that live on are valued with `model` on a grid of prices and the function is linear in between.
 */
export function payoffCurve(legs: readonly Leg[], netCredit: Price, model: ExpiryModel = DEFAULT_EXPIRY_MODEL): PayoffCurve {
  underlyingOf(legs);
  const cash = netCredit * multiplierOf(legs);
  const options = optionLegs(legs);
  const expirations = expirationsOf(legs);
  const single = expirations.length <= 1;
  const knots = single ? strikeKnots(options) : gridKnots(options);
  const first = expirations[0];
  const values = knots.map(
    (spot) => cash + (single || !first ? intrinsicDollars(legs, spot) : valueAtFirstExpiry(legs, first, spot, model)),
  );
  return { knots, values, finalSlope: slopeAtInfinity(legs), basis: single ? 'exact' : 'model' };
}

/** Dollars gained per dollar of the underlying far above every strike: shares plus all calls, whatever their expiration. */
export function slopeAtInfinity(legs: readonly Leg[]): number {
  const calls = optionLegs(legs).filter((leg) => leg.contract.right === 'call');
  return calls.reduce((slope, leg) => slope + leg.ratio * leg.contract.multiplier, sharesOf(legs));
}

/** The limits of a structure's result, per unit. */
export interface ProfitBounds {
  /** null = unbounded; negative when the structure loses at every price. */
  readonly maxProfit: Cents | null;
  /** A magnitude, never negative; null = unbounded. */
  readonly maxLoss: Cents | null;
  /** Prices of the underlying at which the result is zero, ascending. */
  readonly breakevens: Price[];
  readonly basis: PayoffBasis;
}

/**
 * Largest profit, largest loss and breakevens of one unit, in cents. Exact when all options share one expiration.
 * With several expirations the result is taken at the first one with later legs valued by `model` (`basis: 'model'`), and the
 * loss is never stated smaller than what the legs still alive could lose by their own expiration if the earlier ones expire
 * worthless: a short put that outlives its cover counts with its whole strike, a short call as unbounded.
 */
export function profitBounds(legs: readonly Leg[], netCredit: Price, model: ExpiryModel = DEFAULT_EXPIRY_MODEL): ProfitBounds {
  const curve = payoffCurve(legs, netCredit, model);
  const best = maximumOf(curve);
  const worst = worstOverLife(legs, netCredit * multiplierOf(legs), minimumOf(curve));
  return {
    maxProfit: best === null ? null : centsFromDollars(best),
    maxLoss: worst === null ? null : centsFromDollars(Math.max(0, -worst)),
    breakevens: zerosOf(curve),
    basis: curve.basis,
  };
}

/** The result at a price of the underlying, dollars per unit. */
export function payoffOn(curve: PayoffCurve, spot: Price): number {
  return valueAt(curve, spot);
}

/**
 * The worst intrinsic value over all prices of the underlying, in dollars, premiums left out: null when it falls without bound.
 * The minimum of a piecewise-linear function lies at a strike or at zero.
 */
export function worstIntrinsicDollars(legs: readonly Leg[]): number | null {
  const knots = strikeKnots(optionLegs(legs));
  return minimumOf({ knots, values: knots.map((spot) => intrinsicDollars(legs, spot)), finalSlope: slopeAtInfinity(legs) });
}

/** The legs that are still alive on the morning of an expiration, and the shares. */
export function aliveOn(legs: readonly Leg[], expiration: IsoDate): Leg[] {
  return legs.filter((leg) => leg.kind === 'stock' || leg.contract.expiration >= expiration);
}

function worstOverLife(legs: readonly Leg[], cash: number, worstAtFirst: number | null): number | null {
  let worst = worstAtFirst;
  for (const expiration of expirationsOf(legs).slice(1)) {
    const later = worstIntrinsicDollars(aliveOn(legs, expiration));
    if (later === null || worst === null) return null;
    worst = Math.min(worst, later + cash);
  }
  return worst;
}

function valueAtFirstExpiry(legs: readonly Leg[], first: IsoDate, spot: Price, model: ExpiryModel): number {
  let dollars = 0;
  for (const leg of legs) {
    if (leg.kind === 'stock') dollars += leg.shares * spot;
    else {
      const { contract, ratio } = leg;
      const expiring = contract.expiration === first;
      const each = expiring
        ? intrinsicValue(contract.right, contract.strike, spot)
        : valueOfSurvivor(contract, first, spot, model);
      dollars += ratio * contract.multiplier * each;
    }
  }
  return dollars;
}

function strikeKnots(options: readonly OptionLeg[]): Float64Array {
  const strikes = [...new Set(options.map((leg) => leg.contract.strike))];
  for (const strike of strikes) invariant(strike > 0 && Number.isFinite(strike), `not a strike: ${strike}`);
  return Float64Array.from([0, ...strikes]).sort();
}

/** Prices between 1/20 of the lowest and 20 times the highest strike in steps of 1.5 %, plus the strikes and zero. */
function gridKnots(options: readonly OptionLeg[]): Float64Array {
  const strikes = strikeKnots(options);
  const from = Math.log(strikes[1]! / 20);
  const to = Math.log(strikes[strikes.length - 1]! * 20);
  const steps = Math.ceil((to - from) / 0.015);
  const grid = Array.from({ length: steps + 1 }, (_, i) => Math.exp(from + ((to - from) * i) / steps));
  return Float64Array.from(new Set([...strikes, ...grid])).sort();
}
