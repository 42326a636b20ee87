import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '#app/commandLine';
import { simulationOptions } from '#app/simulation/options';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(text: string): string {
  const path = join(folder, `${Math.abs(text.length)}.json`);
  writeFileSync(path, text);
  return path;
}

describe('a script of faults for a simulation', () => {
  it('is read with its defaults', () => {
    const path = script('[{"kind":"timeoutAfterAccept","subject":"POST /v2/orders","probability":0.1},{"kind":"dropUpdate"}]');
    expect(simulationOptions(['--faults', path]).faults).toEqual([
      { kind: 'timeoutAfterAccept', subject: 'POST /v2/orders', probability: 0.1, delayMs: 5_000 },
      { kind: 'dropUpdate', probability: 1, delayMs: 5_000 },
    ]);
    expect(simulationOptions([]).faults).toEqual([]);
  });

  it('is refused with the field that is wrong', () => {
    const reason = (text: string): string => {
      try {
        simulationOptions(['--faults', script(text)]);
      } catch (error) {
        if (error instanceof UsageError) return error.message;
      }
      return 'accepted';
    };
    expect(reason('[{"kind":"dropUpdate","probability":2}]')).toContain('0.probability');
    expect(reason('[{"kind":"meteor"}]')).toContain('0.kind');
    expect(reason('[{')).toContain('cannot be read as JSON');
    expect(() => simulationOptions(['--faults', join(folder, 'nowhere.json')])).toThrow(UsageError);
  });
});
