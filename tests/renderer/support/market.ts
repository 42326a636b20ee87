import type { ChainView, ContractCell, UnderlyingRow } from '#contract/chain';
import type { OutputOf } from '#contract/contract';
import { occSymbol, type Right, roundToTick } from '#domain/market/instrument';
import { greeksEuropean } from '#domain/pricing/blackScholes';
import { type Instant, type IsoDate, instant, isoDate } from '#domain/units';

/** Tuesday 17 November 2026, 10:31:05 in New York. */
export const NOW: Instant = instant(Date.UTC(2026, 10, 17, 15, 31, 5));

const NAMES: readonly (readonly [string, string, string, number, number])[] = [
  ['SPY', 'S&P 500 ETF', 'Index', 551.42, 0.16],
  ['QQQ', 'Nasdaq 100 ETF', 'Index', 478.1, 0.21],
  ['IWM', 'Russell 2000 ETF', 'Index', 221.35, 0.23],
  ['DIA', 'Dow Jones ETF', 'Index', 418.9, 0.14],
  ['AAPL', 'Apple', 'Technology', 228.35, 0.27],
  ['MSFT', 'Microsoft', 'Technology', 431.22, 0.24],
  ['NVDA', 'Nvidia', 'Technology', 141.8, 0.49],
  ['JPM', 'JPMorgan Chase', 'Financials', 214.7, 0.25],
  ['BAC', 'Bank of America', 'Financials', 40.15, 0.28],
  ['XOM', 'Exxon Mobil', 'Energy', 117.4, 0.24],
  ['CVX', 'Chevron', 'Energy', 149.2, 0.23],
  ['UNH', 'UnitedHealth', 'Health care', 571.9, 0.26],
  ['JNJ', 'Johnson & Johnson', 'Health care', 161.4, 0.17],
  ['PG', 'Procter & Gamble', 'Consumer staples', 171.1, 0.16],
  ['KO', 'Coca-Cola', 'Consumer staples', 69.9, 0.15],
  ['HD', 'Home Depot', 'Consumer discretionary', 389.3, 0.22],
  ['AMZN', 'Amazon', 'Consumer discretionary', 186.6, 0.31],
  ['CAT', 'Caterpillar', 'Industrials', 352.8, 0.28],
  ['VXX', 'Short-term VIX futures', 'Volatility', 44.25, 0.72],
];

const EXPIRATIONS: readonly { readonly date: IsoDate; readonly daysToExpiration: number }[] = [
  { date: isoDate('2026-11-20'), daysToExpiration: 3 },
  { date: isoDate('2026-11-27'), daysToExpiration: 10 },
  { date: isoDate('2026-12-04'), daysToExpiration: 17 },
  { date: isoDate('2026-12-18'), daysToExpiration: 31 },
  { date: isoDate('2027-01-15'), daysToExpiration: 59 },
  { date: isoDate('2027-02-19'), daysToExpiration: 94 },
  { date: isoDate('2027-03-19'), daysToExpiration: 122 },
  { date: isoDate('2027-06-18'), daysToExpiration: 213 },
];

/** A small drift that depends on the tick alone, so that two runs show the same figures. */
function drift(tick: number, phase: number): number {
  return Math.sin(tick / 7 + phase) * 0.0006;
}

export function spotOf(underlying: string, tick: number): number {
  const index = NAMES.findIndex(([symbol]) => symbol === underlying);
  const [, , , spot] = NAMES[index] ?? ['', '', '', 100, 0.2];
  return Math.round(spot * (1 + drift(tick, index)) * 100) / 100;
}

export function underlyings(tick: number, paused: ReadonlySet<string>): readonly UnderlyingRow[] {
  return NAMES.map(([underlying, name, sector, spot, volatility], index) => {
    const last = spotOf(underlying, tick);
    return {
      underlying,
      name,
      sector,
      bid: Math.round((last - 0.01) * 100) / 100,
      ask: Math.round((last + 0.01) * 100) / 100,
      last,
      dayChangeFraction: Math.sin(index * 1.7) * 0.014 + drift(tick, index) + spot * 0,
      ivRank: Math.abs(Math.sin(index * 2.3)),
      iv30: volatility,
      paused: paused.has(underlying),
      halted: null,
      positions: index === 0 ? 2 : index === 4 || index === 9 ? 1 : 0,
      expirations: EXPIRATIONS,
    };
  });
}

function strikesAround(spot: number): readonly number[] {
  const step = spot > 300 ? 5 : spot > 100 ? 2.5 : 1;
  const middle = Math.round(spot / step) * step;
  return Array.from({ length: 41 }, (_, index) => middle + (index - 20) * step);
}

const HELD: Readonly<Record<string, number>> = { SPY261218P00525000: -2, SPY261218P00520000: 2, SPY261218C00580000: -1 };

function cellOf(
  underlying: string,
  expiration: IsoDate,
  right: Right,
  strike: number,
  spot: number,
  years: number,
  base: number,
): ContractCell {
  const symbol = occSymbol({ root: underlying, expiration, right, strike });
  const volatility = base * (1 + 0.9 * Math.max(-0.3, Math.min(0.4, (spot - strike) / spot)));
  const greeks = greeksEuropean({ right, spot, strike, years, rate: 0.04, dividendYield: 0.01, volatility });
  const half = Math.max(0.01, greeks.price * 0.012 + 0.01);
  const bid = roundToTick(Math.max(0, greeks.price - half), 0.01, 'down');
  const ask = roundToTick(greeks.price + half, 0.01, 'up');
  const away = Math.abs(strike - spot) / spot;
  const crossed = right === 'call' && Math.abs(away - 0.065) < 0.002;
  return {
    symbol,
    bid: crossed ? ask + 0.04 : bid,
    ask,
    bidSize: 40,
    askSize: 55,
    quoteAt: NOW,
    defect: crossed ? 'crossed' : bid === 0 ? 'zeroBid' : 'none',
    impliedVolatility: crossed || bid === 0 ? null : volatility,
    noVolatility: crossed ? 'crossed' : bid === 0 ? 'zeroBid' : null,
    delta: crossed ? null : greeks.delta,
    gamma: greeks.gamma,
    thetaPerDay: greeks.thetaPerDay,
    vegaPerPoint: greeks.vegaPerPoint,
    volume: Math.round(4200 * Math.exp(-away * 18)),
    openInterest: Math.round(18_000 * Math.exp(-away * 12)),
    held: HELD[symbol] ?? 0,
  };
}

export function chainView(underlying: string, expiration: IsoDate, tick: number): ChainView {
  const spot = spotOf(underlying, tick);
  const daysToExpiration = EXPIRATIONS.find((entry) => entry.date === expiration)?.daysToExpiration ?? 31;
  const base = NAMES.find(([symbol]) => symbol === underlying)?.[4] ?? 0.2;
  const cell = (right: Right, strike: number) =>
    cellOf(underlying, expiration, right, strike, spot, daysToExpiration / 365, base);
  return {
    underlying,
    at: NOW,
    spot,
    expiration,
    daysToExpiration,
    years: daysToExpiration / 365,
    forward: spot * 1.002,
    rows: strikesAround(spot).map((strike) => ({ strike, call: cell('call', strike), put: cell('put', strike) })),
  };
}

/** The quote of one contract, or null when its symbol is not listed here. */
export function quoteOf(symbol: string, tick: number): ContractCell | null {
  const match = /^([A-Z]+)(\d{2})(\d{2})(\d{2})[CP]\d{8}$/.exec(symbol);
  if (!match) return null;
  const view = chainView(match[1] ?? '', isoDate(`20${match[2]}-${match[3]}-${match[4]}`), tick);
  return view.rows.flatMap((row) => [row.call, row.put]).find((cell) => cell?.symbol === symbol) ?? null;
}

/** A year of daily bars that wander by two sines: enough for a volatility cone, equal from run to run. */
export function dailyBars(underlying: string): OutputOf<'chain.bars'> {
  const spot = spotOf(underlying, 0);
  const close = (index: number) => spot * (1 + 0.03 * Math.sin(index / 11) + 0.008 * Math.sin(index * 2.7));
  return Array.from({ length: 252 }, (_, index) => {
    const [open, end] = [close(index - 1), close(index)];
    const day = new Date(NOW - (252 - index) * 86_400_000).toISOString().slice(0, 10);
    return {
      date: isoDate(day),
      open,
      close: end,
      high: Math.max(open, end) * 1.004,
      low: Math.min(open, end) * 0.996,
      volume: 1e7,
    };
  });
}

/** A year of recorded implied volatilities around today's, equal from run to run. */
export function recordedVolatilities(underlying: string): OutputOf<'chain.volatility'> {
  const today = NAMES.find(([symbol]) => symbol === underlying)?.[4] ?? 0.2;
  return {
    recorded: Array.from({ length: 252 }, (_, index) => {
      const wave = Math.sin(index / 19);
      // The further tenors have been recorded for the last hundred days only.
      const known = index >= 152;
      return {
        iv30: today * (1 + 0.25 * wave),
        iv60: known ? today * (1.01 + 0.2 * wave) : null,
        iv90: known ? today * (1.02 + 0.15 * wave) : null,
      };
    }),
  };
}
