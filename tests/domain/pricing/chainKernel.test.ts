import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greeksEuropean } from '#domain/pricing/blackScholes';
import {
  allocateChainGreeks,
  CHAIN_IV_STATUS,
  chainGreeks,
  chainGreeksBytes,
  chainGreeksOn,
  impliedVolatilityChain,
  logStrikes,
} from '#domain/pricing/chainKernel';

const expiry = fc.record({
  spot: fc.double({ min: 20, max: 600, noNaN: true }),
  years: fc.double({ min: 0.002, max: 2.5, noNaN: true }),
  rate: fc.double({ min: -0.01, max: 0.1, noNaN: true }),
  dividendYield: fc.double({ min: -0.01, max: 0.06, noNaN: true }),
  base: fc.double({ min: 0.06, max: 1.2, noNaN: true }),
});

describe('the chain kernel', () => {
  it('gives every strike what the scalar formula gives, calls and puts', () => {
    fc.assert(
      fc.property(expiry, ({ spot, years, rate, dividendYield, base }) => {
        const strikes = Float64Array.from({ length: 41 }, (_, i) => spot * (0.5 + 0.025 * i));
        const volatilities = strikes.map((k) => base * (1 + 0.3 * (k / spot - 1) ** 2));
        const out = allocateChainGreeks(strikes.length);
        const terms = {
          spot,
          forward: spot * Math.exp((rate - dividendYield) * years),
          discount: Math.exp(-rate * years),
          years,
        };
        chainGreeks(terms, strikes, logStrikes(strikes), volatilities, out);
        strikes.forEach((strike, i) => {
          const input = { spot, strike, years, rate, dividendYield, volatility: volatilities[i]! };
          const call = greeksEuropean({ ...input, right: 'call' });
          const put = greeksEuropean({ ...input, right: 'put' });
          const near = (got: number, want: number, what: string) =>
            expect(Math.abs(got - want), `${what} at ${strike}`).toBeLessThan(2e-12 * Math.max(1, spot, Math.abs(want)));
          near(out.callPrice[i]!, call.price, 'call');
          near(out.putPrice[i]!, put.price, 'put');
          near(out.callDelta[i]!, call.delta, 'call delta');
          near(out.putDelta[i]!, put.delta, 'put delta');
          near(out.gamma[i]!, call.gamma, 'gamma');
          near(out.callThetaPerDay[i]!, call.thetaPerDay, 'call theta');
          near(out.putThetaPerDay[i]!, put.thetaPerDay, 'put theta');
          near(out.vegaPerPoint[i]!, call.vegaPerPoint, 'vega');
          near(out.callRhoPerPoint[i]!, call.rhoPerPoint, 'call rho');
          near(out.putRhoPerPoint[i]!, put.rhoPerPoint, 'put rho');
        });
      }),
      { numRuns: 50 },
    );
  });
  it('writes into shared memory and leaves strikes without a volatility at intrinsic value', () => {
    const strikes = Float64Array.of(90, 100, 110);
    const out = chainGreeksOn(new SharedArrayBuffer(chainGreeksBytes(3)), 0, 3);
    chainGreeks(
      { spot: 100, forward: 100, discount: 1, years: 0.1 },
      strikes,
      logStrikes(strikes),
      Float64Array.of(0.2, 0, Number.NaN),
      out,
    );
    expect(out.callPrice[0]).toBeGreaterThan(10);
    expect([out.callPrice[1], out.putPrice[1], out.gamma[1]]).toEqual([0, 0, 0]);
    expect([out.callPrice[2], out.putPrice[2], out.putDelta[2]]).toEqual([0, 10, -1]);
  });
});

describe('implied volatility of a chain', () => {
  const terms = { forward: 101, discount: 0.99, years: 0.25 };
  it('brings back the volatilities the prices were made with', () => {
    const strikes = Float64Array.from({ length: 60 }, (_, i) => 60 + 1.5 * i);
    const volatilities = strikes.map((k) => 0.2 + 0.4 * Math.log(k / 101) ** 2);
    const out = allocateChainGreeks(60);
    chainGreeks({ spot: 100, ...terms }, strikes, logStrikes(strikes), volatilities, out);
    const got = new Float64Array(60);
    const status = new Uint8Array(60);
    expect(impliedVolatilityChain(terms, strikes, out.callPrice, out.putPrice, got, status)).toBe(60);
    for (const [i, value] of got.entries()) expect(Math.abs(value - volatilities[i]!)).toBeLessThan(1e-8);
  });
  it('reports by code what has none, holds 0 there, and uses the other side when one is missing', () => {
    const strikes = Float64Array.of(90, 95, 100, 105, 110, 120);
    const calls = Float64Array.of(Number.NaN, 7.9, 3.7, 0, 200, Number.NaN);
    const puts = Float64Array.of(0.8, 0, 2.7, 7.0, 8, Number.NaN);
    const got = new Float64Array(6).fill(Number.NaN);
    const status = new Uint8Array(6);
    expect(impliedVolatilityChain(terms, strikes, calls, puts, got, status)).toBe(4);
    expect([...status].map((code) => CHAIN_IV_STATUS[code])).toEqual([
      'volatility',
      'volatility',
      'volatility',
      'volatility',
      'aboveMaximum',
      'notANumber',
    ]);
    expect([...got].every((v) => Number.isFinite(v))).toBe(true);
    expect(got[4]).toBe(0);
    impliedVolatilityChain({ ...terms, years: 0 }, strikes, calls, puts, got, status);
    expect([...status].every((code) => CHAIN_IV_STATUS[code] === 'expired')).toBe(true);
    impliedVolatilityChain({ ...terms, forward: Number.NaN }, strikes, calls, puts, got, status);
    expect([...status].every((code) => CHAIN_IV_STATUS[code] === 'notANumber')).toBe(true);
    const worthless = new Float64Array(6);
    impliedVolatilityChain(terms, strikes, worthless, worthless, got, status);
    expect(CHAIN_IV_STATUS[status[2]!]).toBe('belowIntrinsic');
  });
});
