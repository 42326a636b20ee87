import { describe, expect, it } from 'vitest';
import { atNewYork, yearsToExpiration } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import { occSymbol } from '#domain/market/instrument';
import { priceEuropean } from '#domain/pricing/blackScholes';
import { isoDate, plusMs } from '#domain/units';
import { scanMarket } from '#engine/scanner/scan';
import { theoreticalPrice } from '#engine/scanner/theory';
import { chainOf } from '#support/putChain';
import { contract } from '../risk/example.ts';
import { EmbeddedMarket } from './embeddedMarket.ts';

const NOW = atNewYork(isoDate('2026-03-10'), '11:00');
const EXPIRATION = isoDate('2026-04-17');
const spot = (mid: number) => ({ bid: mid - 0.01, ask: mid + 0.01, bidSize: 1, askSize: 1, at: NOW });

/** XYZ at 100 with 30 % at every strike from 75 to 115, as a scan sees it; `change` spoils the chain before. */
function looked(change: (chain: ReturnType<typeof chainOf>) => void = () => {}) {
  const embedded = new EmbeddedMarket(7);
  embedded.open();
  embedded.walkTo(60);
  const chain = chainOf(NOW, 100, [{ expiration: EXPIRATION, volatility: 0.3 }]);
  change(chain);
  return scanMarket({ ...embedded.scanInput(), now: NOW, today: isoDate('2026-03-10'), chains: [chain], histories: new Map() })
    .market;
}
const model = (
  right: 'call' | 'put',
  strike: number,
  at: number,
  years = yearsToExpiration(NOW, atNewYork(EXPIRATION, '16:00')),
) => priceEuropean({ right, spot: at, strike, years, rate: 0.04, dividendYield: 0, volatility: 0.3 });

describe('our own theoretical price', () => {
  it('is the model’s to a cent where the neighbours are quoted by it, now and two dollars lower ten seconds on', () => {
    const market = looked();
    for (const right of ['call', 'put'] as const) {
      expect(theoreticalPrice(contract(right, 95), market, spot(100), NOW, 300)).toBeCloseTo(model(right, 95, 100), 1);
      expect(theoreticalPrice(contract(right, 95), market, spot(98), plusMs(NOW, 10_000), 300)).toBeCloseTo(
        model(right, 95, 98),
        1,
      );
    }
  });

  it('does not listen to the contract’s own quote: three dollars for a put of 1.66 move it by less than ten cents, through the forward', () => {
    const market = looked(({ slices: [slice] }) => {
      if (!slice) throw new Error('no expiration');
      const index = slice.strikes.indexOf(95);
      slice.puts.bid[index] = 2.99;
      slice.puts.ask[index] = 3.01;
    });
    const price = theoreticalPrice(contract('put', 95), market, spot(100), NOW, 300);
    expect(Math.abs((price ?? 9) - model('put', 95, 100))).toBeLessThan(0.1);
  });

  it('is silent without a look, after five minutes, without a spot, outside the chain and at its edge', () => {
    const market = looked();
    const put = contract('put', 95);
    expect(theoreticalPrice(put, null, spot(100), NOW, 300)).toBeNull();
    expect(theoreticalPrice(put, market, spot(100), plusMs(NOW, 300_000), 300)).not.toBeNull();
    expect(theoreticalPrice(put, market, spot(100), plusMs(NOW, 300_001), 300)).toBeNull();
    expect(theoreticalPrice(put, market, null, NOW, 300)).toBeNull();
    expect(theoreticalPrice(contract('put', 95, isoDate('2026-06-19')), market, spot(100), NOW, 300)).toBeNull();
    expect(
      theoreticalPrice({ ...put, underlying: 'ABC', symbol: occSymbol({ ...put, root: 'ABC' }) }, market, spot(100), NOW, 300),
    ).toBeNull();
    expect(theoreticalPrice(contract('call', 140), market, spot(100), NOW, 300)).toBeNull();
    expect(theoreticalPrice(contract('put', 50), market, spot(100), NOW, 300)).toBeNull();
  });

  it('of an adjusted contract is none: its neighbours of the same day are another thing', () => {
    const put = contract('put', 95);
    const adjusted = { ...put, root: 'XYZ1', symbol: occSymbol({ ...put, root: 'XYZ1' }) };
    expect(theoreticalPrice(adjusted, looked(), spot(100), NOW, 300)).toBeNull();
  });

  it('on the embedded exchange stands within a quarter of its price and its bid/ask of every liquid mid', () => {
    const embedded = new EmbeddedMarket(11);
    embedded.open();
    embedded.walkTo(120);
    const input = embedded.scanInput();
    const { market } = scanMarket(input);
    let compared = 0;
    for (const view of market.underlyings)
      for (const { slice } of view.expirations.slice(0, 4))
        for (const [right, side] of [
          ['call', slice.calls],
          ['put', slice.puts],
        ] as const)
          side.symbols.forEach((symbol) => {
            const quote = embedded.desk.quoteOf(symbol);
            const listed = embedded.desk.contractOf(symbol);
            if (!quote || !listed || listed.right !== right || midOf(quote) < 0.5) return;
            const price = theoreticalPrice(listed, market, embedded.desk.quoteOf(view.underlying), input.now, 300);
            if (price === null) return;
            compared += 1;
            expect(Math.abs(price - midOf(quote)), symbol).toBeLessThanOrEqual(0.25 * price + (quote.ask - quote.bid) + 0.1);
          });
    expect(compared).toBeGreaterThan(500);
  });
});
