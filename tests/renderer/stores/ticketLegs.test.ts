import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToLeg, flipped, MAX_LEGS, ratioOf, type TicketLeg, withoutLeg } from '../../../src-renderer/stores/ticketLegs.ts';

describe('legs of the owner’s ticket', () => {
  it('a press on the bid of the 525 put and the ask of the 520 put makes a sold put spread', () => {
    const sold = addToLeg([], 'SPY261218P00525000', -1);
    expect(addToLeg(sold, 'SPY261218P00520000', 1)).toEqual([
      { symbol: 'SPY261218P00525000', ratio: -1 },
      { symbol: 'SPY261218P00520000', ratio: 1 },
    ]);
  });

  it('a press on the other side takes a leg out again, a second press on the same side doubles it', () => {
    const one: readonly TicketLeg[] = [{ symbol: 'A', ratio: -1 }];
    expect(addToLeg(one, 'A', 1)).toEqual([]);
    expect(addToLeg(one, 'A', -1)).toEqual([{ symbol: 'A', ratio: -2 }]);
    expect(withoutLeg(one, 'A')).toEqual([]);
  });

  it('never holds more than four legs, never a leg of ratio zero, never a symbol twice', () => {
    const press = fc.record({ symbol: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), by: fc.constantFrom(1, -1) });
    fc.assert(
      fc.property(fc.array(press, { maxLength: 40 }), (presses) => {
        const legs = presses.reduce<readonly TicketLeg[]>((before, { symbol, by }) => addToLeg(before, symbol, by), []);
        expect(legs.length).toBeLessThanOrEqual(MAX_LEGS);
        expect(legs.every((leg) => leg.ratio !== 0)).toBe(true);
        expect(new Set(legs.map((leg) => leg.symbol)).size).toBe(legs.length);
        expect(flipped(flipped(legs))).toEqual(legs);
        for (const leg of legs) expect(ratioOf(flipped(legs), leg.symbol)).toBe(-leg.ratio);
      }),
    );
  });
});
