import { describe, expect, it } from 'vitest';
import { isoDate } from '#domain/units';
import { skewQuotes } from '#domain/volatility/deltaSmile';
import { heatGrid, warmth } from '../../../src-renderer/panels/volatility/heatRows.ts';
import { quotesOf, sliceOf } from '../../../src-renderer/stores/surfaceSlice.ts';
import { chainView } from '../support/market.ts';

const month = chainView('SPY', isoDate('2026-12-18'), 0);

describe('a slice of the volatility surface from a chain', () => {
  it('reads forward and volatility at the money back from quotes made with 16 %', () => {
    const slice = sliceOf(month, 0.04);
    if (!slice?.fit) throw new Error('the sample chain can be fitted');
    expect(slice.smile.forward).toBeCloseTo(551.42 * Math.exp((0.03 * 31) / 365), 0);
    const skew = skewQuotes(slice.fit.raw, slice.smile.years);
    expect(skew.atTheMoney).toBeCloseTo(0.16, 2);
    expect(skew.riskReversal).toBeLessThan(0);
    expect(slice.fit.medianError).toBeLessThan(slice.fit.medianHalfSpread);
  });

  it('leaves crossed and missing quotes out', () => {
    const quotes = quotesOf(month);
    const crossed = month.rows.findIndex((row) => row.call?.defect === 'crossed');
    expect(crossed).toBeGreaterThanOrEqual(0);
    expect(quotes.callBid[crossed]).toBeNaN();
    expect(quotes.putBid[crossed]).not.toBeNaN();
  });

  it('says by kind which quotes the smile does without', () => {
    const spoilt = [
      { bid: 0, defect: 'zeroBid' },
      { bid: null, defect: 'missing' },
      { bid: 9, ask: 8, defect: 'crossed' },
    ] as const;
    const rows = month.rows.map((row, i) => ({ ...row, put: row.put && { ...row.put, ...spoilt[i] } }));
    const slice = sliceOf({ ...month, rows }, 0.04);
    const first = slice?.smile.leftOut.slice(0, 3);
    expect(first?.map(({ reason }) => reason)).toEqual(['zeroBid', 'missing', 'crossed']);
    expect(first?.map(({ strike }) => strike)).toEqual(month.rows.slice(0, 3).map(({ strike }) => strike));
  });

  it('gives nothing for a chain without two-sided quotes', () => {
    expect(sliceOf({ ...month, rows: month.rows.map((row) => ({ ...row, call: null })) }, 0.04)).toBeNull();
  });

  it('fills the heat map from puts to calls, the warmest cell at 1', () => {
    const slice = sliceOf(month, 0.04);
    const { rows, titles } = heatGrid(slice ? [slice] : [], 'delta', month.spot);
    expect(titles).toEqual(['5P', '10P', '25P', '40P', 'ATM', '40C', '25C', '10C', '5C']);
    expect(rows[0]?.volatilities).toHaveLength(titles.length);
    const shades = rows[0]?.volatilities.map((volatility) => warmth(volatility ?? Number.NaN, rows)) ?? [];
    expect(Math.max(...shades)).toBe(1);
    expect(Math.min(...shades)).toBe(0);
    expect(shades[0]).toBeGreaterThan(shades.at(-1) ?? 1);
  });

  it('lays it out by strike too, and leaves strikes empty that nobody quotes', () => {
    const slice = sliceOf(month, 0.04);
    const { rows, titles } = heatGrid(slice ? [slice] : [], 'strike', 551.42);
    expect(titles).toEqual(['470', '495', '520', '535', '550', '570', '585', '605', '635']);
    const volatilities = rows[0]?.volatilities ?? [];
    expect(volatilities[4]).toBeCloseTo(0.16, 2);
    expect(volatilities[2]).toBeGreaterThan(volatilities[4] ?? 1);
    expect(heatGrid(slice ? [slice] : [], 'strike', 900).rows[0]?.volatilities.at(-1)).toBeNull();
  });
});
