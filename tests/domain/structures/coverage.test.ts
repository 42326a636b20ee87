import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uncoveredShortContracts, uncoveredShorts } from '#domain/structures/coverage';
import type { Leg, OptionLeg } from '#domain/structures/leg';
import { slopeAtInfinity } from '#domain/structures/payoff';
import { anyLegs, anyOption } from '#support/arbitraryLegs';
import { call, put, stock } from '#support/legs';

const near = { expiration: '2026-12-18' };
const far = { expiration: '2027-01-15' };

/** The same question by brute force: the largest matching of short contracts with longs and lots of shares. */
function uncoveredByMatching(legs: readonly Leg[]): number {
  const units = (sign: 1 | -1): OptionLeg['contract'][] =>
    legs.flatMap((leg) =>
      leg.kind === 'option' && leg.ratio * sign > 0 ? Array.from({ length: Math.abs(leg.ratio) }, () => leg.contract) : [],
    );
  const shorts = units(-1);
  const longs = units(1);
  const shares = legs.reduce((sum, leg) => sum + (leg.kind === 'stock' ? leg.shares : 0), 0);
  const lots = Math.floor(Math.abs(shares) / 100);
  const covers = (short: number, cover: number): boolean => {
    const contract = shorts[short];
    if (!contract) return false;
    if (cover >= longs.length) return contract.right === (shares > 0 ? 'call' : 'put');
    const long = longs[cover];
    return long !== undefined && long.right === contract.right && long.expiration >= contract.expiration;
  };
  const taken = new Map<number, number>();
  const place = (short: number, seen: Set<number>): boolean => {
    for (let cover = 0; cover < longs.length + lots; cover++) {
      if (seen.has(cover) || !covers(short, cover)) continue;
      seen.add(cover);
      const holder = taken.get(cover);
      if (holder === undefined || place(holder, seen)) {
        taken.set(cover, short);
        return true;
      }
    }
    return false;
  };
  return shorts.filter((_, short) => !place(short, new Set())).length;
}

describe('cover of short contracts', () => {
  it('a vertical, a condor, a calendar and a covered call have no uncovered short', () => {
    expect(uncoveredShortContracts([put(30, -1), put(25, 1)])).toBe(0);
    expect(uncoveredShortContracts([put(90, 1), put(95, -1), call(105, -1), call(110, 1)])).toBe(0);
    expect(uncoveredShortContracts([call(100, -1, near), call(100, 1, far)])).toBe(0);
    expect(uncoveredShortContracts([stock(100), call(50, -1)])).toBe(0);
  });

  it('a long that expires before the short covers nothing', () => {
    expect(uncoveredShorts([call(100, 1, near), call(100, -1, far)])).toEqual({ calls: 1, puts: 0 });
  });

  it('a ratio spread leaves one short open, a jade lizard its put', () => {
    expect(uncoveredShorts([call(100, 1), call(110, -2)])).toEqual({ calls: 1, puts: 0 });
    expect(uncoveredShorts([put(90, -1), call(105, -1), call(110, 1)])).toEqual({ calls: 0, puts: 1 });
  });

  it('99 shares cover no call, 250 cover two; long shares cover no put', () => {
    expect(uncoveredShortContracts([stock(99), call(50, -1)])).toBe(1);
    expect(uncoveredShortContracts([stock(250), call(50, -3)])).toBe(1);
    expect(uncoveredShorts([stock(100), put(45, -1)])).toEqual({ calls: 0, puts: 1 });
    expect(uncoveredShortContracts([stock(-100), put(45, -1)])).toBe(0);
  });

  it('a call never covers a put, nor one underlying another, nor an adjusted contract a standard one', () => {
    expect(uncoveredShortContracts([call(100, 1), put(100, -1)])).toBe(1);
    expect(uncoveredShortContracts([call(100, 1, { underlying: 'ABC' }), call(100, -1)])).toBe(1);
    expect(uncoveredShortContracts([call(100, 1, { multiplier: 10 }), call(100, -1)])).toBe(1);
  });

  it('a hundred XYZ cover no XYZ1 call, which delivers more than them; where they would leave they stay bound to it', () => {
    const standard = call(90, -1);
    const adjusted = { ...standard, contract: { ...standard.contract, root: 'XYZ1', symbol: 'XYZ1261218C00090000' } };
    expect(uncoveredShorts([stock(100), adjusted])).toEqual({ calls: 1, puts: 0 });
    expect(uncoveredShorts([stock(100), adjusted], 'boundToAdjusted')).toEqual({ calls: 0, puts: 0 });
    // The same hundred are then free for the standard call, and only for it.
    expect(uncoveredShorts([stock(100), adjusted, standard])).toEqual({ calls: 1, puts: 0 });
    expect(uncoveredShorts([stock(100), adjusted, standard], 'boundToAdjusted')).toEqual({ calls: 1, puts: 0 });
    // Weeklies and the like are no adjusted contracts.
    const weekly = { ...standard, contract: { ...standard.contract, root: 'XYZW' } };
    expect(uncoveredShorts([stock(100), weekly])).toEqual({ calls: 0, puts: 0 });
  });

  it('shares used for one call are not used again', () => {
    expect(uncoveredShortContracts([stock(100), call(50, -1, near), call(55, -1, far)])).toBe(1);
  });

  it('property: agrees with the largest possible matching', () => {
    fc.assert(
      fc.property(anyLegs(3), (legs) => {
        expect(uncoveredShortContracts(legs)).toBe(uncoveredByMatching(legs));
      }),
      { numRuns: 2000, seed: 42 },
    );
  });

  it('property: one more short adds none or one, one more long takes away none or one', () => {
    fc.assert(
      fc.property(anyLegs(3), anyOption(3), (legs, extra) => {
        if (extra.kind !== 'option') return;
        const change =
          uncoveredShortContracts([...legs, { ...extra, ratio: Math.sign(extra.ratio) }]) - uncoveredShortContracts(legs);
        if (extra.ratio < 0) expect([0, 1]).toContain(change);
        else expect([0, -1]).toContain(change);
      }),
      { numRuns: 1000, seed: 43 },
    );
  });

  it('property: whatever has no uncovered call cannot lose without bound at a high price', () => {
    fc.assert(
      fc.property(anyLegs(3), (legs) => {
        if (uncoveredShorts(legs).calls === 0 && !legs.some((leg) => leg.kind === 'stock' && leg.shares < 0)) {
          expect(slopeAtInfinity(legs)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000, seed: 44 },
    );
  });

  it('property: the order of the legs does not matter', () => {
    fc.assert(
      fc.property(anyLegs(3), (legs) => {
        expect(uncoveredShorts([...legs].reverse())).toEqual(uncoveredShorts(legs));
      }),
      { numRuns: 500, seed: 45 },
    );
  });
});
