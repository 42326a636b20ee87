import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import type { JournalRow } from '#ports/journal';
import { engineSettings } from '#ports/settings/settings';
import { assemble } from '../assemble.ts';
import { BUILD } from '../build.ts';
import { endOf } from './calendarOf.ts';
import { journalIdOf } from './journalId.ts';
import type { SimulationOptions } from './options.ts';
import { resultOf, type SimulationResult } from './result.ts';

/** A run with everything in one process: exchange, engine and the real journal on disk. */
export async function simulateInProcess(options: SimulationOptions, journalPath: string): Promise<SimulationResult> {
  const started = performance.now();
  const exchange = createExchange({ seed: options.seed, start: options.start, faults: options.faults });
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const settings = engineSettings.parse({});
  const journal = openJournal(journalPath, { create: true, journalId: journalIdOf(options.seed) });
  const { runtime, start } = assemble({
    settings,
    broker,
    feed,
    journal,
    latch: memoryLatch(),
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: BUILD,
    feeSchedule: exchange.settings.fees,
    now: () => exchange.now(),
    onCrash: (error) => process.stderr.write(`The engine stopped: ${String(error)}\n`),
  });
  await broker.start();
  await feed.start();
  start();
  await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, endOf(options.start, options.days));
  runtime.stop();
  journal.flush();
  const wallMs = performance.now() - started;
  const rows: JournalRow[] = [...journal.reader.rows(1)];
  journal.close();
  return resultOf({ seed: options.seed, days: options.days, wallMs, exchange, rows, settings });
}
