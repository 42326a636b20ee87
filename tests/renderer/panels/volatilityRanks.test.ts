import { describe, expect, it } from 'vitest';
import { rankingsOf } from '../../../src-renderer/panels/volatility/history.ts';
import type { Past } from '../../../src-renderer/panels/volatility/usePast.ts';

const SETTINGS = { leastDays: 100, impliedPremium: 0.1 };

/** 252 closes: 30 days rise from 0.10 to 0.351 by a thousandth a day; 60 days are known on the last 120, 90 days on the last 40. */
const recorded: Past['recorded'] = Array.from({ length: 252 }, (_, day) => ({
  iv30: 0.1 + day / 1000,
  iv60: day >= 132 ? 0.2 + (day - 132) / 1000 : null,
  iv90: day >= 212 ? 0.25 : null,
}));

/** Closes that swing by 1 % and by 2 % in turns of 90 days: realised volatility has a range. */
const close = new Float64Array(252);
let price = 100;
for (let day = 0; day < 252; day++) {
  price *= 1 + (day % 2 === 0 ? 1 : -1) * (Math.floor(day / 90) % 2 === 0 ? 0.01 : 0.02);
  close[day] = price;
}
const past: Past = { bars: { open: close, high: close, low: close, close }, recorded };

describe('rank and percentile by tenor and look-back', () => {
  const rankings = rankingsOf(past, { 30: 0.32, 60: 0.28, 90: 0.26 }, SETTINGS);

  it('30 days stand in a year of their own: 220 of 251 thousandths, above 220 of 252 closes', () => {
    const [month] = rankings;
    expect(month).toMatchObject({ tenor: 30, basis: 'ownHistory', recordedDays: 252 });
    expect(month?.rows.map(({ window }) => window)).toEqual([63, 126, 252]);
    // The last 63 closes run from 0.289 to 0.351: 31 of 62.
    expect(month?.rows[0]?.rank).toBeCloseTo(31 / 62, 9);
    expect(month?.rows[2]?.rank).toBeCloseTo(220 / 251, 9);
    expect(month?.rows[2]?.percentile).toBeCloseTo(220 / 252, 2);
  });

  it('60 days stand in the 120 closes that know them; the others count as days without a value', () => {
    const sixty = rankings[1];
    expect(sixty).toMatchObject({ tenor: 60, basis: 'ownHistory', recordedDays: 120 });
    // 0.200 to 0.319 in both longer look-backs.
    expect(sixty?.rows[1]?.rank).toBeCloseTo(80 / 119, 9);
    expect(sixty?.rows[2]?.rank).toBeCloseTo(80 / 119, 9);
    expect(sixty?.rows[2]?.percentile).toBeCloseTo(80 / 120, 1);
    // The last 63: 0.257 to 0.319.
    expect(sixty?.rows[0]?.rank).toBeCloseTo(23 / 62, 9);
  });

  it('90 days with 40 closes of 100 are ranked in realised volatility, and the 40 are told', () => {
    const ninety = rankings[2];
    expect(ninety).toMatchObject({ tenor: 90, basis: 'realisedProxy', recordedDays: 40 });
    const year = ninety?.rows[2];
    // Less its tenth of premium 0.234: between the calm 16 % and the restless 32 % of the closes.
    expect(year?.rank).toBeGreaterThan(0.3);
    expect(year?.rank).toBeLessThan(0.6);
  });

  it('a tenor without a volatility now has no row', () => {
    expect(rankingsOf(past, { 30: 0.2, 60: null, 90: null }, SETTINGS).map(({ tenor }) => tenor)).toEqual([30]);
    expect(rankingsOf(past, { 30: null, 60: null, 90: null }, SETTINGS)).toEqual([]);
  });
});
