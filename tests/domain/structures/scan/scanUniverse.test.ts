import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseNormalCdf, normalCdf } from '#domain/pricing/normal';
import { joinReports, SCAN_DEFAULTS, scanUniverse } from '#domain/structures/scan/scanUniverse';
import { TopList } from '#domain/structures/scan/topList';
import { allocatePrepared, prepareExpiry, universeBytes, universeOn } from '#domain/structures/scan/universe';
import { probabilityBelow } from '#domain/structures/scan/verticals';
import { fillUniverse } from '../../../bench/scannerData.ts';

function universeOf(expiries: number) {
  const universe = universeOn(new SharedArrayBuffer(universeBytes(expiries, 40)), expiries, 40);
  fillUniverse(universe, 3);
  return universe;
}

describe('a scan of a universe', () => {
  it('keeps the best bull put of all, found by hand', () => {
    const universe = universeOf(3);
    const report = scanUniverse(universe, 0, 3, { ...SCAN_DEFAULTS, keep: 5 });
    const prepared = allocatePrepared(40);
    let best = { score: Number.NEGATIVE_INFINITY, expiry: -1, strikes: [-1, -1] };
    for (let expiry = 0; expiry < 3; expiry++) {
      prepareExpiry(universe, expiry, SCAN_DEFAULTS.slippage, prepared);
      const { strike, putSell, putBuy, putFair, putLiquidity, distribution, frame } = prepared;
      for (let short = 0; short < 40; short++) {
        for (let long = Math.max(0, short - 10); long < short; long++) {
          const credit = putSell[short]! - putBuy[long]!;
          const loss = strike[short]! - strike[long]! - credit;
          if (credit < 0.05 || loss <= 0) continue;
          const ev = putSell[short]! - putFair[short]! - putBuy[long]! + putFair[long]!;
          const pop = 1 - probabilityBelow(distribution, frame.low, frame.perStep, strike[short]! - credit);
          const score = (ev / loss) * pop * Math.min(putLiquidity[short]!, putLiquidity[long]!);
          if (score > best.score) best = { score, expiry, strikes: [short, long] };
        }
      }
    }
    const hit = report.hits.find((h) => h.kind === 'bullPut');
    expect(hit).toEqual({ kind: 'bullPut', expiry: best.expiry, strikes: best.strikes, score: expect.closeTo(best.score, 12) });
  });
  it('gives the same from parts as from the whole', () => {
    const universe = universeOf(12);
    const whole = scanUniverse(universe, 0, 12);
    const parts = joinReports([scanUniverse(universe, 0, 5), scanUniverse(universe, 5, 12)]);
    expect(parts.hits.map((h) => h.score)).toEqual(whole.hits.map((h) => h.score));
    expect(parts.verticals).toBe(whole.verticals);
    expect(parts.condors).toBe(whole.condors);
  });
  it('makes condors of two credit wings that do not overlap', () => {
    const report = scanUniverse(universeOf(12), 0, 12);
    const condors = report.hits.filter((h) => h.kind === 'ironCondor');
    expect(condors.length).toBeGreaterThan(50);
    for (const { strikes } of condors) {
      const [longPut = 0, shortPut = 0, shortCall = 0, longCall = 0] = strikes;
      expect(longPut < shortPut && shortPut < shortCall && shortCall < longCall, strikes.join(' ')).toBe(true);
    }
  });
  it('reads probabilities that match the lognormal they were filled with', () => {
    const universe = universeOf(1);
    const prepared = allocatePrepared(40);
    prepareExpiry(universe, 0, 0, prepared);
    const deviation = universe.terms.forecastVolatility[0]! * Math.sqrt(universe.terms.years[0]!);
    for (const p of [0.05, 0.3, 0.5, 0.8, 0.97]) {
      const level = universe.terms.forward[0]! * Math.exp(deviation * inverseNormalCdf(p) - 0.5 * deviation * deviation);
      const got = probabilityBelow(prepared.distribution, prepared.frame.low, prepared.frame.perStep, level);
      expect(Math.abs(got - p)).toBeLessThan(5e-4);
      expect(normalCdf(inverseNormalCdf(p))).toBeCloseTo(p, 14);
    }
    expect(prepared.quoted.status.every((code) => code === 0)).toBe(true);
  });
});

describe('a list of the best', () => {
  it('keeps what sorting would keep', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        (scores, capacity) => {
          const list = new TopList(capacity);
          for (const [i, score] of scores.entries()) if (score > list.floor) list.add(score, i, 0);
          const want = [...scores].sort((a, b) => b - a).slice(0, capacity);
          expect(list.ranked().map((i) => list.scores[i])).toEqual(want);
          for (const i of list.ranked()) expect(scores[list.expiries[i]!]).toBe(list.scores[i]);
        },
      ),
    );
  });
  it('keeps the highest scores in rank order', () => {
    const list = new TopList(3);
    for (const [i, score] of [5, 1, 9, 7, 3, 8, 9, 2].entries()) if (score > list.floor) list.add(score, i, 0);
    expect(list.ranked().map((i) => list.scores[i])).toEqual([9, 9, 8]);
    expect(list.floor).toBe(8);
    list.clear();
    expect(list.ranked()).toEqual([]);
  });
});
