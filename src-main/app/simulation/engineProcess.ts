import '#adapters/runtime/runtimeCheck';
import { dirname, join } from 'node:path';
import { openJournal } from '#adapters/journal/journal';
import { firstRun, openLatchFile } from '#adapters/latch/latchFile';
import { DEFAULT_FEES } from '#domain/portfolio/fees';
import { type Instant, instant } from '#domain/units';
import { exchangeSettings } from '#exchange/settings';
import { runUntil } from '#modes/simulated';
import { engineSettings } from '#ports/settings/settings';
import { assemble } from '../assemble.ts';
import { BUILD } from '../build.ts';
import { openWireSession } from './wireSession.ts';

/** The desk commits what waits every second; here it is the market's second, whatever the speed: a kill takes no more than one. */
const FLUSH_MS = 1_000;

/**
 * The engine alone in a process, for runs that kill it: journal and latch on disk, the exchange at the other end of a wire.
 * Arguments: address of the exchange, journal, journal's name, end of the run (epoch ms).
 */
async function main(): Promise<void> {
  const [url = '', journalPath = '', journalId = '', until = '0'] = process.argv.slice(2);
  const keys = {
    keyId: process.env['STRIKEDESK_SIMULATED_KEY'] ?? '',
    secret: process.env['STRIKEDESK_SIMULATED_SECRET'] ?? '',
    controlToken: process.env['STRIKEDESK_SIMULATED_CONTROL'] ?? '',
  };
  const session = await openWireSession({ url, ...keys }, journalId);
  const journal = openJournal(journalPath, { create: true, journalId });
  const latch = openLatchFile(join(dirname(journalPath), 'kill-switch.json'));
  firstRun(latch, journal.writer.head().seq > 0, session.now());
  const { runtime, start } = assemble({
    settings: engineSettings.parse({}),
    broker: session.broker,
    feed: session.feed,
    journal,
    latch,
    mode: 'paper',
    // As in one process: a trade carries its account, and the two runs must tell the same story.
    account: exchangeSettings.parse({}).clearing.accountNumber,
    build: BUILD,
    feeSchedule: DEFAULT_FEES,
    now: session.now,
    onCrash: (error) => process.stderr.write(`The engine stopped: ${error instanceof Error ? error.stack : String(error)}\n`),
  });
  await session.broker.start();
  await session.feed.start();
  start();
  process.send?.({ started: true });
  let flushedAt = session.now();
  const onTime = (now: Instant): void => {
    if (now - flushedAt < FLUSH_MS) return;
    flushedAt = now;
    journal.flush();
  };
  await runUntil({ runtime, time: session, adapters: [session.broker, session.feed], onTime }, instant(Number(until)));
  runtime.stop();
  await session.broker.stop();
  journal.close();
  process.exit(runtime.isHalted() ? 3 : 0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
