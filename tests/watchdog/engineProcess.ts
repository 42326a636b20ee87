import '#adapters/runtime/runtimeCheck';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { openLatchFile } from '#adapters/latch/latchFile';
import { dataFolder } from '#app/dataFolder';
import { keepWatchdog } from '#app/desk/watchdogKeeper';
import { settingsSchema } from '#app/settingsSchema';
import { instant } from '#domain/units';

/**
 * An engine's process as the watchdog knows it: it beats, it notes its entries, and it stops doing so when it is told to.
 * Arguments: data folder, trading address, journal's name, entries already sent (comma-separated).
 */
const [root = '', tradingUrl = '', journalId = '', sent = '', suspend = ''] = process.argv.slice(2);
mkdirSync(root, { recursive: true });
const folder = dataFolder(root);
const settings = settingsSchema.parse({
  watchdog: { beatSeconds: 0.1, missedBeats: 3, suspendTrade: suspend === 'suspend' },
  protection: { unattendedSeconds: 10 },
});
openLatchFile(folder.latch).write({ state: 'ACTIVE', reason: '', by: 'story', at: instant(Date.now()) });
const keeper = keepWatchdog({
  folder,
  settings,
  watchAt: { tradingUrl, keyId: 'PKSIMULATED', secret: 'canary-secret-77aa' },
  journalId,
  positions: () => 1,
  isHalted: () => false,
  tell() {},
});
for (const clientOrderId of sent.split(',').filter(Boolean))
  keeper.note({
    clientOrderId,
    intentId: 'i1',
    attempt: 1,
    assetClass: 'option',
    underlying: 'KO',
    legs: [],
    contracts: 1,
    netLimit: 1,
    timeInForce: 'day',
    purpose: 'open',
  });

process.on('message', (message) => {
  if (message === 'block') {
    process.send?.('blocking', () => {
      // The event loop stands still, as in an endless computation.
      if (process.platform === 'win32') for (const until = Date.now() + 30_000; Date.now() < until; );
      else spawnSync('sleep', ['30']);
    });
  }
  if (message === 'end' || message === 'leave') {
    keeper.stop(message === 'leave' ? 2 : 0);
    process.disconnect();
    process.exit(0);
  }
  if (message === 'pid') process.send?.({ watchdog: keeper.pid() });
});
process.send?.('ready');
// The channel to the story keeps the process alive.
