import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmericanChainReader, buildPremiumSurface } from '#domain/pricing/americanChain';
import { ACCURATE, priceAmericanExact } from '#domain/pricing/americanExact';
import { allocateChainGreeks, chainGreeks, logStrikes } from '#domain/pricing/chainKernel';

/** American prices of an expiry read from surfaces, next to the exact engine's. */
function bothWays(spot: number, years: number, rate: number, dividendYield: number, level: number) {
  const strikes = Float64Array.from({ length: 31 }, (_, i) => spot * (0.7 + 0.02 * i));
  const lnStrikes = logStrikes(strikes);
  const volatilities = strikes.map((k) => level * (1 - 0.5 * Math.log(k / spot)));
  const terms = { spot, forward: spot * Math.exp((rate - dividendYield) * years), discount: Math.exp(-rate * years), years };
  const european = allocateChainGreeks(31);
  chainGreeks(terms, strikes, lnStrikes, volatilities, european);
  const range = {
    rate,
    dividendYield,
    years,
    lowestVolatility: Math.min(...volatilities),
    highestVolatility: Math.max(...volatilities),
  };
  const calls = buildPremiumSurface({ right: 'call', ...range });
  const puts = buildPremiumSurface({ right: 'put', ...range });
  const out = { callPrice: new Float64Array(31), putPrice: new Float64Array(31) };
  new AmericanChainReader().price(terms, strikes, lnStrikes, volatilities, european, calls, puts, out);
  const exact = (right: 'call' | 'put') =>
    strikes.map((strike, i) =>
      priceAmericanExact({ right, spot, strike, years, rate, dividendYield, volatility: volatilities[i]! }, ACCURATE),
    );
  return { strikes, out, exact, european };
}

describe('an American expiry read from premium surfaces', () => {
  it('is within 5e-6 of the strike of the exact engine, calls and puts', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 500, noNaN: true }),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        fc.double({ min: 0.001, max: 0.08, noNaN: true }),
        fc.double({ min: 0, max: 0.06, noNaN: true }),
        fc.double({ min: 0.1, max: 0.8, noNaN: true }),
        (spot, years, rate, dividendYield, level) => {
          const { strikes, out, exact } = bothWays(spot, years, rate, dividendYield, level);
          for (const [column, right] of [
            [out.callPrice, 'call'],
            [out.putPrice, 'put'],
          ] as const) {
            for (const [i, price] of exact(right).entries()) {
              expect(Math.abs(column[i]! - price) / strikes[i]!, `${right} ${strikes[i]!}`).toBeLessThan(5e-6);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });
  it('leaves calls without a dividend at their European price and deep puts at exercise value', () => {
    const { strikes, out, european } = bothWays(100, 0.5, 0.05, 0, 0.2);
    expect([...out.callPrice]).toEqual([...european.callPrice]);
    expect(out.putPrice[30]).toBeCloseTo(strikes[30]! - 100, 12);
    expect(european.putPrice[30]).toBeLessThan(strikes[30]! - 100);
  });
  it('never falls below exercise value', () => {
    const { strikes, out } = bothWays(100, 1, 0.06, 0.05, 0.3);
    for (const [i, strike] of strikes.entries()) {
      expect(out.putPrice[i]).toBeGreaterThanOrEqual(strike - 100);
      expect(out.callPrice[i]).toBeGreaterThanOrEqual(100 - strike);
    }
  });
});
