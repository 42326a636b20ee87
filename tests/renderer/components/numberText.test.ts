import { describe, expect, it } from 'vitest';
import { boundedNumberIn, numberIn } from '../../../src-renderer/components/form/numberText.ts';

describe('numbers as an owner types them', () => {
  it.each([
    ['−0,95', -0.95],
    ['-0.95', -0.95],
    ['1,40', 1.4],
    ['2,', 2],
    [' 25 ', 25],
    ['0,005', 0.005],
    ['1.400', 1.4],
  ])('reads %s as %d', (text, value) => expect(numberIn(text)).toBe(value));

  it.each(['', '-', '1,400', '1,234,567', '1.234,5', '1 4', 'two', 'Infinity'])('does not guess at “%s”', (text) =>
    expect(numberIn(text)).toBeNull(),
  );

  it('says what a number outside its bounds must be', () => {
    const units = { min: 1, max: 5, digits: 0 };
    expect(boundedNumberIn('5', units)).toEqual({ value: 5 });
    expect(boundedNumberIn('6', units)).toEqual({ must: 'must be 1 to 5' });
    expect(boundedNumberIn('2.5', units)).toEqual({ must: 'must be a whole number' });
    expect(boundedNumberIn('1.405', { min: -10, max: 10, digits: 2 })).toEqual({ must: 'takes 2 decimals at most' });
  });
});
