import { atNewYork, yearsToExpiration } from '#domain/market/calendar';
import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import { occSymbol, type Right } from '#domain/market/instrument';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { type Instant, type IsoDate, isoDate } from '#domain/units';
import type { EngineDesk } from './engineDesk.ts';

const STRIKES = [75, 80, 85, 90, 95, 100, 105, 110, 115];
const WIDTH = 0.02;

/** April and May of XYZ at one volatility, two cents wide, liquid everywhere: prices follow the clock and the spot. */
export function pricedByModel(desk: EngineDesk, spot: number, volatility = 0.3): void {
  desk.chain = (at) => chainAt(at, spot, volatility);
  desk.price('XYZ', spot);
  for (const slice of desk.chain(desk.now).slices)
    for (const side of [slice.calls, slice.puts])
      side.symbols.forEach((symbol, index) => {
        desk.price(symbol, ((side.bid[index] ?? 0) + (side.ask[index] ?? 0)) / 2, WIDTH);
      });
}

function chainAt(at: Instant, spot: number, volatility: number): ChainSnapshot {
  return chainOf(at, spot, [
    { expiration: isoDate('2026-04-17'), volatility },
    { expiration: isoDate('2026-05-15'), volatility },
  ]);
}

/** A chain of XYZ with its own volatility at every expiration. */
export function chainOf(
  at: Instant,
  spot: number,
  terms: readonly { readonly expiration: IsoDate; readonly volatility: number }[],
): ChainSnapshot {
  return {
    underlying: 'XYZ',
    at,
    snapshotId: 1,
    spot: { bid: spot - 0.01, ask: spot + 0.01, bidSize: 10, askSize: 10, at },
    slices: terms.map(({ expiration, volatility }) => sliceAt(at, spot, volatility, expiration)),
  };
}

function sliceAt(at: Instant, spot: number, volatility: number, expiration: IsoDate): ExpirationSlice {
  const expiresAt = atNewYork(expiration, '16:00');
  const years = yearsToExpiration(at, expiresAt);
  const side = (right: Right): SideColumns => {
    const mids = STRIKES.map((strike) => {
      const price = priceEuropean({ right, spot, strike, years, rate: 0.04, dividendYield: 0, volatility });
      return Math.max(WIDTH, Math.round(price * 100) / 100);
    });
    const all = (value: number): Float64Array => new Float64Array(STRIKES.length).fill(value);
    return {
      symbols: STRIKES.map((strike) => occSymbol({ root: 'XYZ', expiration, right, strike })),
      bid: Float64Array.from(mids, (mid) => mid - WIDTH / 2),
      ask: Float64Array.from(mids, (mid) => mid + WIDTH / 2),
      bidSize: all(50),
      askSize: all(50),
      quoteAt: all(at),
      volume: all(500),
      openInterest: all(5000),
      defect: new Uint8Array(STRIKES.length),
      vendorIv: all(Number.NaN),
      vendorDelta: all(Number.NaN),
    };
  };
  return {
    underlying: 'XYZ',
    root: 'XYZ',
    expiration,
    expiresAt,
    style: 'american',
    settlement: 'physical',
    multiplier: 100,
    pennyProgram: true,
    strikes: Float64Array.from(STRIKES),
    calls: side('call'),
    puts: side('put'),
  };
}
