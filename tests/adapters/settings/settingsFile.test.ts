import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileSettings } from '#adapters/settings/fileSettings';
import { parseJsonc } from '#adapters/settings/jsonc';
import { variableOf } from '#adapters/settings/schemaPaths';
import { openSettingsFile } from '#adapters/settings/settingsFile';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-settings-'));
  file = join(folder, 'settings.jsonc');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (environment: Record<string, string> = {}, watch = false) =>
  openSettingsFile({ file, schema: fileSettings, environment, settleMs: 20, watch });

describe('the settings file', () => {
  it('is made with the defaults in force when it is not there', () => {
    const store = open();
    expect(store.current().scanner.intervalSeconds).toBe(30);
    expect(store.current().broker.venue).toBe('embedded');
    expect(readFileSync(file, 'utf8')).toContain('Strikedesk settings');
  });

  it('takes comments and trailing commas, and says where the text breaks', () => {
    expect(parseJsonc('// a\n{ "a": [1, 2,], /* b */ "url": "http://x", }')).toEqual({ a: [1, 2], url: 'http://x' });
    expect(() => parseJsonc('{\n  "a": 1\n  "b": 2\n}')).toThrow(/line 3, column 3/);
  });

  it('names the field, the rule and the value, and keeps the last good values across a restart', () => {
    writeFileSync(file, '{ "risk": { "maxPositions": 7 } }');
    open();
    writeFileSync(file, '{ "risk": { "maxPositions": 0, "maxPosition": 3 } }');
    const store = open();
    expect(store.current().risk.maxPositions).toBe(7);
    const messages = store.view().problems.map(({ message }) => message);
    expect(messages[0]).toBe('risk.maxPosition: there is no such setting');
    expect(messages[1]).toMatch(/^risk\.maxPositions: .*1.* \(found 0\)$/);
  });

  it('reads an edit by hand at once and tells old and new value', async () => {
    const store = open({}, true);
    const heard: unknown[] = [];
    store.onChange((changes, by) => heard.push({ changes, by }));
    writeFileSync(file, '{ "scanner": { "intervalSeconds": 60 } }');
    await vi.waitFor(() => expect(heard).toHaveLength(1), 5_000);
    expect(heard[0]).toEqual({
      changes: [{ path: 'scanner.intervalSeconds', oldValue: '30', newValue: '60' }],
      by: 'settings file',
    });
    writeFileSync(file, '{ "scanner": { "intervalSeconds": -1 } }');
    await vi.waitFor(() => expect(heard).toHaveLength(2), 5_000);
    expect(store.current().scanner.intervalSeconds).toBe(60);
    store.close();
  });

  it('lets a variable override a field and refuses to change it elsewhere', () => {
    expect(variableOf('scanner.intervalSeconds')).toBe('STRIKEDESK_SCANNER_INTERVAL_SECONDS');
    const store = open({ STRIKEDESK_SCANNER_INTERVAL_SECONDS: '45', STRIKEDESK_UNIVERSE: 'SPY, QQQ' });
    expect(store.current().scanner.intervalSeconds).toBe(45);
    expect(store.current().universe).toEqual(['SPY', 'QQQ']);
    expect(store.change([{ path: 'scanner.intervalSeconds', value: 10 }], 'owner')[0]?.message).toContain(
      'STRIKEDESK_SCANNER_INTERVAL_SECONDS',
    );
  });

  it('writes a change from the window, or nothing when any part of it is wrong', () => {
    const store = open();
    expect(store.change([{ path: 'risk.maxPositions', value: 9 }], 'owner')).toEqual([]);
    expect(open().current().risk.maxPositions).toBe(9);
    const before = readFileSync(file, 'utf8');
    const problems = store.change(
      [
        { path: 'risk.maxPositions', value: 5 },
        { path: 'risk.maxDailyLossFraction', value: 4 },
      ],
      'owner',
    );
    expect(problems.map(({ path }) => path)).toEqual(['risk.maxDailyLossFraction']);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('gives the form a schema with unit and description', () => {
    const { schema } = open().view();
    expect(JSON.stringify(schema)).toContain('"unit":"seconds"');
  });
});
