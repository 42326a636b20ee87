import type { ChainView, ContractCell, RecordedVolatility, UnderlyingRow } from '#contract/chain';
import { civilDate, daysToExpiration, yearsToExpiration } from '#domain/market/calendar';
import { type ExpirationSlice, midOf, QUOTE_DEFECTS, type SideColumns, sideOf } from '#domain/market/chain';
import type { Right } from '#domain/market/instrument';
import { greeksEuropean } from '#domain/pricing/blackScholes';
import { type QuoteVolatility, quoteImpliedVolatility } from '#domain/pricing/quoteImpliedVolatility';
import { type IsoDate, instant, type Price } from '#domain/units';
import { americanParityForward, impliedDividendYield } from '#domain/volatility/parityForward';
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
      halted: view.halts.get(symbol) ?? null,
      positions: view.positions.filter(({ position }) => position.underlying === symbol).length,
      expirations: market
        .expirations(symbol)
        .map((date) => ({ date, daysToExpiration: daysToExpiration(today, date) }))
        .filter(({ daysToExpiration: days }) => days >= 0 && days <= FURTHEST_DAYS),
    };
  });
}

/** Implied volatilities recorded at the closes, oldest first. */
export function recordedVolatilitiesOf(desk: Desk, underlying: string): readonly RecordedVolatility[] {
  const { ivHistories, furtherIvHistories } = desk.view();
  const further = furtherIvHistories.get(underlying) ?? [];
  return (ivHistories.get(underlying) ?? []).map((iv30, day) => ({
    iv30,
    iv60: further[day]?.iv60 ?? null,
    iv90: further[day]?.iv90 ?? null,
  }));
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
  const forward = spot === null ? null : forwardOf(slice, spot, rate, years);
  const held = new Map<string, number>();
  for (const { position } of view.positions)
    for (const leg of position.legs) held.set(leg.symbol, (held.get(leg.symbol) ?? 0) + leg.quantity);
  const cellOf = (right: Right, index: number): ContractCell | null =>
    contractCell(slice, right, index, { spot, forward, rate, years, held });
  return {
    underlying,
    at: view.now,
    spot,
    expiration,
    daysToExpiration: daysToExpiration(civilDate(view.now), expiration),
    years,
    forward,
    rows: Array.from(slice.strikes, (strike, index) => ({ strike, call: cellOf('call', index), put: cellOf('put', index) })),
  };
}

/** Forward by put-call parity next to the money; spot carried at the rate where no strike has two sound sides. */
export function forwardOf(slice: ExpirationSlice, spot: Price, rate: number, years: number): Price {
  const carried = spot * Math.exp(rate * years);
  if (!(years > 0)) return carried;
  const sound = ({ bid, defect }: SideColumns): Float64Array => bid.map((price, i) => (defect[i] === 0 ? price : Number.NaN));
  const { strikes, calls, puts } = slice;
  const quotes = { strikes, callBid: sound(calls), callAsk: calls.ask, putBid: sound(puts), putAsk: puts.ask };
  return americanParityForward(quotes, { years, rate })?.forward ?? carried;
}

interface CellContext {
  readonly spot: Price | null;
  readonly forward: Price | null;
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
  const own = quoteVolatility({ right, strike, bid, ask, ...context });
  const greeks = own?.kind === 'volatility' ? ownGreeks({ right, strike, volatility: own.mid, ...context }) : null;
  return {
    symbol,
    bid,
    ask,
    bidSize: known(side.bidSize[index]),
    askSize: known(side.askSize[index]),
    quoteAt: at === null ? null : instant(Math.round(at)),
    defect,
    impliedVolatility: greeks?.volatility ?? known(side.vendorIv[index]),
    noVolatility: own === null || own.kind === 'volatility' ? null : own.kind,
    delta: greeks?.delta ?? known(side.vendorDelta[index]),
    gamma: greeks?.gamma ?? null,
    thetaPerDay: greeks?.thetaPerDay ?? null,
    vegaPerPoint: greeks?.vegaPerPoint ?? null,
    volume: known(side.volume[index]),
    openInterest: known(side.openInterest[index]),
    held: context.held.get(symbol) ?? 0,
  };
}

/** What an option is priced with; spot and forward null where they are not known. */
interface OptionTerms {
  readonly right: Right;
  readonly strike: Price;
  readonly spot: Price | null;
  readonly forward: Price | null;
  readonly rate: number;
  readonly years: number;
}

interface QuotedOption extends OptionTerms {
  readonly bid: Price | null;
  readonly ask: Price | null;
}

/** Volatility that a quote implies, or why it implies none; null where the forward is not known. */
export function quoteVolatility({ right, strike, bid, ask, forward, rate, years }: QuotedOption): QuoteVolatility | null {
  if (forward === null) return null;
  return quoteImpliedVolatility({ right, forward, strike, years, discount: Math.exp(-rate * years) }, bid, ask);
}

/** Greeks at a volatility, per share; null where spot or forward is not known. */
export function ownGreeks(option: OptionTerms & { readonly volatility: number }): OwnGreeksOfOne | null {
  const { right, strike, volatility, spot, forward, rate, years } = option;
  if (spot === null || forward === null) return null;
  const dividendYield = impliedDividendYield({ forward, rate }, spot, years);
  const greeks = greeksEuropean({ right, spot, strike, years, rate, dividendYield, volatility });
  return { volatility, dividendYield, ...greeks };
}

export interface OwnGreeksOfOne {
  readonly volatility: number;
  /** What the forward leaves of the rate, per year: dividends and borrow fee. */
  readonly dividendYield: number;
  readonly delta: number;
  readonly gamma: number;
  readonly thetaPerDay: number;
  readonly vegaPerPoint: number;
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
