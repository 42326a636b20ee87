import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scored, selectTop } from '#engine/selection/select';

const candidate = (key: string, score: number, sector: string, strategyId: string, underlying = key): Scored => ({
  key,
  score,
  sector,
  strategyId,
  underlying,
});
const terms = { top: 5, repeatPenalty: 0.15, positionsBySector: new Map<string, number>() };

describe('choosing among candidates', () => {
  it('the second of a sector gives way to a slightly worse one of another', () => {
    const candidates = [candidate('a', 0.8, 'Tech', 'x'), candidate('b', 0.78, 'Tech', 'y'), candidate('c', 0.7, 'Energy', 'z')];
    expect(selectTop(candidates, { ...terms, top: 2 }).chosen.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(selectTop(candidates, { ...terms, top: 2, repeatPenalty: 0 }).chosen.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('a sector that is already held starts behind', () => {
    const candidates = [candidate('a', 0.8, 'Tech', 'x'), candidate('c', 0.7, 'Energy', 'z')];
    const held = { ...terms, top: 1, positionsBySector: new Map([['Tech', 1]]) };
    expect(selectTop(candidates, held).chosen.map(({ key }) => key)).toEqual(['c']);
  });

  it('equal scores fall by key, whatever their order', () => {
    const candidates = [candidate('b', 0.5, 's1', 'x'), candidate('a', 0.5, 's2', 'y')];
    expect(selectTop(candidates, { ...terms, top: 1 }).chosen.map(({ key }) => key)).toEqual(['a']);
    expect(selectTop([...candidates].reverse(), { ...terms, top: 1 }).chosen.map(({ key }) => key)).toEqual(['a']);
  });

  it('never loses or doubles a candidate, never takes two of one underlying, never more than wanted', () => {
    const some = fc.array(
      fc.record({
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        sector: fc.constantFrom('s', 't', 'u'),
        strategyId: fc.constantFrom('x', 'y'),
        underlying: fc.constantFrom('A', 'B', 'C', 'D'),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 6 }), (rows, top) => {
        const candidates = rows.map((row, i) => ({ ...row, key: `k${i}` }));
        const { chosen, left } = selectTop(candidates, { ...terms, top });
        expect(chosen.length).toBeLessThanOrEqual(top);
        expect(new Set(chosen.map(({ underlying }) => underlying)).size).toBe(chosen.length);
        expect([...chosen, ...left].map(({ key }) => key).sort()).toEqual(candidates.map(({ key }) => key).sort());
        const best = Math.max(...candidates.map(({ score }) => score));
        if (chosen[0]) expect(chosen[0].score).toBe(best);
      }),
    );
  });
});
