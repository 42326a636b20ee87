import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { endOf } from '#app/simulation/calendarOf';
import { atNewYork, civilDate, sessionAt } from '#domain/market/calendar';
import { type Instant, isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import { engineSettings } from '#ports/settings/settings';

/** With it there is something to trade on each of the days. */
const SEED = 4;

/** Trades the days with everything in one process; answers with the instants at which orders reached the exchange. */
async function orderTimes(start: string, days: number): Promise<readonly Instant[]> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-clock-'));
  try {
    const exchange = createExchange({ seed: SEED, start: isoDate(start) });
    const broker = new EmbeddedBroker(exchange);
    const feed = new EmbeddedFeed(exchange);
    const journal = openJournal(join(folder, 'journal.db'), { create: true, journalId: 'batteryclock' });
    const { runtime, start: begin } = assemble({
      settings: engineSettings.parse({}),
      broker,
      feed,
      journal,
      latch: memoryLatch(),
      mode: 'paper',
      account: exchange.desk.account().accountNumber,
      build: 'battery',
      feeSchedule: exchange.settings.fees,
      now: () => exchange.now(),
    });
    await broker.start();
    await feed.start();
    begin();
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, endOf(isoDate(start), days));
    const halted = runtime.isHalted();
    runtime.stop();
    journal.close();
    expect(halted).toBe(false);
    return exchange.desk.orders({ status: 'all' }).map((order) => order.createdAt);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('days on which clocks mislead', () => {
  it.each([
    ['clocks go forward', '2026-03-06', 2, ['2026-03-06', '2026-03-09']],
    ['clocks go back', '2026-10-30', 2, ['2026-10-30', '2026-11-02']],
    ['the half day after Thanksgiving', '2026-11-27', 1, ['2026-11-27']],
  ])(
    '%s: every order lies within a session, entries well before its end',
    async (_name, start, days, expected) => {
      const times = await orderTimes(start, days);
      expect(times.length).toBeGreaterThan(3);
      expect([...new Set(times.map(civilDate))]).toEqual(expected);
      for (const at of times) {
        const session = sessionAt(at);
        expect(session, new Date(at).toISOString()).not.toBeNull();
        expect(at).toBeGreaterThanOrEqual(atNewYork(civilDate(at), '09:30'));
      }
      if (start === '2026-11-27') expect(Math.max(...times)).toBeLessThan(atNewYork(isoDate(start), '13:00'));
    },
    60_000,
  );
});
