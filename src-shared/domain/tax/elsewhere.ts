import { addDays } from '../market/calendar.ts';
import type { IsoDate } from '../units.ts';

/** A fill as one side tells it. */
export interface ToldFill {
  readonly symbol: string;
  /** + bought, - sold. */
  readonly quantity: number;
  readonly price: number;
  readonly date: IsoDate;
}

/** An execution that was learned of late may carry the day on which it was learned. */
const LATE_DAYS = 5;
const SAME_PRICE = 0.005;

/**
 * Of the fills that the broker tells, how much of each is none of ours: traded in the same account by another hand. Each of ours
 * stands for the broker's of the same symbol and side: first of that day and price, then of that day (ours may be an average),
 * then of a few days around. What is left over, signed as the fill was, by its place.
 */
export function tradedElsewhere(broker: readonly ToldFill[], ours: readonly ToldFill[]): readonly number[] {
  const left = broker.map(({ quantity }) => Math.abs(quantity));
  const pools = new Map<string, { readonly fill: ToldFill; left: number }[]>();
  for (const fill of ours) {
    const pool = pools.get(sideOf(fill)) ?? [];
    pool.push({ fill, left: Math.abs(fill.quantity) });
    pools.set(sideOf(fill), pool);
  }
  const near: readonly ((a: ToldFill, b: ToldFill) => boolean)[] = [
    (a, b) => a.date === b.date && Math.abs(a.price - b.price) < SAME_PRICE,
    (a, b) => a.date === b.date,
    (a, b) => addDays(a.date, -LATE_DAYS) <= b.date && b.date <= addDays(a.date, LATE_DAYS),
  ];
  for (const fits of near)
    for (const [place, fill] of broker.entries())
      for (const own of pools.get(sideOf(fill)) ?? []) {
        const rest = left[place] ?? 0;
        if (rest === 0) break;
        if (own.left === 0 || !fits(fill, own.fill)) continue;
        const taken = Math.min(rest, own.left);
        own.left -= taken;
        left[place] = rest - taken;
      }
  return broker.map(({ quantity }, place) => Math.sign(quantity) * (left[place] ?? 0));
}

function sideOf({ symbol, quantity }: ToldFill): string {
  return `${symbol} ${Math.sign(quantity)}`;
}
