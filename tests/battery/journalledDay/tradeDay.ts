import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { firstRun, openLatchFile } from '#adapters/latch/latchFile';
import { assemble } from '#app/assemble';
import { openLog } from '#app/log';
import { atNewYork } from '#domain/market/calendar';
import { instant, isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import type { IdentifiedOrder } from '#ports/broker';
import { engineSettings } from '#ports/settings/settings';

/** Files of a day in its folder. */
export const JOURNAL_FILE = 'journal.db';
export const LATCH_FILE = 'kill-switch.latch';
const LOG_FILE = 'strikedesk.log';
const JOURNAL_ID = 'batterydisk';
const DAY = isoDate('2026-01-05');

export interface TradedDay {
  /** Orders that left, in order, by their wire identity. */
  readonly sent: readonly string[];
  /** What the owner was told urgently. */
  readonly alerts: readonly string[];
  readonly isHalted: boolean;
  /** What came out of the run when it did not end by itself. */
  readonly thrown: string | null;
}

export interface DayOptions {
  readonly folder: string;
  readonly seed: number;
  /** Market minutes from the open. */
  readonly minutes: number;
  /** Where what reached the wire is written. */
  readonly wireFile: string;
  /** Called with the open journal before the engine starts: where a test breaks or arms something. */
  prepare?(journal: OpenJournal): void;
  onSent?(count: number): void;
}

/** The embedded broker, with every order that leaves written to a file: what a power loss must find in the journal. */
class WitnessedBroker extends EmbeddedBroker {
  witness: (order: IdentifiedOrder) => void = () => {};

  override send(order: IdentifiedOrder): void {
    this.witness(order);
    super.send(order);
  }
}

/**
 * The morning of a trading day with the real engine, runtime, journal and latch on a real disk, against the embedded exchange.
 * Nothing is cleaned up when the disk fails: what lies in the folder afterwards is what a restart would find.
 */
export async function tradeDay(options: DayOptions): Promise<TradedDay> {
  const exchange = createExchange({ seed: options.seed, start: DAY });
  const broker = new WitnessedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const sent: string[] = [];
  const alerts: string[] = [];
  const wire = openSync(options.wireFile, 'a');
  broker.witness = (order) => {
    writeSync(wire, `${order.clientOrderId}\n`);
    sent.push(order.clientOrderId);
    options.onSent?.(sent.length);
  };
  const journal = openJournal(join(options.folder, JOURNAL_FILE), { create: true, journalId: JOURNAL_ID });
  const latch = openLatchFile(join(options.folder, LATCH_FILE));
  firstRun(latch, journal.writer.head().seq > 0, exchange.now());
  const log = openLog(join(options.folder, LOG_FILE));
  options.prepare?.(journal);
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
    onNotification: ({ title, urgent }) => {
      if (urgent) alerts.push(title);
    },
    onCrash(error) {
      // As the desk does it: the log lies on the disk that fails.
      log.error({ where: 'engine', error: String(error) }, 'failed');
      alerts.push(`The engine stopped: ${String(error)}`);
    },
  });
  let thrown: string | null = null;
  try {
    await broker.start();
    await feed.start();
    start();
    const until = instant(atNewYork(DAY, '09:30') + options.minutes * 60_000);
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, until);
  } catch (error) {
    thrown = error instanceof Error ? error.message : String(error);
  }
  const isHalted = runtime.isHalted();
  runtime.stop();
  closeSync(wire);
  closeQuietly(journal);
  return { sent, alerts, isHalted, thrown };
}

/** On a broken disk even closing may fail; the run has said all it has to say by then. */
function closeQuietly(journal: OpenJournal): void {
  try {
    journal.close();
  } catch {
    if (journal.db.open) journal.db.close();
  }
}
