import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataFolder } from '#app/dataFolder';
import { keepWatchdog } from '#app/desk/watchdogKeeper';
import { settingsSchema } from '#app/settingsSchema';

it('the view of the watchdog says whether it would also set the broker’s own stop: off unless the owner chose it', () => {
  const home = mkdtempSync(join(tmpdir(), 'strikedesk-keeper-'));
  const suspends = (watchdog: Readonly<Record<string, unknown>>): boolean =>
    keepWatchdog({
      folder: dataFolder(home),
      settings: settingsSchema.parse({ watchdog }),
      watchAt: null,
      journalId: 'story',
      positions: () => 0,
      isHalted: () => false,
      onError() {},
      tell: () => {},
    }).view().suspends;
  expect(suspends({})).toBe(false);
  expect(suspends({ suspendTrade: true })).toBe(true);
  rmSync(home, { recursive: true, force: true });
});
