import type { ChainView, ContractCell, UnderlyingRow } from '#contract/chain';
import { civilDate, daysToExpiration, yearsToExpiration } from '#domain/market/calendar';
import { type ExpirationSlice, midOf, QUOTE_DEFECTS, sideOf } from '#domain/market/chain';
import type { Right } from '#domain/market/instrument';
import { greeksEuropean } from '#domain/pricing/blackScholes';
import { impliedVolatility } from '#domain/pricing/impliedVolatility';
import { type IsoDate, instant, type Price } from '#domain/units';
import type { Desk } from './desk.ts';

/** Expirations offered in a window's tabs. */
const FURTHEST_DAYS = 400;

export function underlyingsOf(desk: Desk): readonly UnderlyingRow[] {
  const view = desk.view();
  const { market } = desk.parts;
  const today = civilDate(view.now);
  return market.underlyings.map(({ symbol, name, sector }) => {
    const quote = market.quoteOf(symbol);
    const last = quote ? midOf(quote) : null;
    const before = market.previousClose(symbol);
    const scanned = view.market?.underlyings.find(({ underlying }) => underlying === symbol);
    return {
      underlying: symbol,
      name,
      sector,
      bid: quote?.bid ?? null,
      ask: quote?.ask ?? null,
      last,
      dayChangeFraction: last !== null && before !== null && before > 0 ? last / before - 1 : null,
      ivRank: scanned?.ivRank ?? null,
      iv30: scanned?.iv30 ?? null,
      paused: view.pausedSymbols.has(symbol),
      positions: view.positions.filter(({ position }) => position.underlying === symbol).length,
      expirations: market
        .expirations(symbol)
        .map((date) => ({ date, daysToExpiration: daysToExpiration(today, date) }))
        .filter(({ daysToExpiration: days }) => days >= 0 && days <= FURTHEST_DAYS),
    };
  });
}

/** One expiration, calls | strikes | puts, with volatility and greeks from each contract's own mid. null while it is unknown. */
export function chainViewOf(desk: Desk, underlying: string, expiration: IsoDate): ChainView | null {
  const view = desk.view();
  const { market } = desk.parts;
  const slice = market.slice(underlying, expiration);
  if (!slice) return null;
  const spotQuote = market.quoteOf(underlying);
  const spot = spotQuote ? midOf(spotQuote) : null;
  const rate = view.settings.scanner.riskFreeRate;
  const years = yearsToExpiration(view.now, slice.expiresAt);
  const held = new Map<string, number>();
  for (const { position } of view.positions)
    for (const leg of position.legs) held.set(leg.symbol, (held.get(leg.symbol) ?? 0) + leg.quantity);
  const cellOf = (right: Right, index: number): ContractCell | null =>
    contractCell(slice, right, index, { spot, rate, years, held });
  return {
    underlying,
    at: view.now,
    spot,
    expiration,
    daysToExpiration: daysToExpiration(civilDate(view.now), expiration),
    forward: spot === null ? null : spot * Math.exp(rate * years),
    rows: Array.from(slice.strikes, (strike, index) => ({ strike, call: cellOf('call', index), put: cellOf('put', index) })),
  };
}

interface CellContext {
  readonly spot: Price | null;
  readonly rate: number;
  readonly years: number;
  readonly held: ReadonlyMap<string, number>;
}

function contractCell(slice: ExpirationSlice, right: Right, index: number, context: CellContext): ContractCell | null {
  const side = sideOf(slice, right);
  const symbol = side.symbols[index];
  const strike = slice.strikes[index];
  if (!symbol || strike === undefined) return null;
  const bid = known(side.bid[index]);
  const ask = known(side.ask[index]);
  const defect = QUOTE_DEFECTS[side.defect[index] ?? 1] ?? 'missing';
  const at = known(side.quoteAt[index]);
  const mid = bid !== null && ask !== null && (defect === 'none' || defect === 'zeroBid') ? (bid + ask) / 2 : null;
  const greeks = mid === null ? null : ownGreeks({ right, strike, mid, ...context });
  return {
    symbol,
    bid,
    ask,
    bidSize: known(side.bidSize[index]),
    askSize: known(side.askSize[index]),
    quoteAt: at === null ? null : instant(Math.round(at)),
    defect,
    impliedVolatility: greeks?.volatility ?? known(side.vendorIv[index]),
    delta: greeks?.delta ?? known(side.vendorDelta[index]),
    gamma: greeks?.gamma ?? null,
    thetaPerDay: greeks?.thetaPerDay ?? null,
    vegaPerPoint: greeks?.vegaPerPoint ?? null,
    volume: known(side.volume[index]),
    openInterest: known(side.openInterest[index]),
    held: context.held.get(symbol) ?? 0,
  };
}

interface Priced {
  readonly right: Right;
  readonly strike: Price;
  readonly mid: Price;
  readonly spot: Price | null;
  readonly rate: number;
  readonly years: number;
}

/** Volatility that the mid implies and the greeks at it, per share; null where it implies none. */
export function ownGreeks({ right, strike, mid, spot, rate, years }: Priced): OwnGreeksOfOne | null {
  if (spot === null || years <= 0) return null;
  const solved = impliedVolatility({
    right,
    forward: spot * Math.exp(rate * years),
    strike,
    years,
    discount: Math.exp(-rate * years),
    price: mid,
  });
  if (solved.kind !== 'volatility') return null;
  const { volatility } = solved;
  const greeks = greeksEuropean({ right, spot, strike, years, rate, dividendYield: 0, volatility });
  return { volatility, ...greeks };
}

export interface OwnGreeksOfOne {
  readonly volatility: number;
  readonly delta: number;
  readonly gamma: number;
  readonly thetaPerDay: number;
  readonly vegaPerPoint: number;
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
