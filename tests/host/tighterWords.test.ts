import { describe, expect, it } from 'vitest';
import { directionOf, loosens, valueAt } from '#host/loosening';
import { tighterWords } from '#host/tighterWords';
import { appSettings } from '#ports/settings/appSettings';

describe('which way a setting is tighter, in words', () => {
  const values = appSettings.parse({});
  const words = tighterWords(values);

  it('says it of each that has a direction, and of none that is no limit', () => {
    expect(words).toMatchObject({
      'risk.maxRiskPerTradeFraction': 'less is tighter',
      'risk.capitalCeilingDollars': 'less is tighter, and 0 is no limit at all',
      'failsafe.releaseHoldSeconds': 'more is tighter',
      'failsafe.releaseWord': 'every change counts as looser',
      'protection.severities.drift': 'tighter in this order: low, medium, high, critical',
      'watchdog.enabled': 'on is tighter',
    });
    expect(words).not.toHaveProperty(['journal.dailyBackups']);
    expect(Object.values(words)).not.toContain('');
    expect(Object.keys(words).length).toBeGreaterThan(100);
  });

  it('agrees with the judgement that holds a change back', () => {
    const numbers = Object.entries(words).filter(([path]) => typeof valueAt(values, path) === 'number');
    expect(numbers.length).toBeGreaterThan(50);
    for (const [path, word] of numbers) {
      const value = Number(valueAt(values, path));
      const up = loosens(path, value + 1, value + 2);
      const down = loosens(path, value + 2, value + 1);
      expect({ path, up, down }).toEqual({
        path,
        up: word !== 'more is tighter',
        down: !word.startsWith('less is tighter'),
      });
      expect(directionOf(path)).not.toBe('free');
    }
  });
});
