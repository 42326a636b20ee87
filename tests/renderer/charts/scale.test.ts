import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faded } from '../../../src-renderer/charts/colours.ts';
import { linearScale, rangeOf, ticksOf } from '../../../src-renderer/charts/scale.ts';

describe('axes', () => {
  it('puts ticks at round values inside the range', () => {
    expect(ticksOf(0.14, 0.31, 4)).toEqual([0.15, 0.2, 0.25, 0.3]);
    expect(ticksOf(480, 620, 7)).toEqual([480, 500, 520, 540, 560, 580, 600, 620]);
    expect(ticksOf(5, 5, 4)).toEqual([]);
  });

  it('never leaves the range and never makes a flood of ticks', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (from, span, wanted) => {
          const ticks = ticksOf(from, from + span, wanted);
          expect(ticks.length).toBeLessThanOrEqual(wanted * 2 + 2);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(from - span * 1e-6);
            expect(tick).toBeLessThanOrEqual(from + span * (1 + 1e-6));
          }
        },
      ),
    );
  });

  it('maps ends to ends, upside down for a vertical axis', () => {
    const y = linearScale(0, 10, 200, 0);
    expect([y.at(0), y.at(5), y.at(10)]).toEqual([200, 100, 0]);
    expect(Number.isFinite(linearScale(3, 3, 0, 100).at(3))).toBe(true);
  });

  it('a range ignores what is not a number and gives a single value some room', () => {
    expect(rangeOf([Number.NaN])).toBeNull();
    expect(rangeOf([1, Number.NaN, 3], 0)).toEqual([1, 3]);
    const [low, high] = rangeOf([0.2]) ?? [0, 0];
    expect(low).toBeLessThan(0.2);
    expect(high).toBeGreaterThan(0.2);
  });

  it('fades a token’s colour', () => {
    expect(faded('#6aa7ff', 0.2)).toBe('rgba(106, 167, 255, 0.2)');
    expect(faded('red', 0.2)).toBe('red');
  });
});
