import { type Cents, cents, centsFromDollars } from '../units.ts';
import { expirationsOf, netOptions, sharesOf } from './anatomy.ts';
import type { Leg, OptionLeg } from './leg.ts';
import { aliveOn, worstIntrinsicDollars } from './payoff.ts';

/**
 * Margin under Alpaca's 'universal spread rule', in cents: for each underlying and each expiration the worst intrinsic value
 * that the options still alive could have at any price of the underlying, premiums ignored; the largest of an underlying's
 * expirations counts and underlyings add up. null = the loss is unbounded (a short call without cover).
 *
 * `ratio` is read as signed contracts held, `shares` as signed shares. Shares answer only for the options they cover (long
 * shares the short calls with the lowest strikes, short shares the short puts with the highest); their own value is no margin.
 * A lone short put needs its whole strike in cash. Source: Alpaca, 'Options Level 3 Trading' (its example +100C -110C -190C
 * +200C needs nothing; a 10-wide call credit spread needs 1,000 before its credit).
 */
export function universalSpreadMargin(legs: readonly Leg[]): Cents | null {
  let total = 0;
  for (const group of byUnderlying(legs)) {
    const worst = worstOfUnderlying(group);
    if (worst === null) return null;
    total += worst;
  }
  return cents(total);
}

/**
 * The legs left after shares have covered what they can: `options` without the covered shorts, and the shares that cover
 * nothing. Equal contracts net first. Deliverable shares per contract = the contract's multiplier.
 */
export function afterShareCover(legs: readonly Leg[]): { options: OptionLeg[]; idleShares: number } {
  let shares = sharesOf(legs);
  const options = netOptions(legs);
  const right = shares > 0 ? 'call' : 'put';
  const coverable = options
    .filter((leg) => leg.ratio < 0 && leg.contract.right === right)
    .sort((a, b) => (right === 'call' ? a.contract.strike - b.contract.strike : b.contract.strike - a.contract.strike));
  const covered = new Map<OptionLeg, number>();
  for (const leg of coverable) {
    const contracts = Math.min(-leg.ratio, Math.floor(Math.abs(shares) / leg.contract.multiplier));
    covered.set(leg, contracts);
    shares -= Math.sign(shares) * contracts * leg.contract.multiplier;
  }
  const left = options.map((leg) => ({ ...leg, ratio: leg.ratio + (covered.get(leg) ?? 0) })).filter((leg) => leg.ratio !== 0);
  return { options: left, idleShares: shares };
}

/** Legs grouped by underlying. */
export function byUnderlying(legs: readonly Leg[]): Leg[][] {
  const groups = new Map<string, Leg[]>();
  for (const leg of legs) {
    const underlying = leg.kind === 'stock' ? leg.underlying : leg.contract.underlying;
    groups.set(underlying, [...(groups.get(underlying) ?? []), leg]);
  }
  return [...groups.values()];
}

/** Cents of the worst intrinsic loss of one underlying's legs over its expirations; null = unbounded. */
export function worstOfUnderlying(legs: readonly Leg[]): Cents | null {
  let worst = 0;
  for (const expiration of expirationsOf(legs)) {
    const dollars = worstIntrinsicDollars(afterShareCover(aliveOn(legs, expiration)).options);
    if (dollars === null) return null;
    worst = Math.max(worst, -dollars);
  }
  return centsFromDollars(worst);
}
