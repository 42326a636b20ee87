import { describe, expect, it } from 'vitest';
import { profitBounds } from '#domain/structures/payoff';
import { BRISK, profitInScenario, type Scenario, structureGreeks, structureValue } from '#domain/structures/valuation';
import { isoDate } from '#domain/units';
import { call, put, stock } from '#support/legs';

const on = (date: string, spot: number, volatility = 0.25): Scenario => ({
  spot,
  date: isoDate(date),
  rate: 0.04,
  dividendYield: 0.01,
  volatilityOf: () => volatility,
});
const condor = [put(90, 1), put(95, -1), call(105, -1), call(110, 1)];

describe('a structure on any day, at any price and volatility', () => {
  it('on the day of expiration it is the payoff', () => {
    expect(profitInScenario(condor, 1.5, on('2026-12-18', 100))).toBeCloseTo(150, 10);
    expect(profitInScenario(condor, 1.5, on('2026-12-18', 93))).toBeCloseTo(-50, 10);
  });

  it('before it, a short condor is worth more with less time and less volatility', () => {
    const early = profitInScenario(condor, 1.5, on('2026-11-18', 100));
    const late = profitInScenario(condor, 1.5, on('2026-12-11', 100));
    expect(late).toBeGreaterThan(early);
    expect(profitInScenario(condor, 1.5, on('2026-11-18', 100, 0.15))).toBeGreaterThan(early);
    expect(early).toBeGreaterThan(-(profitBounds(condor, 1.5).maxLoss ?? 0) / 100);
  });

  it('greeks carry signs and multipliers: a covered call has less than 100 deltas, and a short put positive theta', () => {
    const covered = structureGreeks([stock(100), call(105, -1)], on('2026-11-18', 100));
    expect(covered.delta).toBeGreaterThan(50);
    expect(covered.delta).toBeLessThan(100);
    expect(covered.thetaPerDay).toBeGreaterThan(0);
    const short = structureGreeks([put(95, -1)], on('2026-11-18', 100));
    expect([Math.sign(short.delta), Math.sign(short.gamma), Math.sign(short.vegaPerPoint)]).toEqual([1, -1, -1]);
  });

  it('greeks are the slopes of the value', () => {
    const european = { style: 'european' } as const;
    const legs = [put(95, -2, european), call(110, 1, european)];
    const greeks = structureGreeks(legs, on('2026-10-18', 100));
    const h = 0.01;
    const value = (spot: number, volatility = 0.25): number => structureValue(legs, on('2026-10-18', spot, volatility));
    expect((value(100 + h) - value(100 - h)) / (2 * h)).toBeCloseTo(greeks.delta, 4);
    expect((value(100 + h) - 2 * value(100) + value(100 - h)) / h ** 2).toBeCloseTo(greeks.gamma, 3);
    expect((value(100, 0.2501) - value(100, 0.2499)) / 0.02).toBeCloseTo(greeks.vegaPerPoint, 4);
    expect(value(100)).toBeCloseTo(greeks.value, 10);
  });

  it('brisk greeks agree with accurate ones to four digits', () => {
    for (const legs of [condor, [put(105, -1)], [call(90, 2), put(95, -3)]]) {
      const accurate = structureGreeks(legs, on('2026-10-18', 100));
      const brisk = structureGreeks(legs, on('2026-10-18', 100), BRISK);
      for (const key of ['value', 'delta', 'gamma', 'thetaPerDay', 'vegaPerPoint', 'rhoPerPoint'] as const)
        expect(Math.abs(brisk[key] - accurate[key]), key).toBeLessThan(2e-4 * Math.max(1, Math.abs(accurate[key])));
    }
  });

  it('an American put deep in the money is worth its exercise and moves like short shares', () => {
    const deep = structureGreeks([put(180, 1)], on('2026-10-18', 100));
    expect(deep.value).toBeCloseTo(8000, 6);
    expect(deep.delta).toBeCloseTo(-100, 6);
  });
});
