import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';

/** A contract known by its symbol alone, taken for a standard one: 100 shares, American, settled in shares. Null for shares. */
export function contractOf(symbol: string, underlying: string): OptionContract | null {
  const parts = parseOccSymbol(symbol);
  if (!parts) return null;
  return {
    symbol,
    underlying,
    root: parts.root,
    right: parts.right,
    strike: parts.strike,
    expiration: parts.expiration,
    style: 'american',
    settlement: 'physical',
    multiplier: 100,
    pennyProgram: false,
  };
}
