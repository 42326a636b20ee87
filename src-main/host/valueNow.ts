import { atNewYork, sessionOn, yearsToExpiration } from '#domain/market/calendar';
import { priceEuropean } from '#domain/pricing/blackScholes';
import type { Leg } from '#domain/structures/leg';
import type { Instant, IsoDate, Price } from '#domain/units';
import type { OwnGreeksOfOne } from './chainViews.ts';

/**
 * Value of one unit today at another price of the underlying, dollars: each option at the volatility and the carry that its mid and
 * its expiration's forward imply, so that at today's price it is worth its mid. null where a leg has no volatility.
 */
export function valueNow(
  legs: readonly Leg[],
  greeks: readonly (OwnGreeksOfOne | null)[],
  spot: Price,
  rate: number,
  now: Instant,
): number | null {
  let dollars = 0;
  for (const [index, leg] of legs.entries()) {
    if (leg.kind === 'stock') {
      dollars += leg.shares * spot;
      continue;
    }
    const own = greeks[index];
    if (!own) return null;
    const { right, strike, multiplier } = leg.contract;
    const years = yearsOf(leg, now);
    const { volatility, dividendYield } = own;
    dollars += leg.ratio * multiplier * priceEuropean({ right, spot, strike, years, rate, dividendYield, volatility });
  }
  return dollars;
}

/** Years until an option expires. */
export function yearsOf(leg: Extract<Leg, { kind: 'option' }>, now: Instant): number {
  return yearsToExpiration(now, closeOf(leg.contract.expiration));
}

/** The bell of an expiration day. */
export function closeOf(expiration: IsoDate): Instant {
  return sessionOn(expiration)?.close ?? atNewYork(expiration, '16:00');
}
