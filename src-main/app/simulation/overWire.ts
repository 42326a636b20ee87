import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import { engineSettings } from '#ports/settings/settings';
import { assemble } from '../assemble.ts';
import { BUILD } from '../build.ts';
import { endOf } from './calendarOf.ts';
import { journalIdOf } from './journalId.ts';
import type { SimulationOptions } from './options.ts';
import { resultOf, type SimulationResult } from './result.ts';
import { openWireSession } from './wireSession.ts';

/** Key of the simulated account; it opens nothing but this process's own loopback port. */
export const SIMULATED_KEY = { keyId: 'PKSIMULATED', secret: 'simulated-secret', controlToken: 'simulated-control' } as const;

/** The same run through the official SDK over loopback REST and WebSocket; the exchange's clock waits for the engine. */
export async function simulateOverWire(options: SimulationOptions, journalPath: string): Promise<SimulationResult> {
  const started = performance.now();
  const exchange = createExchange({ seed: options.seed, start: options.start });
  const server = await createAlpacaServer({ exchange, ...SIMULATED_KEY, port: 0 });
  const journalId = journalIdOf(options.seed);
  const session = await openWireSession({ url: server.url, ...SIMULATED_KEY }, journalId);
  const settings = engineSettings.parse({});
  const journal = openJournal(journalPath, { create: true, journalId });
  const { runtime, start } = assemble({
    settings,
    broker: session.broker,
    feed: session.feed,
    journal,
    latch: memoryLatch(),
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: BUILD,
    feeSchedule: exchange.settings.fees,
    now: session.now,
    onCrash: (error) => process.stderr.write(`The engine stopped: ${String(error)}\n`),
  });
  await session.broker.start();
  await session.feed.start();
  start();
  await runUntil(
    { runtime, time: session, adapters: [session.broker, session.feed], onTime() {} },
    endOf(options.start, options.days),
  );
  runtime.stop();
  await session.broker.stop();
  journal.flush();
  const wallMs = performance.now() - started;
  const rows = [...journal.reader.rows(1)];
  journal.close();
  await server.close();
  return resultOf({ seed: options.seed, days: options.days, wallMs, exchange, rows, settings });
}
