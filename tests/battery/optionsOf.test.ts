import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineFor, optionsInForce, optionsOf } from './optionsOf.ts';

describe('the line that plays a run again', () => {
  it('names every option in force, defaults included, and none that was left out', () => {
    const values = optionsOf(['--n=20', '--json'], { n: '500', seed: '7', case: '' });
    expect(values).toEqual({ n: '20', seed: '7', case: '' });
    expect(lineFor('disk', optionsInForce())).toBe('npm run -s battery -- disk --n 20 --seed 7');
  });

  it('is told by a command that does not hold', () => {
    const home = mkdtempSync(join(tmpdir(), 'strikedesk-again-'));
    try {
      const ran = spawnSync(process.execPath, ['tests/battery/run.ts', 'gate', '--n', '0', '--json'], {
        env: { ...process.env, STRIKEDESK_HOME: home },
        encoding: 'utf8',
      });
      expect(ran.status).toBe(1);
      expect(JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ ok: false });
      expect(ran.stderr.trim().split('\n').at(-1)).toBe('the same again: npm run -s battery -- gate --n 0 --seed 7');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }, 30_000);
});
