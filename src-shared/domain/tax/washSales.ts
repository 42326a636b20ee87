import { type IsoDate, isoDate } from '../units.ts';
import type { Disposal, Lot } from './lots.ts';

/** 26 U.S.C. 1091: a loss is not allowed as far as the same was bought within 30 days before or after the sale. */
export const WASH_DAYS = 30;
const DAY_MS = 86_400_000;

export interface WashResult {
  /** Loss of each disposal that is not allowed, cents, non-negative; 0 for most. */
  readonly disallowed: readonly number[];
  /** What each disposal's basis grew by from earlier disallowed losses, cents. */
  readonly basisAdded: readonly number[];
  /** Basis that lots carry from disallowed losses, by lot id, cents. */
  readonly lotBasis: ReadonlyMap<number, number>;
}

/**
 * Disallows losses on long lots against purchases of the very same symbol, in the order of the sales, each bought unit used once,
 * and moves them into the basis of what was bought. `exempt` symbols (Section 1256 contracts) keep their losses.
 */
export function washSales(
  disposals: readonly Disposal[],
  lots: readonly Lot[],
  exempt: (symbol: string) => boolean = () => false,
): WashResult {
  const disallowed = disposals.map(() => 0);
  const basisAdded = disposals.map(() => 0);
  const used = new Map<number, number>();
  const lotBasis = new Map<number, number>();
  const soldBefore = new Map<number, number>();
  const order = disposals.map((_, index) => index).sort((a, b) => dayOf(disposals[a]!.date) - dayOf(disposals[b]!.date) || a - b);
  for (const index of order) {
    const disposal = disposals[index]!;
    const { lot, quantity } = disposal;
    if (lot.quantity < 0) continue;
    const carried = ((lotBasis.get(lot.id) ?? 0) * quantity) / lot.quantity;
    basisAdded[index] = carried;
    soldBefore.set(lot.id, (soldBefore.get(lot.id) ?? 0) + quantity);
    const loss = -(disposal.closed + disposal.opened - carried);
    if (loss <= 0 || exempt(lot.symbol)) continue;
    let left = quantity;
    for (const other of lots) {
      if (left === 0) break;
      if (other.id === lot.id || other.symbol !== lot.symbol || other.quantity <= 0) continue;
      if (Math.abs(dayOf(other.date) - dayOf(disposal.date)) > WASH_DAYS) continue;
      const free = other.quantity - (used.get(other.id) ?? 0) - (soldBefore.get(other.id) ?? 0);
      const matched = Math.min(left, free);
      if (matched <= 0) continue;
      used.set(other.id, (used.get(other.id) ?? 0) + matched);
      const moved = (loss * matched) / quantity;
      lotBasis.set(other.id, (lotBasis.get(other.id) ?? 0) + moved);
      disallowed[index] = (disallowed[index] ?? 0) + moved;
      left -= matched;
    }
  }
  return { disallowed, basisAdded, lotBasis };
}

function dayOf(date: IsoDate): number {
  return Date.parse(isoDate(date)) / DAY_MS;
}
