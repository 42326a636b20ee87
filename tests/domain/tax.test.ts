import { describe, expect, it } from 'vitest';
import { createLots } from '#domain/tax/lots';
import { isSection1256 } from '#domain/tax/section1256';
import { washSales } from '#domain/tax/washSales';
import { isoDate } from '#domain/units';
import { referenceText } from '#support/referenceData';

const day = (text: string) => isoDate(text);

/** Buys, sells and buys again, whole dollars; answers the loss that is not allowed and the new lot's basis. */
function story(bought: number, sold: number, again: number, quantity = 100, againQuantity = 100, again30 = '2026-03-20') {
  const lots = createLots();
  lots.trade({ symbol: 'XYZ', quantity, cash: -bought * 100, date: day('2026-01-05') });
  lots.trade({ symbol: 'XYZ', quantity: -quantity, cash: sold * 100, date: day('2026-03-02') });
  lots.trade({ symbol: 'XYZ', quantity: againQuantity, cash: -again * 100, date: day(again30) });
  const wash = washSales(lots.disposals, lots.lots);
  const last = lots.lots.at(-1)!;
  return {
    disallowed: (wash.disallowed[0] ?? 0) / 100,
    basis: (-last.cash + (wash.lotBasis.get(last.id) ?? 0)) / 100,
    lots,
    wash,
  };
}

describe('lots', () => {
  it('close first in, first out, turn over from long to short, and leave nothing out', () => {
    const lots = createLots();
    lots.trade({ symbol: 'XYZ', quantity: 100, cash: -1_000, date: day('2026-01-05') });
    lots.trade({ symbol: 'XYZ', quantity: 100, cash: -1_200, date: day('2026-01-06') });
    lots.trade({ symbol: 'XYZ', quantity: -250, cash: 3_250, date: day('2026-01-07') });
    expect(lots.disposals.map(({ quantity, opened, closed }) => [quantity, opened, closed])).toEqual([
      [100, -1_000, 1_300],
      [100, -1_200, 1_300],
    ]);
    expect(lots.lots.at(-1)).toMatchObject({ quantity: -50, cash: 650 });
  });
});

describe('wash sales', () => {
  it('IRS example: bought for 1,000, sold for 750, bought again for 800 within 30 days: 250 not allowed, basis 1,050', () => {
    expect(story(1_000, 750, 800)).toMatchObject({ disallowed: 250, basis: 1_050 });
  });

  it('a rebuy of half washes half: sold 100 at 10 a share less, 50 bought again at 20: 500 allowed, 30 a share', () => {
    const half = story(3_000, 2_000, 1_000, 100, 50);
    expect(half).toMatchObject({ disallowed: 500, basis: 1_500 });
  });

  it('31 days later nothing is washed, 30 days later all; a purchase shortly before counts too', () => {
    expect(story(1_000, 750, 800, 100, 100, '2026-04-01').disallowed).toBe(250);
    expect(story(1_000, 750, 800, 100, 100, '2026-04-02').disallowed).toBe(0);
    const lots = createLots();
    lots.trade({ symbol: 'XYZ', quantity: 100, cash: -1_000, date: day('2026-01-05') });
    lots.trade({ symbol: 'XYZ', quantity: 100, cash: -900, date: day('2026-02-20') });
    lots.trade({ symbol: 'XYZ', quantity: -100, cash: 700, date: day('2026-03-02') });
    expect(washSales(lots.disposals, lots.lots).disallowed).toEqual([300]);
  });

  it('what was not allowed is not lost: it comes back when the new lot is sold, and Section 1256 losses are not touched', () => {
    const { lots } = story(1_000, 750, 800);
    lots.trade({ symbol: 'XYZ', quantity: -100, cash: 100_000, date: day('2026-09-01') });
    const wash = washSales(lots.disposals, lots.lots);
    expect(wash.basisAdded).toEqual([0, 25_000]);
    expect(washSales(lots.disposals, lots.lots, () => true).disallowed).toEqual([0, 0]);
    expect(['SPX', 'SPXW', 'XSP', 'NDX', 'RUT', 'VIX'].every(isSection1256)).toBe(true);
    expect(['SPY', 'QQQ', 'IWM', 'AAPL'].some(isSection1256)).toBe(false);
  });

  it('agrees with the published examples', () => {
    const text = referenceText('reference/rules_and_symbology_examples.json');
    if (text === null) return;
    const read: {
      wash_sale: {
        buy?: number[];
        sell?: number[];
        rebuy?: number[];
        rebuy_within_30d?: number[];
        disallowed?: number;
        new_basis?: number;
      }[];
    } = JSON.parse(text);
    const whole = read.wash_sale.filter(({ buy }) => buy !== undefined);
    expect(whole.length).toBeGreaterThanOrEqual(3);
    for (const { buy = [], sell = [], rebuy, rebuy_within_30d: within, disallowed, new_basis: basis } of whole)
      expect(story(buy[1] ?? 0, sell[1] ?? 0, (rebuy ?? within ?? [])[1] ?? 0)).toMatchObject({ disallowed, basis });
  });
});
