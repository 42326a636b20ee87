import { describe, expect, it } from 'vitest';
import { loosens, valueAt } from '#host/loosening';

describe('a change of a limit', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['risk.maxDailyLossFraction', 0.05, 0.06, true],
    ['risk.maxDailyLossFraction', 0.05, 0.04, false],
    ['risk.maxDailyLossFraction', 0.05, 0.05, false],
    ['risk.capitalCeilingDollars', 0, 5_000, false],
    ['risk.capitalCeilingDollars', 5_000, 0, true],
    ['risk.capitalCeilingDollars', 5_000, 6_000, true],
    ['risk.duplicateWindowSeconds', 300, 60, true],
    ['risk.priceCollarFraction', 0.75, 1, true],
    ['risk.blockedUnderlyings', ['KO'], [], true],
    ['live.minPaperTrades', 100, 50, true],
    ['live.leastTrades', 30, 60, false],
    ['failsafe.maxRejectsPerDay', 20, 30, true],
    ['scanner.minCreditToRisk', 0.33, 0.1, false],
    ['alerts.fills', true, false, false],
  ])('%s from %j to %j: looser %j', (path, before, after, looser) => {
    expect(loosens(path, before, after)).toBe(looser);
  });

  it('reads what is in force', () => {
    expect(valueAt({ risk: { maxPositions: 20 } }, 'risk.maxPositions')).toBe(20);
    expect(valueAt({}, 'risk.maxPositions')).toBeUndefined();
  });
});
