import { describe, expect, it } from 'vitest';
import { isoDate } from '#domain/units';
import {
  axisOf,
  curveOn,
  daysBetween,
  daysToExpiration,
  greeksRow,
  type Market,
  probabilityCone,
  profitAt,
  profitAtExpiration,
  zerosOf,
} from '../../../src-renderer/panels/analyze/analysis.ts';
import { figuresOf } from '../../../src-renderer/panels/analyze/figures.ts';
import { positionSubject, subjectsOf, ticketSubject } from '../../../src-renderer/panels/analyze/subject.ts';
import { book } from '../support/book.ts';

const market: Market = { spot: 551.42, today: isoDate('2026-11-17'), rate: 0.04, dividendYield: 0.01, volatilityOf: () => 0.17 };
const asItIs = { spotMove: 0, volatilityMove: 0, days: 0 };

const spread = ticketSubject(
  [
    { symbol: 'SPY261218P00525000', ratio: -1 },
    { symbol: 'SPY261218P00520000', ratio: 1 },
  ],
  2,
  1.22,
);
if (!spread) throw new Error('the ticket is a structure');
const known = { ...market, atTheMoney: 0.17, slice: null, unknown: 0 };
const holdings = spread.parts.map((part) => ({ ...part, market: known }));

describe('analysing two 525/520 put credit spreads sold for 1.22', () => {
  it('received 244 dollars, loses at most 756 and keeps all of it above 525 at expiration', () => {
    expect(spread.cash).toBeCloseTo(244);
    const axis = axisOf(holdings);
    const curve = curveOn(axis, 'at expiration', (move) => profitAtExpiration(holdings, spread.cash, asItIs, move));
    expect(Math.min(...curve.points.map((point) => point.cents))).toBe(-75_600);
    expect(curve.points.at(-1)?.cents).toBe(24_400);
    expect(zerosOf(curve)).toEqual([523.78]);
    // The strikes are on the grid, so that the corners are where they belong.
    for (const strike of [520, 525]) expect(curve.points.some(({ at }) => at === strike)).toBe(true);
  });

  it('the bent world meets the expiration curve when all days have passed, with two days shown on the way', () => {
    const days = daysToExpiration(holdings);
    expect(days).toBe(31);
    expect(daysBetween(0, days)).toEqual([10, 21]);
    expect(daysBetween(30, days)).toEqual([]);
    for (const move of axisOf(holdings).moves)
      expect(profitAt(holdings, spread.cash, { ...asItIs, days }, move)).toBeCloseTo(
        profitAtExpiration(holdings, spread.cash, asItIs, move),
        8,
      );
  });

  it('gains from time and from falling volatility, and its delta has the sign of a bull', () => {
    const now = greeksRow(holdings, spread.cash, asItIs);
    expect(now.delta).toBeGreaterThan(0);
    expect(now.thetaPerDay).toBeGreaterThan(0);
    expect(now.vegaPerPoint).toBeLessThan(0);
    expect(greeksRow(holdings, spread.cash, { ...asItIs, volatilityMove: -0.3 }).profit).toBeGreaterThan(now.profit);
  });

  it('its figures: exact bounds, odds of winning and of a touch, a row a leg', () => {
    const figures = figuresOf(holdings, spread.cash, asItIs);
    expect(figures.bounds).toMatchObject({ maxProfit: 24_400, maxLoss: 75_600, basis: 'exact' });
    expect(figures.breakevens[0]).toBeCloseTo(523.78, 8);
    const [lognormal] = figures.odds;
    expect(lognormal?.probabilityOfProfit).toBeGreaterThan(0.8);
    // A level is touched about twice as often as it is ended beyond.
    expect(figures.touches[0]?.probability).toBeGreaterThan(1.5 * (1 - (lognormal?.probabilityOfProfit ?? 1)));
    expect(figures.legs.map(({ quantity }) => quantity)).toEqual([2, -2]);
    expect(figures.legs.reduce((sum, leg) => sum + leg.delta, 0)).toBeCloseTo(figures.bySpot[4]?.delta ?? 0, 10);
    expect(figures.warnings).toEqual([]);
  });

  it('warns of a short that would be exercised, and of one pinned on its last day', () => {
    const fallen = figuresOf(holdings, spread.cash, { ...asItIs, spotMove: -0.2 });
    expect(fallen.warnings.join()).toMatch(/SPY 525 put: early exercise/);
    const last = figuresOf(holdings, spread.cash, { ...asItIs, spotMove: 525 / 551.42 - 1, days: 31 });
    expect(last.warnings.join()).toMatch(/pin risk/);
  });
});

describe('a portfolio of two underlyings', () => {
  const other = { ...known, spot: 228.35 };
  const both = [
    ...holdings,
    { underlying: 'AAPL', legs: [{ kind: 'stock' as const, underlying: 'AAPL', shares: 100 }], market: other },
  ];

  it('moves by the same share of every price, greeks in dollars per 1 %', () => {
    const axis = axisOf(both);
    expect(axis.unit).toBe('move');
    expect(axis.at(0.05)).toBe(5);
    expect(axis.moves[0]).toBe(-0.2);
    const shares = (move: number) => 100 * other.spot * (1 + move);
    for (const move of [-0.1, 0, 0.1])
      expect(profitAt(both, 0, asItIs, move)).toBeCloseTo(profitAt(holdings, 0, asItIs, move) + shares(move), 8);
    const row = greeksRow(both, 0, asItIs);
    expect(row.delta).toBeCloseTo((greeksRow(holdings, 0, asItIs).delta * market.spot + 100 * other.spot) / 100, 6);
    const figures = figuresOf(both, 0, asItIs);
    expect(figures.bounds).toBeNull();
    expect(figures.odds).toEqual([]);
  });
});

describe('what can be analysed', () => {
  const views = book(0, false).positions;

  it('is the ticket, the whole portfolio, each position and each underlying held more than once', () => {
    expect(subjectsOf(spread, views).map((subject) => subject.id)).toEqual([
      'ticket',
      'portfolio',
      'P-101',
      'P-102',
      'P-103',
      'P-104',
      'all SPY',
    ]);
    expect(subjectsOf(null, []).length).toBe(0);
  });

  it('takes a position at its whole size, fees taken off its cash', () => {
    const [first] = views;
    if (!first) throw new Error('no position in the sample');
    const subject = positionSubject(first);
    expect(subject.parts[0]?.legs.map((leg) => (leg.kind === 'option' ? leg.ratio : leg.shares))).toEqual([-2, 2]);
    expect(subject.cash).toBeCloseTo(244 - 1.12);
  });
});

describe('the probability cone', () => {
  it('starts at the spot and widens with the square root of time', () => {
    const cone = probabilityCone(market, 0.17, 100, 100);
    expect(cone[0]).toMatchObject({ days: 0, low95: expect.closeTo(551.42, 6), high95: expect.closeTo(551.42, 6) });
    const width = (index: number) => Math.log((cone[index]?.high68 ?? 1) / (cone[index]?.low68 ?? 1));
    // Days go with the square of the index: half the index is a quarter of the time.
    expect(width(100) / width(50)).toBeCloseTo(2, 6);
    expect(width(100)).toBeCloseTo(2 * 0.17 * Math.sqrt(100 / 365), 6);
  });
});
