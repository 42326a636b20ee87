import type { OptionContract } from '../market/instrument.ts';

/** One option leg of a structure. `ratio` is signed and per one unit of the structure: +1 long, -1 short. */
export interface OptionLeg {
  readonly kind: 'option';
  readonly contract: OptionContract;
  readonly ratio: number;
}

/** Shares of the underlying as part of a structure: +100 with a short call of multiplier 100 is a covered call. */
export interface StockLeg {
  readonly kind: 'stock';
  readonly underlying: string;
  /** Signed shares per one unit of the structure. */
  readonly shares: number;
}

export type Leg = OptionLeg | StockLeg;

export type PositionIntent = 'buyToOpen' | 'sellToOpen' | 'buyToClose' | 'sellToClose';

/** The intent of a leg: what it does to the position. */
export function intentOf(ratio: number, purpose: 'open' | 'close'): PositionIntent {
  if (purpose === 'open') return ratio > 0 ? 'buyToOpen' : 'sellToOpen';
  return ratio > 0 ? 'buyToClose' : 'sellToClose';
}
