import { describe, expect, it } from 'vitest';
import { black76 } from '#domain/pricing/blackScholes';
import { isoDate } from '#domain/units';
import { call, put, stock } from '#support/legs';
import { ownGreeks, quoteVolatility } from '../../src-main/host/chainViews.ts';
import { closeOf, valueNow, yearsOf } from '../../src-main/host/valueNow.ts';

const expiration = isoDate('2026-03-20');
const now = closeOf(isoDate('2026-01-20'));
const years = yearsOf(put(95, -1, { expiration }), now);
/** The forward stands a dollar under the carried price: a dividend is on its way. */
const terms = { spot: 100, forward: 99.4, rate: 0.04, years };
const discount = Math.exp(-terms.rate * years);

const quoted = (right: 'call' | 'put', strike: number, volatility: number) => {
  const mid = black76({ right, forward: terms.forward, strike, years, discount, volatility });
  const own = quoteVolatility({ right, strike, bid: mid - 0.03, ask: mid + 0.03, ...terms });
  if (own?.kind !== 'volatility') throw new Error('a sound quote implies a volatility');
  return { mid, greeks: ownGreeks({ right, strike, volatility: own.mid, ...terms }) };
};

describe('an option as quoted', () => {
  it('says by kind why it implies no volatility', () => {
    const kind = (bid: number | null, ask: number | null, strike = 95) =>
      quoteVolatility({ right: 'put', strike, bid, ask, ...terms })?.kind;
    expect(kind(0, 0.05)).toBe('zeroBid');
    expect(kind(1.3, 1.2)).toBe('crossed');
    expect(kind(null, 1)).toBe('missing');
    expect(kind(9, 9.2, 110)).toBe('belowIntrinsic');
    expect(kind(0.5, 0.6)).toBe('volatility');
    expect(quoteVolatility({ right: 'put', strike: 95, bid: 1, ask: 1.1, ...terms, forward: null })).toBeNull();
  });

  it('a structure is worth its mids at the price of now, dividends to come or not', () => {
    const legs = [put(95, -1, { expiration }), put(90, 1, { expiration }), call(105, -1, { expiration }), stock(100)];
    const options = [quoted('put', 95, 0.24), quoted('put', 90, 0.27), quoted('call', 105, 0.2)];
    const greeks = [...options.map((option) => option.greeks), null];
    const mids = 100 * (-options[0]!.mid + options[1]!.mid - options[2]!.mid) + 100 * terms.spot;
    expect(valueNow(legs, greeks, terms.spot, terms.rate, now)).toBeCloseTo(mids, 8);
    const slope = ((valueNow(legs, greeks, 100.01, 0.04, now) ?? 0) - (valueNow(legs, greeks, 99.99, 0.04, now) ?? 0)) / 0.02;
    const delta = 100 * (1 - greeks[0]!.delta + greeks[1]!.delta - greeks[2]!.delta);
    expect(slope).toBeCloseTo(delta, 4);
  });

  it('has no value now where one of its legs has no volatility', () => {
    expect(valueNow([put(95, -1, { expiration })], [null], 100, 0.04, now)).toBeNull();
  });
});
