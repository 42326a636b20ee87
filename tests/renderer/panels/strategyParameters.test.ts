import { describe, expect, it } from 'vitest';
import { neverEntered, overridesAfter } from '../../../src-renderer/panels/strategies/parameters.ts';

describe('parameters with which nothing could ever be entered', () => {
  const standard = { dteMin: 28, dteMax: 47, dteTarget: 38, timeStopDays: 21 };

  it('the owner moves to weeklies and leaves the time stop at 21: the field says so, with both days', () => {
    const weeklies = overridesAfter(standard, [
      { path: 'dteMin', value: 7 },
      { path: 'dteMax', value: 21 },
      { path: 'dteTarget', value: 14 },
    ]);
    expect(neverEntered(weeklies)).toEqual({
      timeStopDays: 'Nothing could be entered: at most 21 days to expiration, and closed at 21.',
    });
    expect(neverEntered({ ...weeklies, timeStopDays: 7 })).toEqual({});
  });

  it('the standard, a time stop that is off and a strategy without one have no such problem', () => {
    expect(neverEntered(standard)).toEqual({});
    expect(neverEntered({ ...standard, dteMax: 10, timeStopDays: 0 })).toEqual({});
    expect(neverEntered({ dteMax: 10 })).toEqual({});
  });
});
