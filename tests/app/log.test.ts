import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLog } from '#app/log';

it('the log takes a full disk, and a folder that is not there, without a word to whoever writes to it', (context) => {
  if (!existsSync('/dev/full')) return context.skip('no full disk to be had here');
  const log = openLog('/dev/full');
  for (let line = 0; line < 1_000; line += 1) expect(() => log.error({ line }, 'failed')).not.toThrow();
  expect(() => openLog('/dev/null/strikedesk.log').error({}, 'failed')).not.toThrow();
});

it('the log keeps no secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-log-'));
  const file = join(folder, 'strikedesk.log');
  openLog(file).warn({ where: 'story', key: { secret: 'abc' } }, 'told');
  const line = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  expect(JSON.parse(line)).toMatchObject({ where: 'story', key: { secret: '[secret]' }, msg: 'told' });
});
