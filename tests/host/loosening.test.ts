import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileSettings } from '#adapters/settings/fileSettings';
import { jsonSchemaOf, leafPaths } from '#adapters/settings/schemaPaths';
import { directionOf, loosens, notFlat, valueAt } from '#host/loosening';
import { appSettings } from '#ports/settings/appSettings';
import { strategyBlock } from '#ports/settings/settings';
import { quietDesk, SHORT, sellSpread } from '../engine/acting/spread.ts';

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
    ['scanner.minCreditToRisk', 0.33, 0.1, true],
    ['risk.maxDayTradesPerFiveDays', 3, 0, true],
    ['risk.maxDayTradesPerFiveDays', 0, 3, false],
    ['risk.symbolHaltSeconds', 900, 60, true],
    ['risk.lastOrdersSeconds', 600, 10, true],
    ['risk.stressFallbackVolatility', 0.4, 0.1, true],
    ['risk.stressSpotMoves', [-0.15, 0, 0.15], [-0.15, 0], true],
    ['risk.stressSpotMoves', [-0.15, 0], [-0.25, -0.15, 0], false],
    ['risk.allowedUnderlyings', [], ['KO'], false],
    ['risk.allowedUnderlyings', ['KO'], [], true],
    ['risk.allowedUnderlyings', ['KO', 'BAC'], ['KO'], false],
    ['protection.stopCooldownMinutes', 60, 0, true],
    ['protection.strategyCooldownHours', 24, 1, true],
    ['protection.severities.drift', 'high', 'medium', true],
    ['protection.severities.drift', 'high', 'critical', false],
    ['protection.severities', { drift: 'high' }, { drift: 'low' }, true],
    ['supervisor.windowMinutes', 10, 1, true],
    ['watchdog.persistMinutes', 30, 1, true],
    ['scanner.maxQuoteAgeSeconds', 10, 60, true],
    ['scanner.maxEquityShareSecured', 0.15, 0.5, true],
    ['scanner.earningsBlackoutDays', 1, 0, true],
    ['positions.expiryCutoff', '15:00', '15:59', true],
    ['positions.expiryCutoff', '15:00', '14:30', false],
    ['execution.absentProofs', 3, 2, true],
    ['failsafe.releaseWord', 'RESUME', 'GO!', true],
    ['risk.maxPositions', 30, undefined, false],
    ['risk.maxPositions', 10, undefined, true],
    ['strategies.iron_condor', { maxRiskFraction: 0.1 }, { maxRiskFraction: 0.3 }, true],
    ['strategies.iron_condor', { maxRiskFraction: 0.1 }, { maxRiskFraction: 0.05 }, false],
    ['strategies.iron_condor', undefined, { mode: 'observe' }, false],
    ['strategies.iron_condor', { mode: 'observe' }, undefined, true],
    ['strategies.iron_condor', { parameters: { width: 5 } }, { parameters: { width: 2 } }, true],
    ['strategies', { iron_condor: { mode: 'off' } }, {}, true],
    ['risk.somethingNew', 1, 2, true],
    ['somethingNew.limit', 1, 2, true],
    ['alerts.fills', true, false, false],
  ])('%s from %j to %j: looser %j', (path, before, after, looser) => {
    expect(loosens(path, before, after)).toBe(looser);
  });

  it('reads what is in force', () => {
    expect(valueAt({ risk: { maxPositions: 20 } }, 'risk.maxPositions')).toBe(20);
    expect(valueAt({}, 'risk.maxPositions')).toBeUndefined();
  });

  it('has a direction for every setting of the file: a new one cannot go unmarked', () => {
    const unmarked = leafPaths(jsonSchemaOf(fileSettings)).filter((path) => path !== 'strategies' && directionOf(path) === null);
    expect(unmarked).toEqual([]);
    const block = leafPaths(jsonSchemaOf(strategyBlock)).map((name) => [name, directionOf(`strategies.any.${name}`)]);
    // What a strategy's parameter does only the strategy knows.
    expect(block.filter(([, direction]) => direction === null)).toEqual([['parameters', null]]);
  });

  it('knows every word of a setting that is one of several', () => {
    for (const path of leafPaths(jsonSchemaOf(fileSettings))) {
      const direction = directionOf(path);
      if (direction === null || typeof direction === 'string') continue;
      expect([...direction].sort(), path).toEqual([...wordsOf(path)].sort());
    }
  });

  it('property: a value of another kind is judged too, also one that has no text, and a limit is never tightened by it', () => {
    const limits = leafPaths(jsonSchemaOf(appSettings)).filter((path) => {
      const direction = directionOf(path);
      return !Array.isArray(valueAt(defaults, path)) && direction !== null && direction !== 'free';
    });
    const strange = fc.oneof(
      fc.constant({ toString: 1 }),
      fc.constant({ valueOf: null, toString: null }),
      fc.constant(Object.create(null)),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.jsonValue()),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.constantFrom(...limits), strange, (path, value) => {
        expect(loosens(path, valueAt(defaults, path), value), path).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('property: of two different values of a figure one way is looser and the other is not, unless nobody can say', () => {
    const figures = leafPaths(jsonSchemaOf(appSettings)).filter((path) => typeof valueAt(defaults, path) === 'number');
    expect(figures.length).toBeGreaterThan(150);
    fc.assert(
      fc.property(
        fc.constantFrom(...figures),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (path, a, b) => {
          fc.pre(a !== b);
          const ways = [loosens(path, a, b), loosens(path, b, a)].filter(Boolean).length;
          const direction = directionOf(path);
          expect(ways, path).toBe(direction === 'free' ? 0 : direction === 'either' ? 2 : 1);
          expect(loosens(path, a, a)).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('the moment for a looser limit', () => {
  it('is when nothing is held or worked', () => {
    const desk = quietDesk();
    const says = (): string | null => notFlat(desk.engine.view());
    expect(says()).toBeNull();
    sellSpread(desk);
    expect(says()).toBe('worked: i1');
    desk.fills();
    expect(says()).toBe('held: p1');
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -1.3 });
    expect(says()).toBe('held: p1');
    desk.fills();
    desk.pass(120);
    expect(says()).toBeNull();
  });

  it('is not while the broker holds what our books do not, nor before the account was looked at', () => {
    const desk = quietDesk();
    desk.holdings.set(SHORT, -1);
    desk.pass(120);
    expect(notFlat(desk.engine.view())).toMatch(/^held/);
    const blind = quietDesk();
    blind.snapshots = 'failing';
    blind.start();
    expect(notFlat(blind.engine.view())).toBe('the account was not looked at yet');
  });
});

const defaults: unknown = appSettings.parse({});

/** The words that the schema lets a setting be. */
function wordsOf(path: string): readonly string[] {
  const found = path
    .split('.')
    .reduce<unknown>((schema, name) => valueAt(valueAt(schema, 'properties'), name), jsonSchemaOf(fileSettings));
  const words = valueAt(found, 'enum');
  return Array.isArray(words) ? words.map(String) : [];
}
