import { describe, expect, it } from 'vitest';
import { instant } from '#domain/units';
import { type Day, stageOf } from '../../../src-renderer/panels/safety/dayStage.ts';

const QUIET: Day = {
  at: instant(0),
  date: '2026-01-07',
  stage: 'close',
  compared: { fills: 0, brokerFills: 0, positions: 38, activities: 0 },
  cash: { opening: 100, fills: 0, fees: 0, elsewhere: 0, clearing: 0, activities: 0, corrections: 0, ours: 100, theirs: 100 },
  feesBooked: 0,
  feesCharged: null,
  differences: [],
};

describe('the books of a day', () => {
  it('of which nothing moved the cash have nothing to settle, and do not wait for it for ever', () => {
    expect(stageOf(QUIET)).toBe('nothing to settle');
    expect(stageOf({ ...QUIET, feesBooked: 12 })).toBe('at the close');
    expect(stageOf({ ...QUIET, cash: { ...QUIET.cash, clearing: -5_000 } })).toBe('at the close');
    expect(stageOf({ ...QUIET, stage: 'settled' })).toBe('settled');
  });
});
