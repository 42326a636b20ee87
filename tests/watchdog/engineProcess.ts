import '#adapters/runtime/runtimeCheck';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { openJournal } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import { dataFolder } from '#app/dataFolder';
import { keepWatchdog } from '#app/desk/watchdogKeeper';
import { settingsSchema } from '#app/settingsSchema';
import { type Instant, instant } from '#domain/units';
import { createRuntime } from '#modes/runtime';
import { silentBroker, silentFeed } from '#support/silentPorts';

/** A desk at work writes at every event; here so often. */
const WRITE_MS = 100;

/**
 * An engine's process as the watchdog knows it: it beats, it notes its entries, the real runtime writes durable rows to a real
 * journal, and it stops when it is told to or cannot write. Its own line to the broker is dead: only the watchdog can take back.
 * Arguments: data folder, trading address, journal's name, entries already sent (comma-separated), `suspend` or nothing, seconds
 * between two signs of life (left out: as set for the product).
 */
const [root = '', tradingUrl = '', journalId = '', sent = '', suspend = '', beat = ''] = process.argv.slice(2);
mkdirSync(root, { recursive: true });
const folder = dataFolder(root);
const settings = settingsSchema.parse({
  watchdog: { ...(beat === '' ? {} : { beatSeconds: Number(beat) }), suspendTrade: suspend === 'suspend' },
  protection: { unattendedSeconds: 10 },
});
const now = (): Instant => instant(Date.now());
const latch = openLatchFile(folder.latch);
latch.write({ state: 'ACTIVE', reason: '', by: 'story', at: now() });
const journal = openJournal(folder.journal, { create: true, journalId });
const runtime = createRuntime({
  engine: {
    process: (event) =>
      event.kind === 'connectionChanged' ? [{ kind: 'journal', fact: { kind: 'ConnectionChanged', change: event.change } }] : [],
  },
  broker: silentBroker({ send() {}, cancel() {} }),
  feed: silentFeed(),
  journal: journal.writer,
  latch,
  wireIds: new Map(),
  now,
  onNotification() {},
  onJournalled() {},
  onAgendaChanged() {},
  onCrash() {},
});
function write(): void {
  const at = now();
  runtime.post({ kind: 'connectionChanged', at, change: { channel: 'data', state: 'connected', detail: 'story', at } });
}
const keeper = keepWatchdog({
  folder,
  settings,
  watchAt: { tradingUrl, keyId: 'PKSIMULATED', secret: 'canary-secret-77aa' },
  journalId,
  positions: () => 1,
  isHalted: () => runtime.isHalted(),
  tell: (title) => void process.send?.({ told: title }),
  onError() {},
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

write();
const writing = setInterval(write, WRITE_MS);

process.on('message', (message) => {
  if (message === 'block') {
    process.send?.('blocking', () => {
      // The event loop stands still, as in an endless computation.
      if (process.platform === 'win32') for (const until = Date.now() + 30_000; Date.now() < until; );
      else spawnSync('sleep', ['30']);
    });
  }
  // Its file cannot be written any more, as on a full disk.
  if (message === 'mute') mkdirSync(`${folder.heartbeat}.${process.pid}.draft`);
  if (message === 'end' || message === 'leave') {
    keeper.stop(message === 'leave' ? 2 : 0);
    clearInterval(writing);
    journal.close();
    process.disconnect();
    process.exit(0);
  }
  if (message === 'pid') process.send?.({ watchdog: keeper.pid() });
});
process.send?.('ready');
// The channel to the story keeps the process alive.
