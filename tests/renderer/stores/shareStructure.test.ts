import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareRows, shareStructure } from '../../../src-renderer/stores/shareStructure.ts';

describe('a newer snapshot made of the older one’s parts', () => {
  it('keeps the identity of every row that did not change', () => {
    const older = [
      { strike: 520, bid: 1.3 },
      { strike: 525, bid: 1.89 },
    ];
    const newer = shareStructure(older, [
      { strike: 520, bid: 1.3 },
      { strike: 525, bid: 1.9 },
    ]);
    expect(newer).toEqual([
      { strike: 520, bid: 1.3 },
      { strike: 525, bid: 1.9 },
    ]);
    expect(newer[0]).toBe(older[0]);
    expect(newer[1]).not.toBe(older[1]);
  });

  it('matches rows by key, so that a new first order does not redraw the others', () => {
    const older = [{ id: 'I-1', state: 'working' }];
    const newer = shareRows(
      older,
      [
        { id: 'I-2', state: 'pending' },
        { id: 'I-1', state: 'working' },
      ],
      (row) => row.id,
    );
    expect(newer[1]).toBe(older[0]);
    expect(newer.map((row) => row.id)).toEqual(['I-2', 'I-1']);
  });

  it('a field that is gone is gone', () => {
    expect(shareStructure({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  });

  it('always equals the newer snapshot, and is the older one when nothing changed', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(json, json, (older, newer) => {
        const plain: unknown = JSON.parse(JSON.stringify(newer));
        expect(shareStructure(JSON.parse(JSON.stringify(older)), plain)).toEqual(plain);
        expect(shareStructure(plain, JSON.parse(JSON.stringify(plain)))).toBe(plain);
      }),
    );
  });
});
