import type { IsoDate } from '../units.ts';

/** One purchase or sale as the tax report sees it. Cash in cents: + received, - paid, for the whole quantity. */
export interface TaxEvent {
  readonly symbol: string;
  /** + bought, - sold: contracts or shares. */
  readonly quantity: number;
  readonly cash: number;
  readonly date: IsoDate;
}

export interface Lot {
  readonly id: number;
  readonly symbol: string;
  /** + long, - short (an option written, shares sold short). */
  readonly quantity: number;
  readonly cash: number;
  readonly date: IsoDate;
}

/** A part of a lot that was closed. `opened` and `closed` are signed cash in cents, of this part alone. */
export interface Disposal {
  readonly lot: Lot;
  readonly quantity: number;
  readonly opened: number;
  readonly closed: number;
  readonly date: IsoDate;
}

/** Lots first in, first out: what each event opens, and what it closes. Events must be in order. */
export function createLots() {
  const open = new Map<string, { lot: Lot; left: number }[]>();
  const lots: Lot[] = [];
  const disposals: Disposal[] = [];

  /** Takes up to `quantity` (signed against the lots) off the oldest lots; answers what was taken. */
  function close(symbol: string, quantity: number): { lot: Lot; taken: number }[] {
    const held = open.get(symbol) ?? [];
    const parts: { lot: Lot; taken: number }[] = [];
    let left = Math.abs(quantity);
    while (left > 0) {
      const oldest = held[0];
      if (!oldest || Math.sign(oldest.lot.quantity) === Math.sign(quantity)) break;
      const taken = Math.min(left, oldest.left);
      parts.push({ lot: oldest.lot, taken });
      oldest.left -= taken;
      left -= taken;
      if (oldest.left === 0) held.shift();
    }
    return parts;
  }

  return {
    lots,
    disposals,
    /** A trade: closes what is held the other way round, opens the rest. */
    trade({ symbol, quantity, cash, date }: TaxEvent): void {
      if (quantity === 0) return;
      let rest = quantity;
      for (const { lot, taken } of close(symbol, quantity)) {
        rest -= Math.sign(quantity) * taken;
        disposals.push({
          lot,
          quantity: taken,
          opened: (lot.cash * taken) / Math.abs(lot.quantity),
          closed: (cash * taken) / Math.abs(quantity),
          date,
        });
      }
      if (rest === 0) return;
      const lot = { id: lots.length + 1, symbol, quantity: rest, cash: (cash * rest) / quantity, date };
      lots.push(lot);
      const held = open.get(symbol) ?? [];
      held.push({ lot, left: Math.abs(rest) });
      open.set(symbol, held);
    },
    /** What is open in a symbol, signed. */
    openOf(symbol: string): number {
      return (open.get(symbol) ?? []).reduce((sum, { lot, left }) => sum + Math.sign(lot.quantity) * left, 0);
    },
    /** An option that becomes a trade in its shares: no gain of its own; answers its premium, cents, + received. */
    becomeShares(symbol: string, quantity: number): number {
      return close(symbol, quantity).reduce((sum, { lot, taken }) => sum + (lot.cash * taken) / Math.abs(lot.quantity), 0);
    },
  };
}
