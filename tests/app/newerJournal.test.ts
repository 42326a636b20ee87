import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { type Instant, isoDate } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { JournalFact } from '#ports/facts';
import { engineSettings } from '#ports/settings/settings';
import { startDesk } from '#support/deskProcess';
import { buy, runToTime, sell, smallExchange, ticket } from '#support/embeddedAccount';

/** A journal in which the second row is of `kind`, and this program put before it. */
function startOn(kind: string): void {
  const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05') });
  const journal = openJournal(':memory:', { create: true });
  const ended: JournalFact = { kind: 'SessionEnded', reason: 'updated' };
  const later: JournalFact = JSON.parse(JSON.stringify({ ...ended, kind }));
  journal.writer.append(
    [ended, later].map((fact) => ({ at: exchange.now(), fact })),
    { durable: true },
  );
  try {
    assemble({
      settings: engineSettings.parse({}),
      broker: new EmbeddedBroker(exchange),
      feed: new EmbeddedFeed(exchange),
      journal,
      latch: memoryLatch(),
      mode: 'paper',
      account: 'PA1',
      build: 'older',
      now: () => exchange.now(),
    });
  } finally {
    journal.close();
  }
}

describe('a program put back to an older version', () => {
  it('starts on what it knows', () => {
    expect(() => startOn('SessionEnded')).not.toThrow();
  });

  it('does not start on a fact of a newer program: its state would not be what the account is', () => {
    expect(() => startOn('DividendReinvested')).toThrow(
      "Row 2 of this journal is a 'DividendReinvested', which this Strikedesk does not know: a newer one wrote it. Update Strikedesk, or restore a backup made before the update.",
    );
  });
});

/** Two put spreads and a covered call are held, and an order for a third spread rests at the broker. */
const WITH_A_BOOK: readonly { readonly at: Instant; readonly fact: JournalFact }[] = readFileSync(
  new URL('../support/journalOfOlderBuild.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const RESTING = 'sd-test0001-i4-1-000000000018';
const KEY = { keyId: 'PKSIMULATED', secret: 'canary-secret-0d31', controlToken: 'control' };

/** What a file holds, as one can tell. */
const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a program put back to an older version while positions are held', () => {
  it('refuses in a sentence, asks the broker nothing, and leaves order, kill switch and journal as they are', {
    timeout: 60_000,
  }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'strikedesk-newer-'));
    const exchange = smallExchange();
    runToTime(exchange, '2026-01-05', '10:00');
    const [low, high] = exchange.market.contracts({ underlyings: ['BAC'], right: 'put' });
    if (!low || !high) throw new Error('nothing is listed');
    const rests = exchange.desk.submit(ticket([sell(high.symbol), buy(low.symbol)], 1, 4.9, { clientOrderId: RESTING }));
    if (rests.kind !== 'accepted') throw new Error(rests.refusal.message);
    const broker = await createAlpacaServer({ exchange, ...KEY, port: 0 });
    let asked = 0;
    const gate = createServer((_, response) => {
      asked += 1;
      response.writeHead(307, { Location: broker.url }).end();
    }).on('connection', () => {
      asked += 1;
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const address = gate.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

    const file = join(home, 'journal.db');
    const journal = openJournal(file, { create: true, journalId: 'test0001' });
    const at = WITH_A_BOOK.at(-1)?.at ?? exchange.now();
    const newer: JournalFact = JSON.parse(JSON.stringify({ kind: 'DividendReinvested', symbol: 'XYZ', shares: 1 }));
    journal.writer.append([...WITH_A_BOOK, { at, fact: newer }], { durable: true });
    journal.close();
    const latchFile = join(home, 'kill-switch.latch');
    openLatchFile(latchFile).write({ state: 'ACTIVE', reason: 'as it was', by: 'story', at });
    const before = [digestOf(file), digestOf(latchFile), JSON.stringify(exchange.desk.orders({ status: 'all' }))];
    try {
      await expect(
        startDesk(home, [], {
          STRIKEDESK_BROKER_VENUE: 'alpaca-paper',
          STRIKEDESK_BROKER_TRADING_URL: url,
          STRIKEDESK_BROKER_DATA_URL: url,
          STRIKEDESK_ALPACA_KEY_ID: KEY.keyId,
          STRIKEDESK_ALPACA_SECRET: KEY.secret,
        }),
      ).rejects.toThrow(
        `the desk ended (2): Row ${WITH_A_BOOK.length + 1} of this journal is a 'DividendReinvested', which this Strikedesk does not know: a newer one wrote it. Update Strikedesk, or restore a backup made before the update.`,
      );
      expect([digestOf(file), digestOf(latchFile), JSON.stringify(exchange.desk.orders({ status: 'all' }))]).toEqual(before);
      expect(exchange.desk.orders({ status: 'open' }).map(({ clientOrderId }) => clientOrderId)).toEqual([RESTING]);
      expect(asked).toBe(0);
    } finally {
      gate.close();
      await broker.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
