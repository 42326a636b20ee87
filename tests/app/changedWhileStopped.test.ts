import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { fileSettings } from '#adapters/settings/fileSettings';
import { openSettingsFile } from '#adapters/settings/settingsFile';
import { journalChangedWhileStopped } from '#app/desk/changedWhileStopped';
import { instant } from '#domain/units';

let folder = '';
let journal: OpenJournal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-stopped-'));
  journal = openJournal(join(folder, 'journal.db'), { create: true });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'settings.jsonc');

function start(environment: Readonly<Record<string, string>> = {}, isLive = false) {
  const settings = openSettingsFile({ file: file(), schema: fileSettings, environment, settleMs: 20, watch: false });
  return { settings, ...journalChangedWhileStopped({ settings, journal, isLive, at: instant(1_000) }) };
}

/** Every change on record, newest last. */
const onRecord = () =>
  journal.reader
    .events({ kinds: ['SettingChanged'], text: null, beforeSeq: null, limit: 100 })
    .rows.map(({ fact }) => fact)
    .reverse();

describe('settings that were changed while nothing ran', () => {
  it('are on record with the old and the new value and the hand, one row each, and told once', () => {
    expect(start().notice).toBeNull();
    writeFileSync(file(), '{ "risk": { "maxPositions": 30 }, "strategies": { "iron_condor": { "mode": "observe" } } }');
    const { notice } = start({ STRIKEDESK_RISK_MAX_DAILY_LOSS_FRACTION: '0.04' });
    expect(onRecord()).toEqual([
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
        by: 'settings file, environment or a new default, while stopped',
      },
      expect.objectContaining({ path: 'strategies.iron_condor', oldValue: 'unset' }),
    ]);
    expect(notice).toMatchObject({ title: 'A limit is looser than before', urgent: false });
    expect(notice?.body).toMatch(/^risk\.maxPositions: 20 → 30; /);
    expect(start({ STRIKEDESK_RISK_MAX_DAILY_LOSS_FRACTION: '0.04' }).notice).toBeNull();
    expect(onRecord()).toHaveLength(3);
  });

  it('include a variable that was taken away, and are urgent where a limit of real money became looser', () => {
    start({ STRIKEDESK_RISK_MAX_POSITIONS: '5' });
    expect(start({}, true).notice).toMatchObject({ title: 'A limit is looser than before', urgent: true });
    expect(onRecord()).toMatchObject([{ path: 'risk.maxPositions', oldValue: '5', newValue: '20' }]);
    writeFileSync(file(), '{ "risk": { "maxPositions": 10 } }');
    expect(start({}, true).notice).toMatchObject({ title: 'Settings were changed while stopped', urgent: false });
  });

  it('are what the journal has not heard of: a change on record is not told again, one lost in a death is', () => {
    const first = start();
    first.settings.change([{ path: 'risk.maxPositions', value: 12 }], 'owner');
    first.inForce.keep(first.settings.current());
    expect(start().notice).toBeNull();
    const second = start();
    second.settings.change([{ path: 'risk.maxPositions', value: 14 }], 'owner');
    // The process dies before the row is written: nothing was kept.
    start();
    expect(onRecord()).toMatchObject([{ path: 'risk.maxPositions', oldValue: '12', newValue: '14' }]);
  });

  it('are not told where they limit nothing: the speed of the simulated market is on record, no more', () => {
    start();
    expect(start({ STRIKEDESK_SIMULATION_SPEED: '600' }).notice).toBeNull();
    expect(onRecord()).toMatchObject([{ path: 'simulation.speed', oldValue: '60', newValue: '600' }]);
  });

  it('are said to be unknown when the record beside the file was damaged', () => {
    start();
    writeFileSync(`${file()}.in-force`, '{ "risk": ');
    start();
    expect(onRecord()).toMatchObject([{ path: 'settings', oldValue: 'cannot be read', by: 'while stopped' }]);
  });
});
