import type { ExerciseStyle, OptionContract, Right, Settlement } from '#domain/market/instrument';
import { occSymbol } from '#domain/market/instrument';
import type { OptionLeg, StockLeg } from '#domain/structures/leg';
import { isoDate } from '#domain/units';

export interface LegOptions {
  readonly expiration?: string;
  readonly underlying?: string;
  readonly multiplier?: number;
  readonly style?: ExerciseStyle;
  readonly settlement?: Settlement;
}

/** An option contract for tests: XYZ, 18 December 2026, American, 100 shares unless said otherwise. */
export function contractOf(right: Right, strike: number, options: LegOptions = {}): OptionContract {
  const {
    expiration = '2026-12-18',
    underlying = 'XYZ',
    multiplier = 100,
    style = 'american',
    settlement = 'physical',
  } = options;
  const date = isoDate(expiration);
  const symbol = occSymbol({ root: underlying, expiration: date, right, strike });
  return {
    symbol,
    underlying,
    root: underlying,
    right,
    strike,
    expiration: date,
    style,
    settlement,
    multiplier,
    pennyProgram: true,
  };
}

export function call(strike: number, ratio: number, options?: LegOptions): OptionLeg {
  return { kind: 'option', contract: contractOf('call', strike, options), ratio };
}

export function put(strike: number, ratio: number, options?: LegOptions): OptionLeg {
  return { kind: 'option', contract: contractOf('put', strike, options), ratio };
}

export function stock(shares: number, underlying = 'XYZ'): StockLeg {
  return { kind: 'stock', underlying, shares };
}
