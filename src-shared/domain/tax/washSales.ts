import { parseOccSymbol } from '../market/instrument.ts';
import { type IsoDate, isoDate } from '../units.ts';
import type { Disposal, Lot } from './lots.ts';

/** 26 U.S.C. 1091: a loss is not allowed as far as the same was bought within 30 days before or after the sale. */
export const WASH_DAYS = 30;
const DAY_MS = 86_400_000;

/** What stands for what was sold at a loss. */
export interface Replacement {
  readonly lot: Lot;
  /** Units of the loss that it stands for; of a call: the shares it gives a right to. */
  readonly quantity: number;
}

export interface WashResult {
  /** Loss of each disposal that is not allowed, cents, non-negative; 0 for most. */
  readonly disallowed: readonly number[];
  /** What each disposal's basis grew by from earlier disallowed losses, cents. */
  readonly basisAdded: readonly number[];
  /** Basis that lots carry from disallowed losses, by lot id, cents. */
  readonly lotBasis: ReadonlyMap<number, number>;
  /** What each disallowed loss was replaced by, in the order in which it was taken. */
  readonly replacements: readonly (readonly Replacement[])[];
  /** For a loss that is allowed here: a near kin within the 30 days, for whoever prepares the return to judge. */
  readonly kin: readonly (Lot | null)[];
}

/**
 * Disallows losses on long lots in the order of the sales, each bought unit used once, and moves them into the basis of what was
 * bought: against purchases of the very same symbol (shares that an assignment delivered among them), then, for shares, against
 * bought calls on them, since the statute counts 'a contract or option to acquire' them. Purchases before and after the sale count
 * alike, whatever year they fall in. `exempt` symbols (Section 1256 contracts) keep their losses.
 *
 * Whether options of another strike or day, shares after a loss on a call, or an option written again after a loss on a written
 * one are 'substantially identical' is a judgement: they are named as kin, and nothing is disallowed for them.
 */
export function washSales(
  disposals: readonly Disposal[],
  lots: readonly Lot[],
  exempt: (symbol: string) => boolean = () => false,
  multiplierOf: (symbol: string) => number = () => 100,
): WashResult {
  const disallowed = disposals.map(() => 0);
  const basisAdded = disposals.map(() => 0);
  const replacements = disposals.map((): Replacement[] => []);
  const kin = disposals.map((): Lot | null => null);
  const used = new Map<number, number>();
  const lotBasis = new Map<number, number>();
  const soldBefore = new Map<number, number>();
  const order = disposals.map((_, index) => index).sort((a, b) => dayOf(disposals[a]!.date) - dayOf(disposals[b]!.date) || a - b);
  for (const index of order) {
    const disposal = disposals[index]!;
    const { lot, quantity } = disposal;
    const isLong = lot.quantity > 0;
    const carried = isLong ? ((lotBasis.get(lot.id) ?? 0) * quantity) / lot.quantity : 0;
    basisAdded[index] = carried;
    if (isLong) soldBefore.set(lot.id, (soldBefore.get(lot.id) ?? 0) + quantity);
    const loss = -(disposal.closed + disposal.opened - carried);
    if (loss <= 0 || exempt(lot.symbol)) continue;
    const near = lots.filter(({ id, date }) => id !== lot.id && Math.abs(dayOf(date) - dayOf(disposal.date)) <= WASH_DAYS);
    let left = isLong ? quantity : 0;
    for (const { other, perUnit } of isLong ? identicalTo(lot, near, multiplierOf) : []) {
      const free = (other.quantity - (used.get(other.id) ?? 0) - (soldBefore.get(other.id) ?? 0)) * perUnit;
      const matched = Math.min(left, free);
      if (matched <= 0) continue;
      used.set(other.id, (used.get(other.id) ?? 0) + matched / perUnit);
      const moved = (loss * matched) / quantity;
      lotBasis.set(other.id, (lotBasis.get(other.id) ?? 0) + moved);
      disallowed[index] = (disallowed[index] ?? 0) + moved;
      replacements[index]!.push({ lot: other, quantity: matched });
      left -= matched;
    }
    if (replacements[index]!.length === 0) kin[index] = near.find((other) => isKin(lot, other)) ?? null;
  }
  return { disallowed, basisAdded, lotBasis, replacements, kin };
}

/** Bought lots that are the same before the law, each with the units of the loss that one of its own stands for: itself first, then calls on shares. */
function identicalTo(
  { symbol }: Lot,
  near: readonly Lot[],
  multiplierOf: (symbol: string) => number,
): { readonly other: Lot; readonly perUnit: number }[] {
  const bought = near.filter(({ quantity }) => quantity > 0);
  const same = bought.filter((other) => other.symbol === symbol).map((other) => ({ other, perUnit: 1 }));
  const calls = bought.filter((other) => {
    const option = parseOccSymbol(other.symbol);
    return option !== null && option.right === 'call' && option.root === symbol;
  });
  return [...same, ...calls.map((other) => ({ other, perUnit: multiplierOf(other.symbol) }))];
}

/** On the same underlying and on the same side of it: options of one right, or a bought call and shares. */
function isKin(lost: Lot, other: Lot): boolean {
  if (Math.sign(lost.quantity) !== Math.sign(other.quantity)) return false;
  const a = parseOccSymbol(lost.symbol);
  const b = parseOccSymbol(other.symbol);
  if (a !== null && b !== null) return a.root === b.root && a.right === b.right;
  if (a !== null) return a.right === 'call' && other.symbol === a.root;
  return lost.symbol === (b === null ? other.symbol : b.root) && b?.right !== 'put';
}

function dayOf(date: IsoDate): number {
  return Date.parse(isoDate(date)) / DAY_MS;
}
