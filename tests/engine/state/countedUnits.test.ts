import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CountedUnits, uncounted, withCounted } from '#engine/state/countedUnits';

const MOST = 40;
const places = (counted: readonly CountedUnits[]): number[] =>
  counted.flatMap(({ after, upTo }) => Array.from({ length: upTo - after }, (_, index) => after + 1 + index));

describe('the places of an order’s count', () => {
  it('81 as a total, the last 14 of 100: five are missing between them, and none within the 81', () => {
    const counted = withCounted(withCounted([], 81, 81), 100, 14);
    expect(counted).toEqual([
      { after: 0, upTo: 81 },
      { after: 86, upTo: 100 },
    ]);
    expect(uncounted(counted, 76, 81)).toBe(0);
    expect(uncounted(counted, 81, 86)).toBe(5);
    expect(withCounted(counted, 86, 5)).toEqual([{ after: 0, upTo: 100 }]);
  });

  it('are each booked once, sorted and without overlap, whatever is told in whatever order', () => {
    const told = fc.record({ upTo: fc.integer({ min: 1, max: MOST }), size: fc.integer({ min: 1, max: MOST }) });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (all) => {
        let counted: readonly CountedUnits[] = [];
        const booked = new Set<number>();
        for (const { upTo, size } of all) {
          const after = Math.max(0, upTo - size);
          const free = Array.from({ length: upTo - after }, (_, index) => after + 1 + index).filter(
            (place) => !booked.has(place),
          );
          expect(uncounted(counted, after, upTo)).toBe(free.length);
          counted = withCounted(counted, upTo, free.length);
          for (const place of free) booked.add(place);
          expect(places(counted)).toEqual([...booked].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('of an execution without a count are the lowest free ones', () => {
    expect(withCounted([{ after: 2, upTo: 4 }], 0, 3)).toEqual([{ after: 0, upTo: 5 }]);
  });
});
