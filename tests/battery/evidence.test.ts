import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { batteryVerdict, NEEDED } from '#app/desk/batteryVerdict';
import { isWhole, noteEvidence } from './evidence.ts';

const folder = mkdtempSync(join(tmpdir(), 'strikedesk-evidence-'));
const file = join(folder, 'battery-evidence.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const note = (command: string, over: { build?: string; ok?: boolean; whole?: boolean } = {}): void =>
  noteEvidence(file, { build: 'one', command, at: new Date(0), ok: true, whole: true, result: { ok: true }, ...over });

describe('the evidence of the battery', () => {
  it('is green for its own build when every command held, and for no other build', () => {
    for (const command of NEEDED) note(command);
    expect(batteryVerdict(file, 'one')).toMatchObject({ green: true });
    expect(batteryVerdict(file, 'two').green).toBe(false);
  });

  it('turns red with one failure of whatever size, and green again only by a whole run', () => {
    note('swarm', { ok: false, whole: false });
    expect(batteryVerdict(file, 'one')).toMatchObject({ green: false, detail: 'not green: swarm' });
    note('swarm', { whole: false });
    expect(batteryVerdict(file, 'one').green).toBe(false);
    note('swarm');
    expect(batteryVerdict(file, 'one').green).toBe(true);
  });

  it('forgets what was proved for another build', () => {
    note('disk', { build: 'two' });
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).entries)).toEqual(['disk']);
  });

  it('takes a run for whole from its own size on', () => {
    expect(isWhole('swarm', ['--json'])).toBe(true);
    expect(isWhole('swarm', ['--seeds', '100000', '--from-seed', '7'])).toBe(true);
    expect(isWhole('swarm', ['--seeds=100'])).toBe(false);
    expect(isWhole('kill-switch', ['--n', '10000', '--kills', '10'])).toBe(false);
    expect(isWhole('crash-points', ['--stride', '10'])).toBe(false);
  });
});
