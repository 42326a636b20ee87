import { describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { assemble } from '#app/assemble';
import { isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { JournalFact } from '#ports/facts';
import { engineSettings } from '#ports/settings/settings';

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
