import { describe, expect, it } from 'vitest';
import { atNewYork, yearsToExpiration } from '#domain/market/calendar';
import { type IsoDate, isoDate } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { chainOf } from '#support/putChain';
import { askingDesk } from './sellerDesk.ts';

const APRIL = { expiration: isoDate('2026-04-17'), volatility: 0.3 };
const MAY = { expiration: isoDate('2026-05-15'), volatility: 0.26 };
const JUNE = { expiration: isoDate('2026-06-18'), volatility: 0.24 };

/** Tuesday 10 March 2026 from eleven until the books are closed. */
function dayWith(terms: readonly { readonly expiration: IsoDate; readonly volatility: number }[]): EngineDesk {
  const desk = askingDesk('approve');
  desk.chain = (at) => chainOf(at, 100, terms);
  return desk.pass(7 * 3600);
}

describe('the volatilities of a close', () => {
  it('30, 60 and 90 days of a chain of 38, 66 and 100 days, by total variance', () => {
    const desk = dayWith([APRIL, MAY, JUNE]);
    const records = desk.factsOf('DailyVolatilityRecorded');
    expect(records).toHaveLength(1);
    const lastScanAt = desk.facts.filter(({ fact }) => fact.kind === 'ScanCompleted').at(-1)?.at;
    if (lastScanAt === undefined) throw new Error('no scan');
    const between = (near: typeof APRIL, far: typeof APRIL, days: number): number => {
      const years = ({ expiration }: typeof APRIL) => yearsToExpiration(lastScanAt, atNewYork(expiration, '16:00'));
      const weight = (days / 365 - years(near)) / (years(far) - years(near));
      const variance = (1 - weight) * near.volatility ** 2 * years(near) + weight * far.volatility ** 2 * years(far);
      return Math.sqrt(variance / (days / 365));
    };
    const [record] = records;
    // Nothing is listed before 38 days: the 30 days keep the nearest volatility, as they always did.
    expect(record?.iv30).toBeCloseTo(0.3, 2);
    expect(between(APRIL, MAY, 60)).toBeCloseTo(0.2658, 3);
    expect(record?.iv60).toBeCloseTo(between(APRIL, MAY, 60), 3);
    expect(between(MAY, JUNE, 90)).toBeCloseTo(0.2445, 3);
    expect(record?.iv90).toBeCloseTo(between(MAY, JUNE, 90), 3);
  });

  it('a chain that ends at 66 days gives 60 days and says nothing of 90', () => {
    const [record] = dayWith([APRIL, MAY]).factsOf('DailyVolatilityRecorded');
    expect(record?.iv60).toBeCloseTo(0.266, 2);
    expect(record?.iv90).toBeNull();
  });

  it('the closing look is asked once, with the last scan, and its answer is no scan', () => {
    const desk = dayWith([APRIL, MAY, JUNE]);
    const closing = desk.chainRequests.filter((id) => id.startsWith('closing-'));
    expect(closing).toHaveLength(1);
    expect(desk.chainRequests.at(-1)).toBe(closing[0]);
    expect(desk.factsOf('ScanCompleted')).toHaveLength(desk.chainRequests.length - 1);
  });

  it('an older journal without 60 and 90 days folds, and its days have no value there', () => {
    const desk = dayWith([APRIL, MAY, JUNE]);
    const at = desk.facts[0]?.at;
    if (at === undefined) throw new Error('an empty journal');
    const older = {
      kind: 'DailyVolatilityRecorded',
      underlying: 'XYZ',
      date: isoDate('2026-03-09'),
      close: 99,
      iv30: 0.31,
    } as const;
    desk.facts.unshift({ at, fact: older });
    const view = desk.folded().view();
    const [record] = desk.factsOf('DailyVolatilityRecorded').slice(-1);
    expect(view.ivHistories.get('XYZ')).toEqual([0.31, record?.iv30]);
    expect(view.furtherIvHistories.get('XYZ')).toEqual([
      { iv60: null, iv90: null },
      { iv60: record?.iv60, iv90: record?.iv90 },
    ]);
  });
});
