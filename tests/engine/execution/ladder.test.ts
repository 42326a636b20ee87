import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OptionContract, occSymbol, roundToTick, tickSize } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { isoDate } from '#domain/units';
import { buildLadder, type LadderTerms } from '#engine/execution/ladder';
import { engineSettings } from '#ports/settings/settings';

const { execution } = engineSettings.parse({});

function contract(pennyProgram: boolean, strike: number, underlying = 'XYZ'): OptionContract {
  const expiration = isoDate('2026-04-17');
  const right = 'put';
  const symbol = occSymbol({ root: underlying, expiration, right, strike });
  return {
    symbol,
    underlying,
    root: underlying,
    right,
    strike,
    expiration,
    style: 'american',
    settlement: 'physical',
    multiplier: 100,
    pennyProgram,
  };
}

/** The classes that there are: every price in cents (SPY), cents below three dollars, five and ten cents. */
const CLASSES = { everyCent: contract(true, 95, 'SPY'), penny: contract(true, 95), nickel: contract(false, 95) };

const leg = (of: OptionContract, ratio: number): Leg => ({ kind: 'option', contract: of, ratio });

function ladderOf(of: OptionContract, ratio: number, bid: number, ask: number, terms: Partial<LadderTerms> = {}) {
  const natural = ratio > 0 ? -ask : bid;
  const mid = (-ratio * (bid + ask)) / 2;
  return buildLadder(
    {
      legs: [leg(of, ratio)],
      profile: 'fast',
      mid,
      natural,
      boundOfSpread: 1,
      spot: 93,
      purpose: 'close',
      frozenBound: null,
      ...terms,
    },
    execution,
  );
}

const isPrice = (of: OptionContract, price: number): boolean => Math.abs(roundToTick(price, tickSize(of, price)) - price) < 1e-6;

describe('a ladder of one contract', () => {
  it('crosses three dollars in steps that exist on both sides of it', () => {
    expect(ladderOf(CLASSES.everyCent, 1, 2.92, 3.05).rungs).toEqual([-2.98, -3.01, -3.05]);
    expect(ladderOf(CLASSES.penny, 1, 2.92, 3.05).rungs).toEqual([-2.98, -3, -3.05]);
    expect(ladderOf(CLASSES.nickel, 1, 2.85, 3.1).rungs).toEqual([-2.95, -3, -3.1]);
    expect(ladderOf(CLASSES.penny, -1, 2.92, 3.05).rungs).toEqual([2.99, 2.96, 2.92]);
    expect(ladderOf(CLASSES.nickel, -1, 2.85, 3.1).rungs).toEqual([3, 2.9, 2.85]);
  });

  it('never ends at 0: what is worth nothing costs one step, and brings none', () => {
    expect(ladderOf(CLASSES.nickel, 1, 0, 0.05).rungs).toEqual([-0.05]);
    expect(ladderOf(CLASSES.penny, -1, 0, 0.01).rungs).toEqual([0.01]);
    expect(ladderOf(CLASSES.nickel, -1, 0, 0.25).rungs.at(-1)).toBe(0.05);
  });

  it('has prices that a broker takes and no other, from the better to the worse, none beyond its bound, to natural where an exit must go', () => {
    const steps = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 250, max: 350 }));
    const world = fc.record({
      of: fc.constantFrom(CLASSES.everyCent, CLASSES.penny, CLASSES.nickel),
      ratio: fc.constantFrom(1, -1),
      low: steps,
      width: fc.integer({ min: 1, max: 60 }),
      profile: fc.constantFrom('normal' as const, 'fast' as const, 'patient' as const),
      boundOfSpread: fc.constantFrom(0, 0.5, 0.6, 1),
      purpose: fc.constantFrom('open' as const, 'close' as const),
      frozen: fc.option(fc.integer({ min: -20, max: 20 })),
    });
    fc.assert(
      fc.property(world, ({ of, ratio, low, width, profile, boundOfSpread, purpose, frozen }) => {
        const quoted = (cents: number, direction: 'up' | 'down'): number =>
          roundToTick(cents / 100, tickSize(of, cents / 100), direction);
        const bid = quoted(low, 'down');
        const ask = Math.max(quoted(low + width, 'up'), tickSize(of, 0));
        const natural = ratio > 0 ? -ask : bid;
        const frozenBound = frozen === null ? null : natural + frozen / 100;
        const { rungs, bound } = ladderOf(of, ratio, bid, ask, { profile, boundOfSpread, purpose, frozenBound });
        const least = tickSize(of, 0);
        for (const rung of rungs) {
          expect(isPrice(of, rung)).toBe(true);
          expect(Math.sign(rung)).toBe(-ratio);
          expect(rung).toBeGreaterThanOrEqual(bound);
        }
        expect(rungs.at(-1)).toBe(bound);
        expect([...rungs].sort((a, b) => b - a)).toEqual(rungs);
        expect(new Set(rungs).size).toBe(rungs.length);
        // A bound that was decided is kept, but for the one step without which there is no price at all.
        if (frozenBound !== null) expect(bound).toBeGreaterThanOrEqual(Math.min(frozenBound, -least) - 1e-9);
        expect(bound).toBeGreaterThanOrEqual(Math.min(natural, -least) - 1e-9);
        if (purpose === 'close' && boundOfSpread === 1 && frozenBound === null)
          expect(bound).toBeLessThanOrEqual(Math.max(natural, ratio < 0 ? least : natural) + 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a combination goes in cents, whatever its legs', () => {
    const spread = [leg(CLASSES.nickel, 1), leg(contract(false, 90), -1)];
    const terms = {
      legs: spread,
      profile: 'fast',
      mid: -3.005,
      natural: -3.07,
      boundOfSpread: 1,
      spot: 93,
      purpose: 'close',
    } as const;
    expect(buildLadder(terms, execution).rungs).toEqual([-3, -3.03, -3.07]);
  });
});
