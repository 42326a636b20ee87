import { describe, expect, it } from 'vitest';
import { evidenceGates, expectancyBound, type PaperRecord } from '#engine/arming/evidence';
import { liveSettings } from '#ports/settings/liveSettings';
import { paperTrade } from '#support/paperTrade';

const SETTINGS = liveSettings.parse({});
/** 100 trades in 100 days: three of four win 60, the fourth loses 100. Mean 20. */
const TRADES = Array.from({ length: 100 }, (_, n) => paperTrade(n, n % 4 === 3 ? -10_000 : 6_000));
const GOOD: PaperRecord = {
  trades: TRADES,
  equity: [[10_000_000, 10_200_000, 10_098_000, 10_300_000]],
  orders: 400,
  errors: 2,
  battery: { green: true, detail: 'all green' },
};
const failing = (record: Partial<PaperRecord>, settings = SETTINGS): string[] =>
  evidenceGates({ ...GOOD, ...record }, settings)
    .filter(({ passed }) => !passed)
    .map(({ gate }) => gate);

describe('the evidence before real money', () => {
  it('is met by 100 paper trades with a mean of 20 whose lower bound is positive, a fall of 1 % and two errors', () => {
    expect(failing({})).toEqual([]);
    const bound = expectancyBound(TRADES, 0.95) ?? 0;
    // Normal theory: 20 - 1.96 * 69.6 / 10 = 6.4.
    expect(bound).toBeGreaterThan(4);
    expect(bound).toBeLessThan(9);
    expect(expectancyBound(TRADES, 0.95)).toBe(bound);
  });

  it('tells every criterion with value and limit also when there is nothing yet', () => {
    const gates = evidenceGates(
      { trades: [], equity: [], orders: 0, errors: 0, battery: { green: false, detail: 'none' } },
      SETTINGS,
    );
    expect(gates.map(({ gate }) => gate)).toEqual([
      'paperRecord',
      'leastTrades',
      'expectancyLowerBound',
      'paperDrawdown',
      'paperErrors',
      'battery',
    ]);
    expect(gates.every(({ passed, limit }) => !passed && limit !== null)).toBe(true);
  });

  it('takes 90 days with fewer trades, but never fewer than 30 trades', () => {
    expect(failing({ trades: TRADES.slice(0, 95) })).toEqual([]);
    expect(failing({ trades: TRADES.slice(0, 80) })).toEqual(['paperRecord']);
    const rare = [0, 30, 60, 95].map((n) => paperTrade(n, 6_000));
    expect(failing({ trades: rare })).toEqual(['leastTrades']);
  });

  it('fails one criterion at a time: a mean that may be luck, a deep fall, errors, another build', () => {
    expect(failing({ trades: TRADES.map((_, n) => paperTrade(n, n % 4 === 3 ? -17_000 : 6_000)) })).toEqual([
      'expectancyLowerBound',
    ]);
    expect(failing({ equity: [[10_000_000, 8_400_000]] })).toEqual(['paperDrawdown']);
    // A second, smaller paper account is no fall of the first.
    expect(
      failing({
        equity: [
          [10_000_000, 10_100_000],
          [2_500_000, 2_450_000],
        ],
      }),
    ).toEqual([]);
    expect(failing({ errors: 5 })).toEqual(['paperErrors']);
    expect(failing({ battery: { green: false, detail: 'proved for another build' } })).toEqual(['battery']);
  });

  it('does not take simulated, live or backtest trades for paper, unless the owner says that simulated ones count', () => {
    const simulated = TRADES.map((_, n) => paperTrade(n, 6_000, 'PA3SIM000001'));
    expect(failing({ trades: simulated })).toContain('leastTrades');
    expect(failing({ trades: simulated }, { ...SETTINGS, countSimulated: true })).toEqual([]);
    for (const mode of ['live', 'backtest'] as const)
      expect(failing({ trades: TRADES.map((trade) => ({ ...trade, mode })) })).toContain('leastTrades');
  });
});
