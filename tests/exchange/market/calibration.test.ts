import { beforeAll, describe, expect, it } from 'vitest';
import { addDays, isTradingDay, thirdFriday, weekday } from '#domain/market/calendar';
import { tickSize } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { expirationsListed } from '#exchange/market/listing';
import { UNIVERSE } from '#exchange/market/universe';
import { runToTime } from '#support/embeddedAccount';

const START = isoDate('2026-01-05');
const YEARS = 8;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    mean(x.map((value, i) => (value - mx) * ((y[i] ?? 0) - my)));
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}
const deviation = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const kurtosis = (values: readonly number[]): number =>
  mean(values.map((value) => (value - mean(values)) ** 4)) / deviation(values) ** 4;

describe('the paths of eight simulated years', () => {
  let exchange: Exchange;
  const returns = new Map<string, readonly number[]>();
  const of = (symbol: string): readonly number[] => returns.get(symbol) ?? [];
  beforeAll(() => {
    exchange = createExchange({ seed: 7, start: START, settings: { market: { historySessions: 252 * YEARS } } });
    for (const { symbol } of exchange.market.underlyings) {
      const bars = exchange.market.historyOf(symbol, 252 * YEARS)?.bars ?? [];
      returns.set(
        symbol,
        bars.slice(1).map((bar, i) => Math.log(bar.close / (bars[i]?.close ?? 1))),
      );
    }
  });

  it('move together as the names do: most within a sector, least across, against the volatility product', () => {
    expect(correlation(of('SPY'), of('QQQ'))).toBeGreaterThan(0.8);
    expect(correlation(of('XOM'), of('CVX'))).toBeGreaterThan(correlation(of('XOM'), of('KO')));
    expect(correlation(of('JPM'), of('BAC'))).toBeGreaterThan(correlation(of('JPM'), of('UNH')));
    expect(correlation(of('SPY'), of('VXX'))).toBeLessThan(-0.5);
    for (const { symbol } of UNIVERSE) expect(Math.abs(correlation(of('SPY'), of(symbol)))).toBeGreaterThan(0.1);
  });

  it('have volatilities of a sensible size: broad funds least, the volatility product most', () => {
    const annual = (symbol: string): number => deviation(of(symbol)) * Math.sqrt(252);
    expect(annual('SPY')).toBeGreaterThan(0.09);
    expect(annual('SPY')).toBeLessThan(0.3);
    for (const symbol of ['NVDA', 'UNH', 'HD', 'BAC']) expect(annual(symbol)).toBeGreaterThan(annual('SPY'));
    expect(annual('NVDA')).toBeLessThan(0.9);
    expect(annual('VXX')).toBeGreaterThan(2 * annual('SPY'));
  });

  it('jump and cluster: fat tails, storms and calm stretches', () => {
    for (const symbol of ['SPY', 'AAPL', 'JPM', 'UNH']) expect(kurtosis(of(symbol))).toBeGreaterThan(3.3);
    const sizes = of('SPY').map(Math.abs);
    const lags = Array.from({ length: 20 }, (_, lag) => correlation(sizes.slice(0, -lag - 1), sizes.slice(lag + 1)));
    expect(mean(lags)).toBeGreaterThan(0.03);
    const months = Array.from({ length: Math.floor(of('SPY').length / 21) }, (_, month) =>
      deviation(of('SPY').slice(month * 21, month * 21 + 21)),
    ).sort((a, b) => a - b);
    expect(months.at(-3) ?? 0).toBeGreaterThan(2 * (months[2] ?? 1));
  });

  it('fall and grow stormy together: volatility rises when the market falls', () => {
    const implied = exchange.market.impliedVolatilityHistory('SPY', 252 * YEARS).map(({ volatility }) => volatility);
    const changes = implied.slice(1).map((volatility, i) => Math.log(volatility / (implied[i] ?? 1)));
    expect(correlation(of('SPY').slice(-changes.length), changes)).toBeLessThan(-0.4);
  });

  it('move most on the days of earnings', () => {
    const ratios = ['AAPL', 'JPM', 'UNH'].map((symbol) => {
      const bars = exchange.market.historyOf(symbol, 252 * YEARS)?.bars ?? [];
      const reports = exchange.market.historyOf(symbol, 252 * YEARS)?.earnings ?? [];
      const after = reports.flatMap(({ date, timing }) => {
        const index = bars.findIndex((bar) => (timing === 'afterClose' ? bar.date > date : bar.date >= date));
        return index > 0 ? [Math.abs(of(symbol)[index - 1] ?? 0)] : [];
      });
      expect(after.length).toBeGreaterThanOrEqual(4 * YEARS - 2);
      return mean(after) / mean(of(symbol).map(Math.abs));
    });
    expect(mean(ratios)).toBeGreaterThan(1.8);
  });
});

describe('what is listed', () => {
  const listed = (symbol: string, day = START) => {
    const spec = UNIVERSE.find((candidate) => candidate.symbol === symbol);
    if (!spec) throw new Error(symbol);
    return expirationsListed(spec, day);
  };

  it('expires on Fridays, third Fridays and ends of quarters, the busiest funds every day, and never without a session', () => {
    for (const { symbol } of UNIVERSE) {
      const series = listed(symbol);
      for (const { expiration } of series) expect(isTradingDay(expiration)).toBe(true);
      const dates = series.map(({ expiration }) => expiration);
      for (let week = 0; week < 6; week += 1) expect(dates).toContain(addDays(isoDate('2026-01-09'), 7 * week));
      for (const month of [1, 2, 3, 4, 5]) expect(dates).toContain(thirdFriday(2026, month));
      expect(series.filter(({ kind }) => kind === 'monthly').length).toBeGreaterThanOrEqual(5);
      expect(series.some(({ kind }) => kind === 'leaps')).toBe(true);
    }
    expect(listed('SPY').find(({ expiration }) => expiration === '2026-03-31')?.kind).toBe('quarterly');
    expect(listed('SPY').map(({ expiration }) => weekday(expiration))).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    expect(listed('KO').every(({ expiration }) => weekday(expiration) === 5 || expiration === '2026-06-18')).toBe(true);
    // Good Friday: the series of that week ends a day earlier.
    expect(listed('KO', isoDate('2026-03-30')).map(({ expiration }) => expiration)).toContain('2026-04-02');
  });

  it('has strikes that lie closer near the money, and prices in whole ticks of the penny program', () => {
    const exchange = createExchange({ seed: 7, start: START, settings: { market: { historySessions: 30 } } });
    runToTime(exchange, START, '11:00');
    for (const [symbol, step] of [
      ['SPY', 1],
      ['BAC', 0.5],
      ['AAPL', 2.5],
    ] as const) {
      const spot = exchange.market.quoteOf(symbol)?.bid ?? 0;
      const contracts = exchange.market
        .contracts({ underlyings: [symbol], right: 'put', strikeFrom: spot * 0.6, strikeTo: spot * 1.4 })
        .filter(({ expiration }) => expiration === '2026-01-30');
      const gaps = contracts.slice(1).map(({ strike }, i) => [strike, strike - (contracts[i]?.strike ?? 0)] as const);
      const near = gaps.filter(([strike]) => Math.abs(strike / spot - 1) < 0.02).map(([, gap]) => gap);
      const far = gaps.filter(([strike]) => strike / spot < 0.87).map(([, gap]) => gap);
      expect(new Set(near)).toEqual(new Set([step]));
      expect(mean(far)).toBeGreaterThan(step);
      for (const contract of contracts) {
        const quote = exchange.market.quoteOf(contract.symbol);
        for (const price of [quote?.bid ?? 0, quote?.ask ?? 0]) {
          const ticks = price / tickSize(contract, price);
          expect(Math.abs(ticks - Math.round(ticks))).toBeLessThan(1e-6);
        }
      }
    }
  });
});

describe('how options are quoted', () => {
  const exchange = createExchange({ seed: 11, start: START, settings: { market: { historySessions: 60 } } });
  /** Spread of a contract as a fraction of its mid. */
  const relativeWidth = (symbol: string): number => {
    const quote = exchange.market.quoteOf(symbol);
    return quote ? (quote.ask - quote.bid) / ((quote.ask + quote.bid) / 2) : Number.NaN;
  };
  const puts = (symbol: string, expiration: string, from: number, to: number) => {
    const spot = exchange.market.quoteOf(symbol)?.bid ?? 0;
    return exchange.market
      .contracts({ underlyings: [symbol], right: 'put', strikeFrom: spot * from, strikeTo: spot * to })
      .filter((contract) => contract.expiration === expiration)
      .map((contract) => contract.symbol);
  };

  it('wider with moneyness and tenor, most interest near the money, sizes and volumes with the liquidity of the class', () => {
    runToTime(exchange, START, '12:00');
    const average = (symbols: readonly string[], of: (symbol: string) => number): number => mean(symbols.map(of));
    const near = puts('SPY', '2026-02-20', 0.98, 1.0);
    const far = puts('SPY', '2026-02-20', 0.8, 0.86);
    expect(average(far, relativeWidth)).toBeGreaterThan(2 * average(near, relativeWidth));
    const dollars = (symbol: string): number => {
      const quote = exchange.market.quoteOf(symbol);
      return (quote?.ask ?? 0) - (quote?.bid ?? 0);
    };
    expect(average(puts('SPY', '2026-06-18', 0.98, 1.0), dollars)).toBeGreaterThan(average(near, dollars));
    const interest = (symbol: string): number => exchange.market.openInterestOf(symbol);
    expect(average(near, interest)).toBeGreaterThan(3 * average(puts('SPY', '2026-02-20', 0.7, 0.8), interest));
    expect(average(near, interest)).toBeGreaterThan(3 * average(puts('HD', '2026-02-20', 0.98, 1.0), interest));
    const size = (symbol: string): number => exchange.market.quoteOf(symbol)?.bidSize ?? 0;
    expect(average(near, size)).toBeGreaterThan(2 * average(puts('HD', '2026-02-20', 0.95, 1.0), size));
    const volume = (symbol: string): number => exchange.market.look(symbol)?.volume ?? 0;
    const noon = average(near, volume);
    expect(noon).toBeGreaterThan(0);
    runToTime(exchange, START, '15:45');
    expect(average(near, volume)).toBeGreaterThan(1.3 * noon);
  });

  it('wider in the first minutes and in the last ones', () => {
    const next = '2026-01-06';
    const symbols = [...puts('AAPL', '2026-02-20', 0.94, 1.0), ...puts('JPM', '2026-02-20', 0.94, 1.0)];
    const at = (time: string): number => {
      runToTime(exchange, next, time);
      return mean(symbols.map(relativeWidth));
    };
    const first = at('09:31');
    const middle = at('12:00');
    const last = at('15:59');
    expect(first).toBeGreaterThan(1.5 * middle);
    expect(last).toBeGreaterThan(1.3 * middle);
  });

  it('on a surface with a term structure that follows the regime: up in calm markets, inverted after a shock', () => {
    const slope = (seed: number, jumpsPerYear: number) => {
      const market = createExchange({ seed, start: START, settings: { market: { historySessions: 120, jumpsPerYear } } }).market;
      const chain = market.chainSnapshot('SPY', { minDaysToExpiration: 10, maxDaysToExpiration: 200, strikesWithin: 0.02 });
      const at = (index: number): number => {
        const slice = chain?.slices.at(index);
        const strike = slice?.strikes.findIndex((value) => value >= (chain?.spot.bid ?? 0)) ?? 0;
        return slice?.puts.vendorIv[strike] ?? Number.NaN;
      };
      return { near: at(0), far: at(-1) };
    };
    const seeds = Array.from({ length: 12 }, (_, i) => slope(i + 1, 3)).filter(({ near, far }) => near > 0 && far > 0);
    const calm = seeds.filter(({ near }) => near < 0.15);
    const stormy = seeds.filter(({ near }) => near > 0.24);
    expect(calm.length).toBeGreaterThan(0);
    for (const { near, far } of calm) expect(far).toBeGreaterThan(near);
    for (const { near, far } of stormy) expect(far).toBeLessThan(near);
  });
});
