import { describe, expect, it } from 'vitest';
import { earlyAssignmentRisk, hasPinRisk } from '#domain/structures/assignment';
import { call, contractOf, put } from '#support/legs';

describe('pin risk', () => {
  const spread = [put(100, -1), put(95, 1)];
  it('is there on expiration day within half a per cent of a short strike', () => {
    expect(hasPinRisk(spread, 100.4, '2026-12-18')).toBe(true);
    expect(hasPinRisk(spread, 101, '2026-12-18')).toBe(false);
    expect(hasPinRisk(spread, 100.4, '2026-12-17')).toBe(false);
    expect(hasPinRisk(spread, 95.1, '2026-12-18')).toBe(false);
  });
  it('is not there for cash-settled contracts', () => {
    expect(hasPinRisk([call(100, -1, { settlement: 'cash' })], 100, '2026-12-18')).toBe(false);
  });
});

describe('early assignment', () => {
  const deepCall = contractOf('call', 90);
  it('threatens a short call when the dividend exceeds what time value is left', () => {
    expect(earlyAssignmentRisk(deepCall, { spot: 100, optionPrice: 10.2, dividend: 0.75 })).toEqual({
      atRisk: true,
      extrinsic: expect.closeTo(0.2, 10),
      gainFromExercise: 0.75,
    });
    expect(earlyAssignmentRisk(deepCall, { spot: 100, optionPrice: 11, dividend: 0.75 }).atRisk).toBe(false);
    expect(earlyAssignmentRisk(deepCall, { spot: 100, optionPrice: 10, dividend: 0 }).atRisk).toBe(false);
  });
  it('threatens a short put when interest on the strike exceeds it, and never European or out-of-the-money contracts', () => {
    const deepPut = contractOf('put', 120);
    expect(earlyAssignmentRisk(deepPut, { spot: 100, optionPrice: 20.05, dividend: 0, strikeInterest: 0.4 }).atRisk).toBe(true);
    expect(earlyAssignmentRisk(deepPut, { spot: 100, optionPrice: 20.05, dividend: 0.5, strikeInterest: 0.4 }).atRisk).toBe(
      false,
    );
    expect(
      earlyAssignmentRisk(contractOf('call', 90, { style: 'european' }), { spot: 100, optionPrice: 10, dividend: 1 }).atRisk,
    ).toBe(false);
    expect(earlyAssignmentRisk(contractOf('call', 101), { spot: 100, optionPrice: 0.1, dividend: 1 }).atRisk).toBe(false);
  });
});
