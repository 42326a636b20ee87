import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uncoveredShortContracts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import { closingStages } from '#engine/positions/close';
import { anyLegs } from '#support/arbitraryLegs';
import { call, put, stock } from '#support/legs';

const ALPACA = { requiresCoverInsideOrder: true, maxLegs: 4 };
const LATER = { expiration: '2027-01-15' };

const keyOf = (leg: Leg): string => (leg.kind === 'option' ? leg.contract.symbol : leg.underlying);
const sizeOf = (leg: Leg): number => (leg.kind === 'option' ? leg.ratio : leg.shares);
const sized = (leg: Leg, size: number): Leg => (leg.kind === 'option' ? { ...leg, ratio: size } : { ...leg, shares: size });
const undone = (held: readonly Leg[]): Leg[] => held.map((leg) => sized(leg, -sizeOf(leg) || 0));
const words = (held: readonly Leg[], broker = ALPACA) =>
  closingStages(undone(held), { units: 1 }, 1, broker).map(({ legs, contracts }) =>
    legs.map((leg) => `${sizeOf(leg) > 0 ? 'buy' : 'sell'} ${contracts * Math.abs(sizeOf(leg))} ${keyOf(leg)}`).join(' + '),
  );

/** What is held after each unit of each order, in the order of the plan. */
function* steps(held: readonly Leg[], broker = ALPACA): Generator<Leg[]> {
  const now = new Map(held.map((leg) => [keyOf(leg), leg]));
  for (const stage of closingStages(undone(held), { units: 1 }, 1, broker)) {
    for (let unit = 0; unit < stage.contracts; unit += 1) {
      for (const leg of stage.legs) {
        const before = now.get(keyOf(leg));
        if (before) now.set(keyOf(leg), sized(before, sizeOf(before) + sizeOf(leg)));
      }
      yield [...now.values()].filter((leg) => sizeOf(leg) !== 0);
    }
  }
}

describe('the plan of a close', () => {
  it('is one whole order for what the broker takes as one: verticals, condors, butterflies', () => {
    expect(words([put(100, -2), put(95, 2)])).toEqual(['buy 2 XYZ261218P00100000 + sell 2 XYZ261218P00095000']);
    expect(words([put(95, 1), put(100, -1), call(110, -1), call(115, 1)])).toHaveLength(1);
    expect(words([put(95, 1), put(100, -2), put(105, 1)])).toHaveLength(1);
  });

  it('buys the short back first where the broker refuses one order: calendar, diagonal, strangle', () => {
    expect(words([put(100, -1), put(100, 1, LATER)])).toEqual(['buy 1 XYZ261218P00100000', 'sell 1 XYZ270115P00100000']);
    expect(words([call(105, -1), call(95, 1, LATER)])).toEqual(['buy 1 XYZ261218C00105000', 'sell 1 XYZ270115C00095000']);
    expect(words([put(95, 1), call(105, 1)])).toEqual(['sell 1 XYZ261218P00095000', 'sell 1 XYZ261218C00105000']);
    // Another broker takes the calendar as one.
    expect(words([put(100, -1), put(100, 1, LATER)], { ...ALPACA, requiresCoverInsideOrder: false })).toHaveLength(1);
  });

  it('buys the call back before the shares that cover it are sold', () => {
    expect(words([stock(100), call(105, -1)])).toEqual(['buy 1 XYZ261218C00105000', 'sell 100 XYZ']);
  });

  it('never sends more legs than the broker takes', () => {
    const six = [put(90, 1), put(95, -1), put(100, -1), put(105, 1), call(110, -1), call(115, 1)];
    expect(words(six)).toHaveLength(6);
    expect(words(six)[0]).toBe('buy 1 XYZ261218P00095000');
  });

  it('never leaves more uncovered than before, not after any unit of any order, and ends flat by orders that the broker takes', () => {
    fc.assert(
      fc.property(anyLegs(3), (legs) => {
        // One leg a contract, as a position holds them; shares are long.
        const held = [
          ...new Map(legs.map((leg) => [keyOf(leg), leg.kind === 'stock' ? sized(leg, Math.abs(leg.shares)) : leg])).values(),
        ];
        let uncovered = uncoveredShortContracts(held);
        let last: readonly Leg[] = held;
        for (const after of steps(held)) {
          expect(uncoveredShortContracts(after)).toBeLessThanOrEqual(uncovered);
          uncovered = uncoveredShortContracts(after);
          last = after;
        }
        expect(last).toEqual([]);
        for (const { legs: ordered } of closingStages(undone(held), { units: 1 }, 1, ALPACA)) {
          expect(ordered.length).toBeLessThanOrEqual(4);
          if (ordered.length > 1) expect(uncoveredShortContracts(ordered)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
