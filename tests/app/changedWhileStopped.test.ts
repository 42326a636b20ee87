import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSettings } from '#support/settingsStart';

const HAND = 'file edited by hand, variable taken away or a new default';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-stopped-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'settings.jsonc');

/** One start and stop: what is told, and what stands on record after it. */
function start(environment: Readonly<Record<string, string>> = {}, dies = false) {
  const { notice, onRecord, stop } = startSettings(folder, { environment, dies });
  const rows = onRecord();
  stop();
  return { notice, rows };
}

describe('settings that were changed while nothing ran', () => {
  it('are on record with the old and the new value and the hand, one row each, and told once', () => {
    expect(start()).toEqual({ notice: null, rows: [] });
    writeFileSync(file(), '{ "risk": { "maxPositions": 30 }, "strategies": { "iron_condor": { "mode": "observe" } } }');
    const { notice, rows } = start({ STRIKEDESK_RISK_MAX_DAILY_LOSS_FRACTION: '0.04' });
    expect(rows).toEqual([
      {
        kind: 'SettingChanged',
        path: 'risk.maxDailyLossFraction',
        oldValue: '0.05',
        newValue: '0.04',
        by: 'STRIKEDESK_RISK_MAX_DAILY_LOSS_FRACTION, while stopped',
      },
      {
        kind: 'SettingChanged',
        path: 'risk.maxPositions',
        oldValue: '20',
        newValue: '30',
        by: `${HAND}, while stopped`,
      },
      expect.objectContaining({ path: 'strategies.iron_condor', oldValue: 'unset' }),
    ]);
    expect(notice).toMatchObject({ title: 'A limit is looser than before' });
    expect(notice?.body).toMatch(/^risk\.maxPositions: 20 → 30; /);
    const again = start({ STRIKEDESK_RISK_MAX_DAILY_LOSS_FRACTION: '0.04' });
    expect([again.notice, again.rows.length]).toEqual([null, 3]);
  });

  it('come on record untold at the very first start, and a variable that was taken away is told', () => {
    const first = start({ STRIKEDESK_RISK_MAX_POSITIONS: '5' });
    expect(first.notice).toBeNull();
    expect(first.rows).toMatchObject([
      { path: 'risk.maxPositions', oldValue: '20', newValue: '5', by: 'STRIKEDESK_RISK_MAX_POSITIONS, first on record' },
    ]);
    const without = start();
    expect(without.notice).toMatchObject({ title: 'A limit is looser than before' });
    expect(without.rows[1]).toMatchObject({ path: 'risk.maxPositions', oldValue: '5', newValue: '20' });
    writeFileSync(file(), '{ "risk": { "maxPositions": 10 } }');
    expect(start().notice).toMatchObject({ title: 'Settings were changed while stopped' });
  });

  it('are what the journal has not heard of: a change on record is not told again, one lost in a death is', () => {
    start();
    const desk = startSettings(folder);
    desk.store.change([{ path: 'risk.maxPositions', value: 12 }], 'owner');
    desk.stop();
    expect(start().notice).toBeNull();
    const dying = startSettings(folder, { dies: true });
    dying.store.change([{ path: 'risk.maxPositions', value: 14 }], 'owner');
    dying.stop();
    expect(start().rows.at(-1)).toMatchObject({ path: 'risk.maxPositions', oldValue: '12', newValue: '14' });
  });

  it('are not told where they limit nothing: the speed of the simulated market is on record, no more', () => {
    start();
    const { notice, rows } = start({ STRIKEDESK_SIMULATION_SPEED: '600' });
    expect(notice).toBeNull();
    expect(rows).toMatchObject([{ path: 'simulation.speed', oldValue: '60', newValue: '600' }]);
  });

  it('are found from the journal where the copy of what was in force is damaged or gone', () => {
    writeFileSync(file(), '{ "risk": { "maxPositions": 7 } }');
    start();
    writeFileSync(`${file()}.in-force`, '{ "risk": ');
    expect(start().rows).toHaveLength(1);
    rmSync(`${file()}.in-force`);
    writeFileSync(file(), '{ "risk": { "maxPositions": 9 } }');
    expect(start().rows[1]).toMatchObject({ path: 'risk.maxPositions', oldValue: '7', newValue: '9' });
  });
});
