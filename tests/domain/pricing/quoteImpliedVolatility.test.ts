import { describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { impliedVolatilityChain } from '#domain/pricing/chainKernel';
import { typescriptChain } from '#domain/pricing/chainWork';
import { QUOTE_IV_STATUS, quoteImpliedVolatility, quoteImpliedVolatilityChain } from '#domain/pricing/quoteImpliedVolatility';

const terms = { right: 'put' as const, forward: 100, strike: 95, years: 0.25, discount: 0.99 };

describe('the volatility of a quote', () => {
  it('is that of bid, mid and ask', () => {
    const at = (volatility: number) => black76({ ...terms, volatility });
    const got = quoteImpliedVolatility(terms, at(0.2), at(0.22));
    expect(got.kind).toBe('volatility');
    if (got.kind !== 'volatility') return;
    expect(got.bid).toBeCloseTo(0.2, 12);
    expect(got.ask).toBeCloseTo(0.22, 12);
    expect(got.mid).toBeGreaterThan(0.2);
    expect(got.mid).toBeLessThan(0.22);
  });
  it('is missing by kind: crossed, without a bid, not there, below intrinsic, above what it can be worth, expired', () => {
    const kind = (bid: number | null, ask: number | null, change = {}) =>
      quoteImpliedVolatility({ ...terms, ...change }, bid, ask).kind;
    expect(kind(1.3, 1.2)).toBe('crossed');
    expect(kind(0, 0.05)).toBe('zeroBid');
    expect(kind(null, 1)).toBe('missing');
    expect(kind(1, Number.NaN)).toBe('missing');
    expect(kind(-1, 1)).toBe('missing');
    expect(kind(4, 4.2, { strike: 105 })).toBe('belowIntrinsic');
    expect(kind(94, 96)).toBe('aboveMaximum');
    expect(kind(1, 1.2, { years: 0 })).toBe('expired');
  });
  it('has no bid volatility where only the mid stands above intrinsic value', () => {
    const got = quoteImpliedVolatility({ ...terms, strike: 105 }, 4.9, 5.2);
    expect(got).toMatchObject({ kind: 'volatility', bid: null });
  });
});

describe('a chain of quotes', () => {
  const strikes = Float64Array.of(90, 95, 100, 105, 110, 115);
  const price = (right: 'call' | 'put') => strikes.map((strike) => black76({ ...terms, right, strike, volatility: 0.25 }));
  const shifted = (column: Float64Array, by: number) => column.map((value) => value + by);
  const quotes = () => ({
    strikes,
    callBid: shifted(price('call'), -0.01),
    callAsk: shifted(price('call'), 0.01),
    putBid: shifted(price('put'), -0.01),
    putAsk: shifted(price('put'), 0.01),
  });
  const solve = (columns: ReturnType<typeof quotes>) => {
    const work = typescriptChain(6);
    const { volatilities, status } = work;
    volatilities.fill(Number.NaN);
    const found = quoteImpliedVolatilityChain(work, terms, columns);
    return { found, volatilities, kinds: Array.from(status, (code) => QUOTE_IV_STATUS[code]) };
  };
  it('is solved from its mids, the same numbers as from the mids themselves', () => {
    const { found, volatilities, kinds } = solve(quotes());
    expect(found).toBe(6);
    expect(new Set(kinds)).toEqual(new Set(['volatility']));
    const own = new Float64Array(6);
    impliedVolatilityChain(terms, strikes, price('call'), price('put'), own, new Uint8Array(6));
    for (const [i, value] of own.entries()) expect(Math.abs(value - volatilities[i]!)).toBeLessThan(1e-9);
  });
  it('takes the other side by parity where one is unsound, and names what is wrong where both are', () => {
    const columns = quotes();
    columns.putBid[0] = 0;
    columns.callBid[4] = columns.callAsk[4]! + 0.2;
    columns.callBid[5] = 0;
    columns.putBid[5] = Number.NaN;
    columns.putAsk[1] = Number.NaN;
    columns.callBid[1] = Number.NaN;
    const { found, volatilities, kinds } = solve(columns);
    expect(kinds).toEqual(['volatility', 'missing', 'volatility', 'volatility', 'volatility', 'zeroBid']);
    expect(found).toBe(4);
    expect(volatilities[0]).toBeCloseTo(0.25, 6);
    expect(volatilities[4]).toBeCloseTo(0.25, 6);
    expect([volatilities[1], volatilities[5]]).toEqual([0, 0]);
    columns.putBid[4] = columns.putAsk[4]! + 1;
    expect(solve(columns).kinds[4]).toBe('crossed');
  });
});
