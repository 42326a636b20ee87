import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cash,
  compact,
  decimal,
  directionOf,
  netPrice,
  percent,
  signed,
  signedCash,
  signedPercent,
  UNKNOWN,
} from '../../../src-renderer/components/format/money.ts';

describe('money as the owner reads it', () => {
  it('groups thousands, keeps cents and uses a true minus sign', () => {
    expect(cash(10_238_412)).toBe('$102,384.12');
    expect(cash(-2_310)).toBe('−$23.10');
    expect(cash(-2_310, 0)).toBe('−$23');
    expect(signedCash(31_240)).toBe('+$312.40');
    expect(signedCash(0)).toBe('$0.00');
  });

  it('never shows a negative zero after rounding', () => {
    expect(decimal(-0.004)).toBe('0.00');
    expect(signed(0.004)).toBe('0.00');
    expect(cash(-0)).toBe('$0.00');
  });

  it('names a net price by its side instead of its sign', () => {
    expect(netPrice(1.2)).toBe('1.20 credit');
    expect(netPrice(-0.35)).toBe('0.35 debit');
    expect(netPrice(0)).toBe('even');
    expect(netPrice(0.001)).toBe('even');
  });

  it('says when a number is not known, NaN included', () => {
    for (const unknown of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(decimal(unknown)).toBe(UNKNOWN);
      expect(cash(unknown)).toBe(UNKNOWN);
      expect(percent(unknown)).toBe(UNKNOWN);
      expect(netPrice(unknown)).toBe(UNKNOWN);
    }
  });

  it('writes fractions as percentages', () => {
    expect(percent(0.4567)).toBe('45.7 %');
    expect(signedPercent(-0.0129, 2)).toBe('−1.29 %');
  });

  it('shortens counts for narrow columns without rounding 999,960 into 1000.0k', () => {
    expect(compact(950)).toBe('950');
    expect(compact(12_345)).toBe('12.3k');
    expect(compact(999_960)).toBe('1.0M');
    expect(compact(150_400)).toBe('150k');
  });

  it('gives the sign that it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        const text = signedCash(cents);
        expect(text.startsWith('−')).toBe(cents < 0);
        expect(text.startsWith('+')).toBe(cents > 0);
        expect(directionOf(cents)).toBe(cents < 0 ? 'down' : cents > 0 ? 'up' : 'flat');
      }),
    );
  });

  it('loses no cent: reading the text back gives the same amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), (cents) => {
        expect(Math.round(Number(cash(cents).replace('−', '-').replaceAll(/[$,]/g, '')) * 100)).toBe(cents === 0 ? 0 : cents);
      }),
    );
  });
});
