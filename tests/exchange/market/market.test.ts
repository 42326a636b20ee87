import { describe, expect, it } from 'vitest';
import { addDays, atNewYork } from '#domain/market/calendar';
import type { ChainSnapshot } from '#domain/market/chain';
import { instant, isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { hashText, mix32 } from '#exchange/hashing';
import { MarketSimulation } from '#exchange/market/simulation';
import { exchangeSettings } from '#exchange/settings';

const START = isoDate('2026-01-05');
const NEAR = { minDaysToExpiration: 5, maxDaysToExpiration: 60, strikesWithin: 0.15 };

/** Hashes the whole market at ten-minute steps of a day: every underlying's spot and every quote of two chains. */
function tapeHash(exchange: Exchange, look: (exchange: Exchange) => void = () => {}): number {
  let hash = 0;
  const absorb = (value: number) => {
    hash = mix32(hash, hashText(String(value)));
  };
  for (let minutes = 0; minutes <= 420; minutes += 10) {
    exchange.advanceTo(instant(atNewYork(START, '09:30') + minutes * 60_000));
    look(exchange);
    for (const { symbol } of exchange.market.underlyings) absorb(exchange.market.quoteOf(symbol)?.bid ?? -1);
    for (const symbol of ['SPY', 'CAT']) {
      for (const slice of exchange.market.chainSnapshot(symbol, NEAR)?.slices ?? []) {
        for (const column of [slice.calls.bid, slice.puts.ask, slice.puts.vendorIv, slice.calls.quoteAt]) {
          for (const value of column) absorb(value);
        }
      }
    }
  }
  return hash;
}

describe('the simulated market', () => {
  it('gives the same tape for the same seed, whoever looks in between, and another for another seed', () => {
    const looking = (exchange: Exchange) => {
      for (const symbol of ['NVDA', 'KO']) exchange.market.chainSnapshot(symbol, NEAR);
      exchange.market.look('SPY260116P00650000');
    };
    const first = tapeHash(createExchange({ seed: 7, start: START }));
    expect(tapeHash(createExchange({ seed: 7, start: START }), looking)).toBe(first);
    expect(tapeHash(createExchange({ seed: 8, start: START }))).not.toBe(first);
  });

  it('advances in one stride or in many to the same prices', () => {
    const at = atNewYork(isoDate('2026-01-06'), '11:17');
    const one = createExchange({ seed: 3, start: START });
    one.advanceTo(at);
    const many = createExchange({ seed: 3, start: START });
    while (many.now() < at) many.advanceTo(instant(Math.min(at, many.now() + 7_777)));
    expect(many.market.quoteOf('NVDA')).toEqual(one.market.quoteOf('NVDA'));
    expect(many.market.todaysBar('SPY')).toEqual(one.market.todaysBar('SPY'));
  });

  it('lists at least sixteen underlyings in six sectors with a year of history and sensible volatilities', () => {
    const { market } = createExchange({ seed: 7, start: START });
    expect(market.underlyings.length).toBeGreaterThanOrEqual(16);
    expect(new Set(market.underlyings.map(({ sector }) => sector)).size).toBeGreaterThanOrEqual(7);
    for (const { symbol } of market.underlyings) {
      const history = market.historyOf(symbol, 252);
      expect(history?.bars).toHaveLength(252);
      for (const bar of history?.bars ?? []) {
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close));
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close));
        expect(bar.volume).toBeGreaterThan(0);
      }
      for (const { volatility } of market.impliedVolatilityHistory(symbol, 252)) {
        expect(volatility).toBeGreaterThan(0.06);
        expect(volatility).toBeLessThan(2);
      }
    }
    expect(market.historyOf('AAPL', 30)?.earnings.length).toBeGreaterThanOrEqual(12);
    expect(market.historyOf('KO', 30)?.dividends.map(({ exDate }) => exDate.slice(0, 7))).toContain('2026-03');
  });

  it('trades most at the open and the close, least at lunch', () => {
    const exchange = createExchange({ seed: 5, start: START });
    exchange.advanceTo(atNewYork(START, '16:00'));
    const volume = (from: string, to: string) =>
      exchange.market.minuteBars('SPY', atNewYork(START, from), atNewYork(START, to)).reduce((sum, bar) => sum + bar.volume, 0);
    const lunch = volume('12:30', '13:00');
    expect(volume('09:30', '10:00')).toBeGreaterThan(2 * lunch);
    expect(volume('15:30', '16:00')).toBeGreaterThan(1.2 * lunch);
    expect(exchange.market.minuteBars('SPY', atNewYork(START, '09:30'), atNewYork(START, '16:00'))).toHaveLength(390);
  });

  it('carries the asked-for premium of implied over realised volatility, zero and negative too', () => {
    for (const premium of [0.12, 0, -0.1]) {
      let implied = 0;
      let realised = 0;
      for (let seed = 1; seed <= 8; seed += 1) {
        const settings = exchangeSettings.parse({ market: { volatilityPremium: premium } }).market;
        for (const { bars, atmHistory } of new MarketSimulation(seed, START, settings).states) {
          for (let t = 0; t + 21 < bars.length; t += 21) {
            // Each name counts alike: variances relative to the name's own level.
            const level = (atmHistory[0]?.volatility ?? 1) ** 2;
            implied += (atmHistory[t]?.volatility ?? 0) ** 2 / level;
            for (let day = t + 1; day <= t + 21; day += 1) {
              const move = Math.log((bars[day]?.close ?? 1) / (bars[day - 1]?.close ?? 1));
              realised += (move * move * 12) / level;
            }
          }
        }
      }
      expect(Math.sqrt(implied / realised)).toBeGreaterThan(1 + premium - 0.05);
      expect(Math.sqrt(implied / realised)).toBeLessThan(1 + premium + 0.05);
    }
  });
});

describe('a generated chain', () => {
  const exchange = createExchange({ seed: 11, start: START });
  exchange.advanceTo(atNewYork(isoDate('2026-01-07'), '11:00'));
  const chains: ChainSnapshot[] = exchange.market.underlyings.map(({ symbol }) => {
    const chain = exchange.market.chainSnapshot(symbol, { minDaysToExpiration: 1, maxDaysToExpiration: 400, strikesWithin: 0.3 });
    if (!chain) throw new Error(`no chain for ${symbol}`);
    return chain;
  });

  it('is quoted two-sided on its ticks, bid never below zero nor above ask', () => {
    let contracts = 0;
    for (const chain of chains) {
      for (const slice of chain.slices) {
        for (const side of [slice.calls, slice.puts]) {
          for (const [i, bid] of side.bid.entries()) {
            const ask = side.ask[i] ?? 0;
            contracts += 1;
            expect(bid).toBeGreaterThanOrEqual(0);
            expect(ask).toBeGreaterThan(bid);
            const tick = slice.pennyProgram ? 0.01 : 0.05;
            expect(Math.abs(bid / tick - Math.round(bid / tick))).toBeLessThan(1e-6);
            expect(side.quoteAt[i]).toBeLessThanOrEqual(exchange.now());
            expect(side.quoteAt[i]).toBeGreaterThan(exchange.now() - 10_000);
          }
        }
      }
    }
    expect(contracts).toBeGreaterThan(5_000);
  });

  it('leaves no vertical, butterfly or conversion that pays at the quotes', () => {
    const rate = exchange.market.riskFreeRate;
    for (const chain of chains) {
      for (const { strikes, calls, puts, expiration, expiresAt } of chain.slices) {
        const years = (expiresAt - exchange.now()) / (365 * 86_400_000);
        const about = `${chain.underlying} ${expiration}`;
        for (let i = 0; i + 1 < strikes.length; i += 1) {
          const [k1 = 0, k2 = 0] = [strikes[i], strikes[i + 1]];
          // Buying the dearer-by-right option costs at least what the cheaper one brings.
          expect(calls.ask[i]! - calls.bid[i + 1]!, about).toBeGreaterThanOrEqual(0);
          expect(puts.ask[i + 1]! - puts.bid[i]!, about).toBeGreaterThanOrEqual(0);
          // Selling a vertical never brings more than its width.
          expect(calls.bid[i]! - calls.ask[i + 1]!, about).toBeLessThanOrEqual(k2 - k1 + 1e-9);
          expect(puts.bid[i + 1]! - puts.ask[i]!, about).toBeLessThanOrEqual(k2 - k1 + 1e-9);
          if (i + 2 >= strikes.length) continue;
          const k3 = strikes[i + 2]!;
          const low = (k3 - k2) / (k3 - k1);
          for (const side of [calls, puts]) {
            const wings = low * side.ask[i]! + (1 - low) * side.ask[i + 2]!;
            expect(wings - side.bid[i + 1]!, about).toBeGreaterThanOrEqual(-1e-9);
          }
        }
        for (let i = 0; i < strikes.length; i += 1) {
          // American parity bounds: S - K <= C - P plus dividends, C - P <= S - K e^(-rT).
          const above = calls.bid[i]! - puts.ask[i]! - (chain.spot.ask - strikes[i]! * Math.exp(-rate * years));
          expect(above, `${about} ${strikes[i]}`).toBeLessThanOrEqual(1e-9);
        }
      }
    }
  });

  it('shows a contract alone as it shows it in the chain', () => {
    for (const chain of chains.slice(0, 6)) {
      const slice = chain.slices[1];
      for (const [i, symbol] of (slice?.puts.symbols ?? []).entries()) {
        const quote = exchange.market.quoteOf(symbol);
        expect([quote?.bid, quote?.ask, quote?.at]).toEqual([slice?.puts.bid[i], slice?.puts.ask[i], slice?.puts.quoteAt[i]]);
        expect(exchange.market.contractOf(symbol)?.strike).toBe(slice?.strikes[i]);
      }
    }
  });

  it('shows skew: an index put far out of the money has the higher volatility, a volatility product the other way', () => {
    const smile = (symbol: string, moneyness: number) => {
      const chain = chains.find(({ underlying }) => underlying === symbol);
      const slice = chain?.slices.find(({ expiration }) => expiration >= addDays(START, 25));
      const wanted = (chain?.spot.bid ?? 0) * moneyness;
      const index = slice?.strikes.findIndex((strike) => strike >= wanted) ?? 0;
      return (moneyness < 1 ? slice?.puts : slice?.calls)?.vendorIv[index] ?? 0;
    };
    expect(smile('SPY', 0.92)).toBeGreaterThan(smile('SPY', 1.0) + 0.03);
    expect(smile('VXX', 1.15)).toBeGreaterThan(smile('VXX', 1.0));
  });

  it('is wider far from the money, in thin classes, and in the first minute', () => {
    const width = (symbol: string) => {
      const chain = chains.find(({ underlying }) => underlying === symbol);
      const slice = chain?.slices.find(({ expiration }) => expiration >= addDays(START, 25));
      const index = slice?.strikes.findIndex((strike) => strike >= (chain?.spot.bid ?? 0)) ?? 0;
      const bid = slice?.puts.bid[index] ?? 0;
      return ((slice?.puts.ask[index] ?? 0) - bid) / bid;
    };
    expect(width('CAT')).toBeGreaterThan(2 * width('SPY'));
    const morning = createExchange({ seed: 11, start: START });
    const spread = () => {
      const quote = morning.market.quoteOf('AAPL260220P00260000');
      return (quote?.ask ?? 0) - (quote?.bid ?? 0);
    };
    morning.advanceTo(atNewYork(START, '09:30'));
    const atOpen = spread();
    morning.advanceTo(atNewYork(START, '12:00'));
    expect(atOpen).toBeGreaterThan(1.5 * spread());
  });

  it('lifts implied volatility before earnings and lets it fall after', () => {
    const bank = createExchange({ seed: 4, start: START });
    const report = bank.market.historyOf('JPM', 1)?.earnings.find(({ date }) => date > START);
    expect(report?.timing).toBe('beforeOpen');
    const near = (at: ReturnType<typeof atNewYork>) => {
      while (bank.now() < at) bank.advanceTo(at);
      const chain = bank.market.chainSnapshot('JPM', { minDaysToExpiration: 3, maxDaysToExpiration: 14, strikesWithin: 0.05 });
      const slice = chain?.slices[0];
      const index = slice?.strikes.findIndex((strike) => strike >= (chain?.spot.bid ?? 0)) ?? 0;
      return slice?.calls.vendorIv[index] ?? 0;
    };
    const date = report?.date ?? START;
    const before = near(atNewYork(addDays(date, -1), '15:00'));
    const after = near(atNewYork(date, '15:00'));
    expect(before).toBeGreaterThan(after * 1.15);
  });
});
