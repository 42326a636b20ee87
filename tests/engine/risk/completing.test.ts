import { describe, expect, it } from 'vitest';
import { cents } from '#domain/units';
import type { Exposure, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { book, exposure, LIMITS, option, request, SCANNER, secondsAgo, shares } from './example.ts';

/** 100 XYZ just bought for a covered call; they took all of the buying power that positions may take. */
const BOUGHT: Exposure = exposure({
  positionId: 'p1',
  strategyId: 'covered_call',
  underlying: 'XYZ',
  sector: 'Technology',
  legs: [shares(100)],
  buyingPowerEffect: cents(-6_000_000),
  maxLoss: cents(1_000_000),
  deltaShares: 100,
  expiration: null,
});

/** The call above them, asked for the position `positionId`. */
function reasonsOf(positionId: string | null, source: Exposure['source'], change: Partial<RiskRequest> = {}): readonly string[] {
  const call = request({
    strategyId: 'covered_call',
    positionId,
    legs: [option('call', 105, -1)],
    netLimit: 1.9,
    secured: true,
    buyingPowerEffectPerUnit: cents(0),
    deltaSharesPerUnit: -30,
    strategyLimits: null,
    ...change,
  });
  const held = book({
    exposures: [{ ...BOUGHT, source }],
    freeShares: () => 100,
    entriesTodayBySymbol: new Map([['XYZ', 2]]),
    roundTripsToday: new Map([['XYZ', 9]]),
    lastEntryAt: new Map([['covered_call:XYZ', secondsAgo(20)]]),
  });
  return judge(call, held, { ...LIMITS, maxBuyingPowerFraction: 0.25, minDaysBetweenSameSymbolEntries: 1 }, SCANNER).reasons;
}

describe('the later leg of an entry whose first is held', () => {
  it('is no new entry, and what takes no buying power is not refused for what the first took', () => {
    expect(reasonsOf('p1', 'position')).toEqual([]);
  });

  it('of another position is a new entry', () => {
    expect([...reasonsOf('p2', 'position')].sort()).toEqual([
      'buyingPowerShare',
      'daysBetweenEntries',
      'entriesPerSymbol',
      'roundTrips',
    ]);
    expect(reasonsOf(null, 'position')).toContain('entriesPerSymbol');
  });

  it('of shares that are only ordered is none: they may never come', () => {
    expect(reasonsOf('p1', 'workingOrder')).toContain('entriesPerSymbol');
  });

  it('that takes buying power itself is asked for all of it', () => {
    expect(reasonsOf('p1', 'position', { buyingPowerEffectPerUnit: cents(-1) })).toEqual(['buyingPowerShare']);
  });
});
