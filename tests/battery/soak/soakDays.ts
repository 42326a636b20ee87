import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { firstRun, openLatchFile } from '#adapters/latch/latchFile';
import { assemble } from '#app/assemble';
import { endOf } from '#app/simulation/calendarOf';
import { isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import { engineSettings } from '#ports/settings/settings';

const START = isoDate('2026-01-05');
const MIB = 2 ** 20;

export interface SoakSample {
  readonly day: number;
  readonly heapMiB: number;
  /** Open descriptors of the process; null where the system does not tell. */
  readonly descriptors: number | null;
  readonly walMiB: number;
}

export interface SoakedDays {
  readonly samples: readonly SoakSample[];
  readonly isHalted: boolean;
  /** Orders that reached the exchange, and those of them that filled: memory that levels off on an idle engine proves nothing. */
  readonly orders: number;
  readonly filled: number;
}

/** Trades `days` on one engine that is never restarted and samples the process after each, garbage collected first. */
export async function soakDays(
  days: number,
  options: { readonly seed: number; readonly folder: string; onSample?(sample: SoakSample): void },
): Promise<SoakedDays> {
  const exchange = createExchange({ seed: options.seed, start: START });
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const path = join(options.folder, 'journal.db');
  const journal = openJournal(path, { create: true, journalId: 'batterysoak' });
  const latch = openLatchFile(join(options.folder, 'kill-switch.latch'));
  firstRun(latch, false, exchange.now());
  const { runtime, start } = assemble({
    settings: engineSettings.parse({}),
    broker,
    feed,
    journal,
    latch,
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: 'battery',
    feeSchedule: exchange.settings.fees,
    now: () => exchange.now(),
  });
  await broker.start();
  await feed.start();
  start();
  const samples: SoakSample[] = [];
  for (let day = 1; day <= days && !runtime.isHalted(); day += 1) {
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, endOf(START, day));
    const sample = sampleOf(day, path);
    samples.push(sample);
    options.onSample?.(sample);
  }
  const isHalted = runtime.isHalted();
  runtime.stop();
  journal.close();
  const all = exchange.desk.orders({ status: 'all' });
  return { samples, isHalted, orders: all.length, filled: all.filter(({ status }) => status === 'filled').length };
}

function sampleOf(day: number, path: string): SoakSample {
  globalThis.gc?.();
  return {
    day,
    heapMiB: process.memoryUsage().heapUsed / MIB,
    descriptors: openDescriptors(),
    walMiB: statSync(`${path}-wal`).size / MIB,
  };
}

function openDescriptors(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return null;
  }
}

/** Least-squares slope of the heap over the second half of the days, MiB a trading day: the first half fills caches. */
export function heapSlope(samples: readonly SoakSample[]): number {
  const later = samples.slice(Math.floor(samples.length / 2));
  const meanDay = later.reduce((sum, { day }) => sum + day, 0) / later.length;
  const meanHeap = later.reduce((sum, { heapMiB }) => sum + heapMiB, 0) / later.length;
  let across = 0;
  let spread = 0;
  for (const { day, heapMiB } of later) {
    across += (day - meanDay) * (heapMiB - meanHeap);
    spread += (day - meanDay) ** 2;
  }
  return spread === 0 ? 0 : across / spread;
}
