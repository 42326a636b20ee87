import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '#domain/portfolio/position';
import type { EngineDesk } from '#support/engineDesk';
import { onlyPosition, quietDesk, sellSpread } from './spread.ts';

/** So many spreads sold at a price, in executions of the given sizes. */
function sold(units: number, credit: number): EngineDesk {
  const desk = quietDesk({
    settings: {
      risk: { duplicateWindowSeconds: 0, maxRiskPerTradeFraction: 0.2 },
      protection: { slippageOutlierDollars: 100, slippageStopDollars: 1_000 },
    },
  });
  const outcome = sellSpread(desk, units);
  if (outcome.kind === 'refused') throw new Error(outcome.reasons.map(({ gate }) => gate).join(', '));
  desk.fills(desk.only(), units, credit);
  return desk;
}

/** Buys a part back; answers with the position as it is then. */
function buysBack(desk: EngineDesk, units: number, debit: number): Position {
  const { positionId } = onlyPosition(desk);
  const outcome = desk.command({ kind: 'closePosition', positionId, contracts: units, netLimit: null });
  if (outcome.kind === 'refused') throw new Error(outcome.message);
  desk.fills(desk.only(), units, -debit);
  const changed = desk.factsOf('PositionChanged').at(-1)?.position;
  if (!changed) throw new Error('nothing was closed');
  return changed;
}

describe('profit taken by partial closes', () => {
  it('four sold at 1.20, three bought back one by one at 0.85: +35 dollars each before fees', () => {
    const desk = sold(4, 1.2);
    const before = [1, 2, 3].map(() => buysBack(desk, 1, 0.85));
    expect(before.map(({ realisedBeforeFees }) => realisedBeforeFees)).toEqual([3_500, 7_000, 10_500]);
    const fees = (before[2]?.fees ?? 0) - (desk.factsOf('PositionOpened')[0]?.position.fees ?? 0);
    expect(before[2]?.realised).toBe(10_500 - fees);
  });

  it('is the sum of what each part made, whatever the parts and prices, and in the end the whole trade', () => {
    const price = fc.integer({ min: 40, max: 300 }).map((ticks) => ticks / 100);
    fc.assert(
      fc.property(
        price,
        fc.array(fc.record({ units: fc.integer({ min: 1, max: 2 }), debit: price }), { minLength: 1, maxLength: 4 }),
        (credit, parts) => {
          const units = parts.reduce((sum, part) => sum + part.units, 0);
          const desk = sold(units, credit);
          const entryFees = onlyPosition(desk).fees;
          let made = 0;
          for (const part of parts) {
            made += Math.round((credit - part.debit) * 10_000) * part.units;
            const position = buysBack(desk, part.units, part.debit);
            // A cent where a credit does not divide.
            expect(Math.abs((position.realisedBeforeFees ?? 0) - made)).toBeLessThanOrEqual(parts.length);
            expect(position.realised).toBe((position.realisedBeforeFees ?? 0) - (position.fees - entryFees));
          }
          const closed = desk.factsOf('PositionChanged').at(-1)?.position;
          expect(closed?.realisedBeforeFees).toBe(closed?.cashFlow);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of a journal of an older build comes right with the next close', () => {
    const desk = sold(2, 1.2);
    buysBack(desk, 1, 0.85);
    const older = desk.facts.map(({ at, fact }) => {
      if (fact.kind !== 'PositionChanged') return { at, fact };
      const { realisedBeforeFees: _, ...position } = fact.position;
      return { at, fact: { ...fact, position } };
    });
    desk.facts.splice(0, desk.facts.length, ...older);
    desk.start();
    const closed = buysBack(desk, 1, 0.85);
    expect(closed.realisedBeforeFees).toBe(closed.cashFlow);
  });
});
