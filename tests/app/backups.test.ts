import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournal } from '#adapters/journal/journal';
import { dataFolder } from '#app/dataFolder';
import { backupsNow } from '#app/desk/backupsNow';
import { instant } from '#domain/units';
import { backupState } from '#host/safety/backupState';
import { appSettings } from '#ports/settings/appSettings';
import { runCommand } from '#support/runCommand';

const HOUR = 3_600_000;
let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-backups-'));
  const journal = openJournal(dataFolder(home).journal, { create: true, journalId: 'story' });
  const fault = { code: 'x', message: 'something', retryable: false };
  journal.writer.append([{ at: instant(1), fact: { kind: 'FaultRecorded', where: 'story', severity: 'low', fault } }], {
    durable: true,
  });
  journal.close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What the Safety panel says `hours` from now. */
function said(hours = 0): { readonly state: string; readonly missing: string; readonly lastWhat: string } {
  const current = () => appSettings.parse({});
  const unasked = (): never => {
    throw new Error('no control asks this');
  };
  const settings = { current, view: unasked, heldBack: unasked, change: unasked, onChange: unasked, close: unasked };
  return backupState({ backups: () => backupsNow(dataFolder(home), Date.now() + hours * HOUR), settings });
}

describe('the control over the backups', () => {
  it('is off without one, unknown until a restore was drilled, and in force while both are young', {
    timeout: 60_000,
  }, async () => {
    expect(said()).toMatchObject({ state: 'off', missing: 'There is no backup yet.', lastWhat: '' });
    const place = { STRIKEDESK_HOME: home };
    expect((await runCommand('journalCommand', ['backup', '--json'], place)).json()).toMatchObject({ ok: true });
    expect(said()).toMatchObject({ state: 'unknown', missing: 'No restore was drilled yet: npm run -s journal -- drill' });
    expect((await runCommand('journalCommand', ['drill', '--json'], place)).json()).toMatchObject({ ok: true });
    expect(said()).toMatchObject({ state: 'holding', missing: '' });
    expect(said().lastWhat).toMatch(/^journal-\d{8}T\d{6}Z\.db: copied, checked and named; a restore was drilled today$/);
    // 48 hours later nobody has made another one.
    expect(said(47)).toMatchObject({ state: 'holding' });
    expect(said(49)).toMatchObject({ state: 'off', missing: 'The newest backup is 49 hours old, 48 are allowed.' });
    // A fresh one again after six weeks, and no drill since.
    const [name = ''] = readdirSync(dataFolder(home).backups).filter((each) => each.endsWith('.db'));
    const later = (Date.now() + 42 * 24 * HOUR) / 1000;
    utimesSync(join(dataFolder(home).backups, name), later, later);
    expect(said(42 * 24)).toMatchObject({ state: 'unknown' });
    expect(said(42 * 24).missing).toMatch(/^The last restore was drilled 42 days ago, 31 days are allowed/);
  });

  it('is off after a drill that failed, says why, and a drill of another journal is not kept', { timeout: 60_000 }, async () => {
    const damaged = join(home, 'damaged.db');
    writeFileSync(damaged, 'no database');
    expect((await runCommand('journalCommand', ['drill', '--db', damaged, '--json'], { STRIKEDESK_HOME: home })).code).toBe(1);
    const other = mkdtempSync(join(tmpdir(), 'strikedesk-backups-'));
    try {
      writeFileSync(dataFolder(other).journal, 'no database');
      expect((await runCommand('journalCommand', ['drill', '--json'], { STRIKEDESK_HOME: other })).code).toBe(1);
      expect(existsSync(dataFolder(other).restoreDrill)).toBe(true);
      const { drill } = backupsNow(dataFolder(other), Date.now());
      expect(drill).toMatchObject({ ok: false });
      expect(backupsNow(dataFolder(home), Date.now()).drill).toMatchObject({ ok: true });
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });
});
