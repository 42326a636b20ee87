import type { ChainSnapshot, SideColumns } from '#domain/market/chain';
import { instant } from '#domain/units';
import { isoNanos } from './format.ts';

/**
 * The option snapshots of a chain as JSON text, built by hand: a scan asks for thousands of contracts twice a minute, and this is
 * several times faster than an object tree through JSON.stringify. Symbols are OSI keys and need no escaping.
 */
export function chainText(
  chain: ChainSnapshot,
  lowest: number,
  highest: number,
  right: string | null,
  first: number,
  limit: number,
): { readonly text: string; readonly next: number | null } {
  const parts: string[] = [];
  let index = 0;
  let more = false;
  const times = new Map<number, string>();
  const timeOf = (at: number): string => {
    const known = times.get(at);
    if (known !== undefined) return known;
    const text = isoNanos(instant(at));
    times.set(at, text);
    return text;
  };
  for (const slice of chain.slices) {
    for (let i = 0; i < slice.strikes.length; i += 1) {
      const strike = slice.strikes[i] ?? 0;
      if (strike < lowest || strike >= highest + 1e-9) continue;
      for (const side of right === 'call' ? [slice.calls] : right === 'put' ? [slice.puts] : [slice.calls, slice.puts]) {
        if (!side.symbols[i]) continue;
        index += 1;
        if (index <= first) continue;
        if (parts.length >= limit) {
          more = true;
          continue;
        }
        parts.push(itemText(side, i, timeOf));
      }
    }
  }
  return { text: parts.join(','), next: more ? first + limit : null };
}

function itemText(side: SideColumns, i: number, timeOf: (at: number) => string): string {
  const time = timeOf(side.quoteAt[i] ?? 0);
  const volatility = side.vendorIv[i] ?? Number.NaN;
  const delta = side.vendorDelta[i] ?? Number.NaN;
  let text = `"${side.symbols[i]}":{"latestQuote":{"t":"${time}","ax":"A","ap":${side.ask[i]},"as":${side.askSize[i]},"bx":"A","bp":${side.bid[i]},"bs":${side.bidSize[i]},"c":"A"},"dailyBar":{"t":"${time}","v":${side.volume[i] ?? 0}}`;
  if (!Number.isNaN(volatility)) text += `,"impliedVolatility":${volatility}`;
  if (!Number.isNaN(delta)) text += `,"greeks":{"delta":${delta}}`;
  return `${text}}`;
}
