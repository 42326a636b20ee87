import { parseOccSymbol } from '#domain/market/instrument';
import { civilDay } from './instants.ts';

/** A strike without useless zeros: 550 -> '550', 27.5 -> '27.5'. */
export function strikeText(strike: number): string {
  return Number.isInteger(strike) ? String(strike) : String(Math.round(strike * 1000) / 1000);
}

/** 'SPY 18 Sep 550 put'; a symbol that is no option (shares) stays as it is. */
export function contractName(symbol: string): string {
  const parts = parseOccSymbol(symbol);
  if (!parts) return symbol;
  return `${parts.root} ${civilDay(parts.expiration)} ${strikeText(parts.strike)} ${parts.right}`;
}

/** '550 put' where underlying and expiration are already in sight. */
export function shortContractName(symbol: string): string {
  const parts = parseOccSymbol(symbol);
  return parts ? `${strikeText(parts.strike)} ${parts.right}` : symbol;
}

/** Legs on one line, signed and short: '−1 550P +1 545P'; the expiration is added where legs differ in it. */
export function legsLine(legs: readonly { readonly symbol: string; readonly ratio: number }[]): string {
  const parsed = legs.map((leg) => ({ ...leg, parts: parseOccSymbol(leg.symbol) }));
  const expirations = new Set(parsed.map((leg) => leg.parts?.expiration ?? ''));
  return parsed
    .map(({ symbol, ratio, parts }) => {
      const quantity = ratio > 0 ? `+${ratio}` : `−${Math.abs(ratio)}`;
      if (!parts) return `${quantity} ${symbol}`;
      const day = expirations.size > 1 ? `${civilDay(parts.expiration)} ` : '';
      return `${quantity} ${day}${strikeText(parts.strike)}${parts.right === 'call' ? 'C' : 'P'}`;
    })
    .join('  ');
}
