import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeSettings } from '#exchange/settings';
import { type FillSituation, fillModel, legPricesFor, netOf } from '#exchange/trading/fillModel';

const { matching } = exchangeSettings.parse({});
const situation = (change: Partial<FillSituation> = {}): FillSituation => ({
  remaining: 5,
  limit: 100,
  natural: 110,
  passive: 130,
  shownUnits: 3,
  legCount: 2,
  restingSeconds: 10,
  tickSeconds: 1,
  draw: () => 0.99,
  ...change,
});

describe('the fill models', () => {
  it('fill a marketable order at natural, the conservative one only what is shown and a tick a leg worse', () => {
    expect(fillModel('natural', matching).judge(situation())).toEqual({ units: 5, net: 110 });
    expect(fillModel('alpacaPaper', matching).judge(situation())).toEqual({ units: 5, net: 110 });
    const slipping = { ...matching, slippageModel: 'ticks' as const };
    expect(fillModel('conservative', slipping).judge(situation())).toEqual({ units: 3, net: 108 });
    expect(fillModel('conservative', slipping).judge(situation({ limit: 109 }))).toEqual({ units: 3, net: 109 });
  });

  it('leave an order that asks for more than natural, except inside the spread now and then', () => {
    const resting = situation({ limit: 120 });
    expect(fillModel('natural', matching).judge(resting)).toBeNull();
    expect(fillModel('conservative', matching).judge(resting)).toBeNull();
    expect(fillModel('alpacaPaper', matching).judge(resting)).toBeNull();
    expect(fillModel('alpacaPaper', matching).judge(situation({ limit: 120, draw: () => 0.001 }))?.net).toBe(120);
    expect(fillModel('alpacaPaper', matching).judge(situation({ limit: 131, draw: () => 0 }))).toBeNull();
  });

  it('fill inside the spread more often the closer to natural and the longer at rest', () => {
    const chance = (change: Partial<FillSituation>) => {
      let fills = 0;
      for (let i = 0; i < 4000; i += 1) {
        const draw = () => (i + 0.5) / 4000;
        if (fillModel('alpacaPaper', matching).judge(situation({ ...change, draw }))) fills += 1;
      }
      return fills / 4000;
    };
    const near = chance({ limit: 112 });
    expect(near).toBeGreaterThan(3 * chance({ limit: 120 }));
    expect(chance({ limit: 120, restingSeconds: 120 })).toBeGreaterThan(1.8 * chance({ limit: 120, restingSeconds: 0 }));
  });

  it('never fill worse than the limit, nor more than what remains', () => {
    const any = fc.record({
      remaining: fc.integer({ min: 1, max: 50 }),
      limit: fc.integer({ min: -500, max: 500 }),
      natural: fc.integer({ min: -500, max: 500 }),
      width: fc.integer({ min: 0, max: 200 }),
      shownUnits: fc.integer({ min: 0, max: 60 }),
      draws: fc.array(fc.double({ min: 0, max: 0.999999, noNaN: true }), { minLength: 6, maxLength: 6 }),
    });
    fc.assert(
      fc.property(any, fc.constantFrom('alpacaPaper' as const, 'conservative' as const, 'natural' as const), (given, name) => {
        const market = situation({ ...given, passive: given.natural + given.width, draw: (label) => given.draws[label] ?? 0 });
        const decision = fillModel(name, { ...matching, slippageModel: 'ticks' }).judge(market);
        if (!decision) return;
        expect(decision.net).toBeGreaterThanOrEqual(given.limit);
        expect(decision.units).toBeGreaterThan(0);
        expect(decision.units).toBeLessThanOrEqual(given.remaining);
        expect(Number.isInteger(decision.net)).toBe(true);
      }),
    );
  });
});

describe('leg prices', () => {
  it('split a condor’s 1.37 so that the legs add up exactly', () => {
    const legs = [
      { side: 'sell' as const, ratio: 1, natural: 210, passive: 216 },
      { side: 'buy' as const, ratio: 1, natural: 142, passive: 138 },
      { side: 'sell' as const, ratio: 1, natural: 180, passive: 187 },
      { side: 'buy' as const, ratio: 1, natural: 121, passive: 116 },
    ];
    const prices = legPricesFor(legs, 137) ?? [];
    expect(netOf(legs, prices)).toBe(137);
    for (const [i, leg] of legs.entries()) {
      expect(prices[i]).toBeGreaterThanOrEqual(Math.min(leg.natural, leg.passive) - 1);
      expect(prices[i]).toBeLessThanOrEqual(Math.max(leg.natural, leg.passive) + 1);
    }
  });

  it('always make up the net between natural and passive, never below zero, for ratios up to three', () => {
    const leg = fc
      .record({
        side: fc.constantFrom('buy' as const, 'sell' as const),
        ratio: fc.integer({ min: 1, max: 3 }),
        bid: fc.integer({ min: 0, max: 2000 }),
        width: fc.integer({ min: 1, max: 60 }),
      })
      .map(({ side, ratio, bid, width }) => ({
        side,
        ratio,
        natural: side === 'sell' ? bid : bid + width,
        passive: side === 'sell' ? bid + width : bid,
      }));
    const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), (legs, way) => {
        fc.pre(legs.map(({ ratio }) => ratio).reduce(gcd) === 1);
        const natural = netOf(
          legs,
          legs.map((each) => each.natural),
        );
        const passive = netOf(
          legs,
          legs.map((each) => each.passive),
        );
        // A net of 0 may be a negative one on either side: adding 0 makes them the same.
        const net = Math.round(natural + way * (passive - natural)) + 0;
        const prices = legPricesFor(legs, net);
        expect(prices).not.toBeNull();
        expect(netOf(legs, prices ?? []) + 0).toBe(net);
        expect(Math.min(...(prices ?? [0]))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500, examples: [[[{ side: 'buy', ratio: 1, natural: 1, passive: 0 }], 0.49999999999999994]] },
    );
  });
});
