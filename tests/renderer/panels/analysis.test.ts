import { describe, expect, it } from 'vitest';
import { isoDate } from '#domain/units';
import {
  breakevensOf,
  daysToFirstExpiration,
  greeksRow,
  type Market,
  payoffPoints,
  probabilityCone,
} from '../../../src-renderer/panels/analyze/analysis.ts';
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

describe('analysing two 525/520 put credit spreads sold for 1.22', () => {
  it('received 244 dollars, loses at most 756 and keeps all of it above 525 at expiration', () => {
    expect(spread.cash).toBeCloseTo(244);
    const points = payoffPoints(spread.legs, spread.cash, market, asItIs);
    expect(Math.min(...points.map((point) => point.atExpiration))).toBe(-75_600);
    expect(points.at(-1)?.atExpiration).toBe(24_400);
    expect(breakevensOf(points)).toHaveLength(1);
    expect(breakevensOf(points)[0]).toBeCloseTo(523.78, 1);
  });

  it('the bent world meets the expiration curve when all days have passed', () => {
    const days = daysToFirstExpiration(spread.legs, market.today);
    expect(days).toBe(31);
    for (const point of payoffPoints(spread.legs, spread.cash, market, { ...asItIs, days }))
      expect(point.now).toBe(point.atExpiration);
  });

  it('gains from time and from falling volatility, and its delta has the sign of a bull', () => {
    const now = greeksRow(spread.legs, spread.cash, market, asItIs);
    expect(now.delta).toBeGreaterThan(0);
    expect(now.thetaPerDay).toBeGreaterThan(0);
    expect(now.vegaPerPoint).toBeLessThan(0);
    expect(greeksRow(spread.legs, spread.cash, market, { ...asItIs, volatilityMove: -0.3 }).profit).toBeGreaterThan(now.profit);
  });
});

describe('what can be analysed', () => {
  const views = book(0, false).positions;

  it('is the ticket, each position and each underlying held more than once', () => {
    expect(subjectsOf(spread, views).map((subject) => subject.id)).toEqual([
      'ticket',
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
    expect(subject.legs.map((leg) => (leg.kind === 'option' ? leg.ratio : leg.shares))).toEqual([-2, 2]);
    expect(subject.cash).toBeCloseTo(244 - 1.12);
  });
});

describe('the probability cone', () => {
  it('starts at the spot and widens with the square root of time', () => {
    const cone = probabilityCone(market, 0.17, 100, 100);
    expect(cone[0]).toMatchObject({ days: 0, low95: expect.closeTo(551.42, 6), high95: expect.closeTo(551.42, 6) });
    const width = (day: number) => Math.log((cone[day]?.high68 ?? 1) / (cone[day]?.low68 ?? 1));
    expect(width(100) / width(25)).toBeCloseTo(2, 6);
    expect(width(100)).toBeCloseTo(2 * 0.17 * Math.sqrt(100 / 365), 6);
  });
});
