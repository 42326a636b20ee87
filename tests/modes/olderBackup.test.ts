import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { backUp } from '#adapters/journal/backup';
import { openJournal, openJournalReader } from '#adapters/journal/journal';
import { restore } from '#adapters/journal/restore';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { atNewYork } from '#domain/market/calendar';
import { type Instant, isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { runUntil } from '#modes/simulated';
import { attemptKey, composeClientOrderId, parseClientOrderId } from '#ports/clientOrderId';
import type { OperatorCommand } from '#ports/commands';
import type { Latch } from '#ports/latch';
import { engineSettings } from '#ports/settings/settings';

const DAY = isoDate('2026-01-05');
const at = (time: string): Instant => atNewYork(DAY, time);

/** One run of the real engine on a journal on disk, against an exchange that outlives it. */
async function session(exchange: Exchange, path: string, latch: Latch) {
  const broker = new EmbeddedBroker(exchange);
  const feed = new EmbeddedFeed(exchange);
  const journal = openJournal(path, { create: true, journalId: 'olderbackup' });
  const { engine, runtime, start } = assemble({
    settings: engineSettings.parse({}),
    broker,
    feed,
    journal,
    latch,
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: 'test',
    feeSchedule: exchange.settings.fees,
    now: () => exchange.now(),
    onCrash: (error) => {
      throw error;
    },
  });
  await broker.start();
  await feed.start();
  start();
  let commands = 0;
  return {
    engine,
    journal,
    run: (until: Instant) => runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, until),
    command(command: OperatorCommand) {
      commands += 1;
      const by = { role: 'owner', via: 'desktop', name: 'owner' } as const;
      return runtime.command({ commandId: `c${commands}`, at: exchange.now(), by, command });
    },
    async stop(): Promise<void> {
      runtime.stop();
      await broker.stop();
      await feed.stop();
      journal.close();
    },
  };
}

/** Numbers of the intents whose orders the exchange knows. */
function numbersAt(exchange: Exchange): number[] {
  return exchange.desk
    .orders({ status: 'all' })
    .flatMap(({ clientOrderId }) => Number(parseClientOrderId(clientOrderId)?.intentId.slice(1) ?? 0));
}

describe('a backup of half an hour ago is restored', () => {
  it('nothing of the lost time is booked on a new order, entries stop, and the new numbers lie beyond the old', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-older-'));
    const path = join(folder, 'journal.db');
    const latch = memoryLatch();
    const exchange = createExchange({ seed: 7, start: DAY });
    try {
      const first = await session(exchange, path, latch);
      await first.run(at('09:35'));
      first.journal.flush();
      const source = openJournalReader(path);
      const { file } = await backUp(source.db, join(folder, 'backups'), exchange.now(), { daily: 7, weekly: 4 });
      source.close();
      const inBackup = Math.max(0, ...numbersAt(exchange));
      await first.run(at('10:00'));
      await first.stop();
      const lost = Math.max(...numbersAt(exchange));
      expect(lost).toBeGreaterThan(inBackup + 3);
      await restore(file, path, exchange.now());

      const second = await session(exchange, path, latch);
      await second.run(at('10:02'));
      expect(latch.read()).toMatchObject({ state: 'REDUCING', by: 'engine' });
      expect(latch.read().reason).toContain('an older copy');
      const entries = exchange.desk
        .orders({ status: 'open' })
        .filter(({ legs }) => legs.some(({ intent }) => intent === 'buyToOpen' || intent === 'sellToOpen'));
      expect(entries).toEqual([]);
      const looked = 'compared with the broker';
      await second.command({ kind: 'resetBreaker', breaker: 'books', reason: looked });
      await second.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: looked });
      // A short stands on nothing: what covers another position would have to wait for it.
      const adopted = second.engine.view().positions.find(({ position }) => position.legs.every(({ quantity }) => quantity < 0));
      const close = {
        kind: 'closePosition',
        positionId: adopted?.position.positionId ?? '',
        contracts: null,
        netLimit: null,
      } as const;
      expect(await second.command(close)).toMatchObject({ kind: 'done' });
      await second.run(at('10:10'));

      const ids = new Map<string, string>();
      let newest = lost;
      for (const { fact, hash, at: when } of second.journal.reader.rows(1)) {
        if (fact.kind === 'OrderIntended') {
          const { intentId, attempt } = fact.request;
          ids.set(attemptKey(intentId, attempt), composeClientOrderId('olderbackup', intentId, attempt, hash));
          if (when < at('10:00')) continue;
          const number = Number(intentId.slice(1));
          expect(number).toBeGreaterThan(lost);
          newest = Math.max(newest, number);
        }
        if (fact.kind !== 'OrderReported' || !('clientOrderId' in fact.report)) continue;
        expect(fact.report.clientOrderId).toBe(ids.get(attemptKey(fact.intentId, fact.attempt)));
      }
      expect(newest).toBeGreaterThan(lost);
      const ours = new Map<string, number>();
      for (const { position } of second.engine.view().positions)
        for (const { symbol, quantity } of position.legs) ours.set(symbol, (ours.get(symbol) ?? 0) + quantity);
      expect(ours.size).toBeGreaterThan(4);
      expect(ours).toEqual(new Map(exchange.desk.positions().map(({ symbol, quantity }) => [symbol, quantity])));
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
