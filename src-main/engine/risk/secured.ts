import { optionLegs, sharesOf } from '#domain/structures/anatomy';
import { uncoveredShorts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import { scaled } from '#domain/structures/margin';
import { intrinsicDollars } from '#domain/structures/payoff';
import type { Contracts, Price } from '#domain/units';

/**
 * The legs together with the free shares that stand behind them: a lone short call is judged as the covered call it makes.
 * Shares are added only as far as they are free and needed.
 */
export function withFreeShares(legs: readonly Leg[], contracts: Contracts, underlying: string, freeShares: number): Leg[] {
  const total = contracts === 1 ? [...legs] : scaled(legs, contracts);
  const calls = freeShares >= 1 ? uncoveredShorts(total).calls : 0;
  if (calls === 0) return total;
  const multiplier = optionLegs(legs)[0]?.contract.multiplier ?? 1;
  const cover = Math.min(Math.max(0, Math.floor(freeShares)), calls * multiplier);
  return cover > 0 ? [...total, { kind: 'stock', underlying, shares: cover }] : total;
}

/**
 * True for the shapes that cash or shares secure: one short put alone, or short calls of one strike against at least as many
 * shares. Read from the legs, never from a strategy's claim.
 */
export function isSecuredShape(legs: readonly Leg[]): boolean {
  const options = optionLegs(legs);
  const [only] = options;
  if (options.length !== 1 || !only || only.ratio >= 0) return false;
  const shares = sharesOf(legs);
  return only.contract.right === 'put' ? shares === 0 : shares >= -only.ratio * only.contract.multiplier;
}

/** What a secured structure ties up, in dollars: the strike of a short put, the value of the shares. */
export function tiedUpDollars(legs: readonly Leg[], spot: Price): number {
  const puts = optionLegs(legs).filter((leg) => leg.contract.right === 'put' && leg.ratio < 0);
  const cash = puts.reduce((sum, leg) => sum - leg.ratio * leg.contract.strike * leg.contract.multiplier, 0);
  return cash + Math.max(0, sharesOf(legs)) * spot;
}

/**
 * Loss of intrinsic value, in dollars, when the underlying falls at once by `move` (0.2 = 20 %). Premiums are left out, so the
 * figure is on the safe side.
 */
export function lossAtFall(legs: readonly Leg[], spot: Price, move: number): number {
  return Math.max(0, intrinsicDollars(legs, spot) - intrinsicDollars(legs, spot * (1 - move)));
}
