import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OptionContract } from '#domain/market/instrument';
import { priceEuropean } from '#domain/pricing/blackScholes';
import type { Leg } from '#domain/structures/leg';
import {
  buyingPowerEffect,
  type MarginContext,
  REG_T_BROAD_INDEX,
  regTRequirement,
  stressMargin,
  uncoveredShortContracts,
  uncoveredShorts,
  universalBuyingPowerEffect,
  universalSpreadMargin,
} from '#domain/structures/margin';
import { intrinsicDollars } from '#domain/structures/payoff';
import { anyLegs } from '#support/arbitraryLegs';
import { call, put, stock } from '#support/legs';
import { referenceText } from '#support/referenceData';

const at = (spot: number, prices: Record<number, number> = {}, more: Partial<MarginContext> = {}): MarginContext => ({
  spot,
  priceOf: (contract: OptionContract) => prices[contract.strike] ?? 1,
  ...more,
});

describe('Reg-T strategy margin', () => {
  it('a put short at 200 for 1.20 with the stock at 209 needs 3,400, so 3,280 of buying power', () => {
    const legs = [put(200, -1)];
    expect(regTRequirement(legs, 1, at(209, { 200: 1.2 }))).toBe(340_000);
    expect(buyingPowerEffect(legs, 1.2, 1, at(209, { 200: 1.2 }))).toBe(-328_000);
  });

  it('a 125/120 put credit spread for 0.44 uses 456', () => {
    expect(regTRequirement([put(120, 1), put(125, -1)], 1, at(130))).toBe(50_000);
    expect(buyingPowerEffect([put(120, 1), put(125, -1)], 0.44, 1, at(130))).toBe(-45_600);
  });

  it('a 47/43 strangle with the stock at 45 needs the call side and the premium of the put: 1,030', () => {
    const prices = { 47: 2.1, 43: 1.2 };
    expect(regTRequirement([call(47, -1)], 1, at(45, prices))).toBe(91_000);
    expect(regTRequirement([put(43, -1)], 1, at(45, prices))).toBe(82_000);
    expect(regTRequirement([call(47, -1), put(43, -1)], 1, at(45, prices))).toBe(103_000);
  });

  it('the floor holds far out of the money: 10 % of the stock for calls, of the strike for puts', () => {
    expect(regTRequirement([call(80, -1)], 1, at(45, { 80: 0.05 }))).toBe(45_500);
    expect(regTRequirement([put(20, -1)], 1, at(45, { 20: 0.05 }))).toBe(20_500);
    expect(regTRequirement([put(4000, -1)], 1, at(5000, { 4000: 10 }, { rates: REG_T_BROAD_INDEX }))).toBe(4_100_000);
  });

  it('a cash-secured put ties up its strike less the premium, a covered call nothing beyond the shares', () => {
    const context = at(45, { 43: 1.2 }, { cashSecuredPuts: true });
    expect(buyingPowerEffect([put(43, -1)], 1.2, 2, context)).toBe(-836_000);
    expect(regTRequirement([stock(100), call(50, -1)], 3, at(45))).toBe(0);
    expect(buyingPowerEffect([call(50, -1)], 1.1, 1, at(45, {}, { held: [stock(100)] }))).toBe(11_000);
  });

  it('an iron condor needs its wider side, a debit spread and a calendar nothing beyond what was paid', () => {
    expect(regTRequirement([put(90, 1), put(95, -1), call(105, -1), call(112, 1)], 3, at(100))).toBe(210_000);
    expect(buyingPowerEffect([call(100, 1), call(105, -1)], -2.2, 1, at(100))).toBe(-22_000);
    expect(buyingPowerEffect([call(100, -1), call(100, 1, { expiration: '2027-01-15' })], -0.8, 1, at(100))).toBe(-8_000);
  });

  it('of a ratio spread only the extra short is uncovered', () => {
    // 200 premium + 20 % of 10,500 less 500 out of the money = 1,800.
    expect(regTRequirement([call(100, 1), call(110, -2)], 1, at(105, { 110: 2 }))).toBe(180_000);
  });

  it('an unknown premium counts with the most that the option can be worth', () => {
    const unknown = (price: number): MarginContext => ({ spot: 45, priceOf: () => price });
    for (const price of [Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(regTRequirement([call(47, -1)], 1, unknown(price))).toBe((4500 + 700) * 100);
      expect(regTRequirement([put(43, -1), call(47, -1)], 1, unknown(price))).toBe((4500 + 700 + 4300) * 100);
    }
  });

  it('closing a held spread frees its margin', () => {
    const held = [put(30, -2), put(25, 2)];
    expect(buyingPowerEffect([put(30, 1), put(25, -1)], -0.6, 2, at(31, {}, { held }))).toBe(-12_000 + 100_000);
  });

  it('buying back only the long of a held spread is priced as the naked put it leaves', () => {
    const held = [put(30, -1), put(25, 1)];
    const context = at(31, { 30: 1, 25: 0.2 }, { held });
    // Naked 30 put: 100 + 20 % of 3,100 - 100 = 620; before: 500.
    expect(buyingPowerEffect([put(25, -1)], 0.2, 1, context)).toBe(2_000 - (62_000 - 50_000));
  });

  it('the published examples are met to the dollar', () => {
    const text = referenceText('reference/rules_and_symbology_examples.json');
    const rows: { pos: string; requirement: number }[] = text === null ? [] : JSON.parse(text).margin.examples;
    const computed: Record<string, number> = {
      'short 1 put K=200 @1.20, underlying 209': regTRequirement([put(200, -1)], 1, at(209, { 200: 1.2 })) / 100,
      // The calculator counts the long option's 80 among the requirements.
      'long 1 put K=120 @0.80, short 1 put K=125 @1.24': regTRequirement([put(120, 1), put(125, -1)], 1, at(130)) / 100 + 80,
      'short 1 call K=47 @2.10, underlying 45': regTRequirement([call(47, -1)], 1, at(45, { 47: 2.1 })) / 100,
      'short 1 put K=43 @1.20, underlying 45': regTRequirement([put(43, -1)], 1, at(45, { 43: 1.2 })) / 100,
      'short strangle of the two above': regTRequirement([call(47, -1), put(43, -1)], 1, at(45, { 47: 2.1, 43: 1.2 })) / 100,
    };
    for (const { pos, requirement } of rows) expect(`${pos}: ${computed[pos]}`).toBe(`${pos}: ${requirement}`);
    expect(Object.values(computed)).toEqual([3400, 580, 910, 820, 1030]);
  });

  it('property: without uncovered shorts the requirement covers the worst intrinsic loss at one expiration', () => {
    fc.assert(
      fc.property(anyLegs(1), fc.double({ min: 0, max: 600, noNaN: true }), (legs, spot) => {
        const options = legs.filter((leg) => leg.kind === 'option');
        if (uncoveredShortContracts(options) > 0) return;
        const requirement = regTRequirement(options, 1, at(100));
        expect(-intrinsicDollars(options, spot) * 100).toBeLessThanOrEqual(requirement + 1);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('property: never negative, and n units need at most n times one unit', () => {
    fc.assert(
      fc.property(anyLegs(3), fc.integer({ min: 1, max: 5 }), (legs, units) => {
        const one = regTRequirement(legs, 1, at(100));
        const many = regTRequirement(legs, units, at(100));
        expect(one).toBeGreaterThanOrEqual(0);
        if (!legs.some((leg) => leg.kind === 'stock' && leg.shares % 100 !== 0))
          expect(many).toBeLessThanOrEqual(one * units + units);
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});

describe('the universal spread rule', () => {
  it('+100C -110C -190C +200C needs nothing', () => {
    expect(universalSpreadMargin([call(100, 1), call(110, -1), call(190, -1), call(200, 1)])).toBe(0);
  });

  it('a 10-wide call credit spread for 5.00 uses 500', () => {
    const legs = [call(100, -1), call(110, 1)];
    expect(universalSpreadMargin(legs)).toBe(100_000);
    expect(universalBuyingPowerEffect(legs, 5, 1)).toBe(-50_000);
  });

  it('a short call alone has no finite margin, with shares it needs none; a put needs its strike', () => {
    expect(universalSpreadMargin([call(100, -1)])).toBeNull();
    expect(universalSpreadMargin([stock(100), call(100, -1)])).toBe(0);
    expect(universalSpreadMargin([put(43, -1)])).toBe(430_000);
  });

  it('counts the largest expiration of an underlying and adds underlyings', () => {
    const january = { expiration: '2027-01-15' };
    const two = [put(30, -1), put(25, 1), put(40, -1, january), put(38, 1, january)];
    // In December all four are alive: 700 at a price below 25; in January only the 200 of the later spread.
    expect(universalSpreadMargin(two)).toBe(70_000);
    const other = { underlying: 'ABC' };
    expect(universalSpreadMargin([put(30, -1), put(25, 1), put(60, -1, other), put(50, 1, other)])).toBe(150_000);
  });

  it('a short that outlives its cover is seen at its own expiration', () => {
    expect(universalSpreadMargin([call(100, 1), call(100, -1, { expiration: '2027-01-15' })])).toBeNull();
  });

  it('property: finite exactly when no short call stands without cover at its own or any earlier expiration', () => {
    fc.assert(
      fc.property(anyLegs(3), (legs) => {
        const longOnly = legs.filter((leg) => leg.kind === 'option' || leg.shares > 0);
        expect(universalSpreadMargin(longOnly) === null).toBe(uncoveredShorts(longOnly).calls > 0);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });

  it('property: a long option never raises the margin', () => {
    fc.assert(
      fc.property(anyLegs(2), fc.integer({ min: 10, max: 40 }), fc.boolean(), (legs, step, isCall) => {
        const extra: Leg = (isCall ? call : put)(step * 5, 1);
        const before = universalSpreadMargin(legs);
        const after = universalSpreadMargin([...legs, extra]);
        if (before !== null) {
          expect(after).not.toBeNull();
          expect(after ?? 0).toBeLessThanOrEqual(before);
        }
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});

describe('portfolio-margin style stress', () => {
  const priceAt = (contract: OptionContract, spot: number): number =>
    priceEuropean({
      right: contract.right,
      spot,
      strike: contract.strike,
      years: 0.1,
      rate: 0.04,
      dividendYield: 0,
      volatility: 0.25,
    });

  it('100 shares at 50 need 15 % of 5,000', () => {
    expect(stressMargin([stock(100)], { spot: 50, priceAt })).toBe(75_000);
  });

  it('a narrow spread falls back to the minimum per contract, a naked put asks for more than a spread', () => {
    expect(stressMargin([put(40, -1), put(39.5, 1)], { spot: 50, priceAt })).toBe(7_500);
    const naked = stressMargin([put(50, -1)], { spot: 50, priceAt });
    const spread = stressMargin([put(50, -1), put(45, 1)], { spot: 50, priceAt });
    expect(naked).toBeGreaterThan(spread);
    expect(spread).toBeLessThanOrEqual(50_000);
  });
});
