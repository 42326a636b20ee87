import { yearsToExpiration } from '#domain/market/calendar';
import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import { midOf } from '#domain/market/chain';
import { allocateChainGreeks, type ChainGreeks, chainGreeks, logStrikes } from '#domain/pricing/chainKernel';
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
  riskFreeRate: number,
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
    const sides = [
      { side: slice.calls, isCall: true },
      { side: slice.puts, isCall: false },
    ].filter(({ isCall }) => right === null || (right === 'call') === isCall);
    const priced = new Map<SideColumns, ChainGreeks>();
    for (let i = 0; i < slice.strikes.length; i += 1) {
      const strike = slice.strikes[i] ?? 0;
      if (strike < lowest || strike >= highest + 1e-9) continue;
      for (const { side, isCall } of sides) {
        if (!side.symbols[i]) continue;
        index += 1;
        if (index <= first) continue;
        if (parts.length >= limit) {
          more = true;
          continue;
        }
        let greeks = priced.get(side);
        if (!greeks) {
          greeks = greeksOf(chain, slice, side, riskFreeRate);
          priced.set(side, greeks);
        }
        parts.push(itemText(side, i, timeOf, greeks, isCall));
      }
    }
  }
  return { text: parts.join(','), next: more ? first + limit : null };
}

/** The vendor's greeks are Black-Scholes by its own volatility, without dividends; NaN where it gives no volatility. */
function greeksOf(chain: ChainSnapshot, slice: ExpirationSlice, side: SideColumns, riskFreeRate: number): ChainGreeks {
  const count = slice.strikes.length;
  const out = allocateChainGreeks(count);
  const years = yearsToExpiration(chain.at, slice.expiresAt);
  const spot = midOf(chain.spot);
  const discount = Math.exp(-riskFreeRate * years);
  chainGreeks(
    { spot, forward: spot / discount, discount, years },
    slice.strikes,
    logStrikes(slice.strikes),
    side.vendorIv,
    out,
    count,
  );
  return out;
}

function itemText(side: SideColumns, i: number, timeOf: (at: number) => string, greeks: ChainGreeks, isCall: boolean): string {
  const time = timeOf(side.quoteAt[i] ?? 0);
  const volatility = side.vendorIv[i] ?? Number.NaN;
  const delta = side.vendorDelta[i] ?? Number.NaN;
  let text = `"${side.symbols[i]}":{"latestQuote":{"t":"${time}","ax":"A","ap":${side.ask[i]},"as":${side.askSize[i]},"bx":"A","bp":${side.bid[i]},"bs":${side.bidSize[i]},"c":"A"},"dailyBar":{"t":"${time}","v":${side.volume[i] ?? 0}}`;
  if (!Number.isNaN(volatility)) text += `,"impliedVolatility":${volatility}`;
  if (!Number.isNaN(delta)) {
    const theta = (isCall ? greeks.callThetaPerDay : greeks.putThetaPerDay)[i] ?? 0;
    const rho = (isCall ? greeks.callRhoPerPoint : greeks.putRhoPerPoint)[i] ?? 0;
    text += `,"greeks":{"delta":${delta},"gamma":${rounded(greeks.gamma[i] ?? 0)},"theta":${rounded(theta)},"vega":${rounded(greeks.vegaPerPoint[i] ?? 0)},"rho":${rounded(rho)}}`;
  }
  return `${text}}`;
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4 || 0;
}
