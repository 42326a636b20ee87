import type { ExpirationSlice } from '#domain/market/chain';
import type { IsoDate, Price } from '#domain/units';
import { syntheticForward } from '#domain/volatility/parityForward';
import type { Dividend } from '#ports/marketData';

/** A parity forward further than this from the carried one (fraction) is taken for a bad quote. */
const LARGEST_DISAGREEMENT = 0.02;
/** Strikes on each side of spot whose parity is looked at. */
const PARITY_REACH = 2;

/** Dollars per share that go ex after `today` and up to `expiration`. */
export function dividendsUntil(dividends: readonly Dividend[], today: IsoDate, expiration: IsoDate): number {
  let total = 0;
  for (const { exDate, amount } of dividends) if (exDate > today && exDate <= expiration) total += amount;
  return total;
}

/**
 * Forward of the underlying to an expiration: the mean of put-call parity, K + (C - P) / discount, over the strikes next to
 * spot whose four prices are sane; the carried price (spot - dividends) / discount where there is none or where parity is
 * more than 2 % away from it (early exercise makes parity an inequality for deep dividends).
 */
export function forwardOf(slice: ExpirationSlice, spot: Price, discount: number, dividends: number): Price {
  const carried = (spot - dividends) / discount;
  const centre = indexNear(slice.strikes, spot);
  const { calls, puts, strikes } = slice;
  let sum = 0;
  let count = 0;
  for (let i = Math.max(0, centre - PARITY_REACH); i <= Math.min(strikes.length - 1, centre + PARITY_REACH); i++) {
    if (calls.defect[i] !== 0 || puts.defect[i] !== 0) continue;
    const call = (calls.bid[i]! + calls.ask[i]!) / 2;
    const put = (puts.bid[i]! + puts.ask[i]!) / 2;
    sum += syntheticForward(strikes[i]!, call, put, discount);
    count++;
  }
  const parity = sum / count;
  return count > 0 && Math.abs(parity / carried - 1) <= LARGEST_DISAGREEMENT ? parity : carried;
}

/** Index of the strike nearest to a price (ascending strikes); -1 for an empty column. */
export function indexNear(strikes: Float64Array, price: number): number {
  let low = 0;
  let high = strikes.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (strikes[middle]! <= price) low = middle;
    else high = middle;
  }
  return Math.abs(strikes[high]! - price) < Math.abs(strikes[low]! - price) ? high : low;
}
