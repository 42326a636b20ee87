import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { openJournal, openJournalReader } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { openSession, recordSession } from '#adapters/sessionTape/sessionTape';
import { assemble } from '#app/assemble';
import { newestTape, newTape } from '#app/desk/newTape';
import { replaySession } from '#app/journal/replaySession';
import { instant, isoDate, plusMs } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import { runUntil } from '#modes/simulated';
import type { JournalReader } from '#ports/journal';
import { appSettings } from '#ports/settings/appSettings';
import { EAGER_SETTINGS, UNIVERSE } from '#support/eagerSettings';

const settings = EAGER_SETTINGS;

let folder = '';
const tapes: string[] = [];
let reader: JournalReader;
let close = (): void => {};

/** A morning in two sessions: the program ends at noon, with positions, and starts again; the owner throws and releases the switch. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-tape-'));
  const exchange = createExchange({
    seed: 3,
    start: isoDate('2026-01-05'),
    settings: { market: { underlyings: UNIVERSE, historySessions: 40 } },
  });
  const latch = memoryLatch();
  for (const [session, hours] of [4, 3].entries()) {
    const journal = openJournal(join(folder, 'journal.db'), { create: true, journalId: 'recorded' });
    const broker = new EmbeddedBroker(exchange);
    const feed = new EmbeddedFeed(exchange);
    const path = join(folder, `${session}.tape`);
    tapes.push(path);
    const { runtime, start, tape } = assemble({
      settings,
      broker,
      feed,
      journal,
      latch,
      mode: 'paper',
      account: exchange.desk.account().accountNumber,
      build: 'test',
      now: () => exchange.now(),
      tape: path,
      onCrash: (error) => {
        throw error;
      },
    });
    await broker.start();
    await feed.start();
    start();
    const until = plusMs(exchange.now(), hours * 3_600_000);
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, plusMs(until, -600_000));
    // What the desk writes by itself stands between the engine's rows.
    const note = { kind: 'SettingChanged', path: 'simulation.speed', oldValue: '1', newValue: '2', by: 'owner' } as const;
    const asked = { kind: 'OpinionAsked', opinionId: 'o1', decisionId: 'd1', model: 'm', origin: 'http://127.0.0.1:1' } as const;
    const sent = { ...asked, prompt: 'p', promptHash: 'h', wallAt: exchange.now(), by: 'owner' };
    journal.writer.append(
      [note, sent].map((fact) => ({ at: exchange.now(), fact })),
      { durable: true },
    );
    const by = { role: 'owner', via: 'desktop', name: 'test' } as const;
    const command = { kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'lunch' } as const;
    void runtime.command({ commandId: `c${session}`, at: exchange.now(), by, command });
    await runUntil({ runtime, time: exchange, adapters: [broker, feed], onTime() {} }, until);
    runtime.stop();
    tape?.close();
    journal.close();
  }
  const opened = openJournalReader(join(folder, 'journal.db'));
  reader = opened.reader;
  close = opened.close;
}, 60_000);
afterAll(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

const tapeOf = (session: number): string => tapes[session] ?? '';

describe('a recorded session', () => {
  it('is decided again letter by letter, both before and after a restart', () => {
    for (const session of [0, 1]) {
      const replay = replaySession(tapeOf(session), reader, 'test');
      expect(replay).toMatchObject({ ok: true, sameBuild: true, firstDifference: null, rowsAfterTape: 0 });
      expect(replay.facts).toBeGreaterThan(50);
    }
    const morning = replaySession(tapeOf(0), reader, 'test');
    expect(morning.decisions).toBeGreaterThan(5);
    expect([...reader.rows(1)].filter(({ fact }) => fact.kind === 'OrderIntended').length).toBeGreaterThan(3);
  });

  it('says where a decision comes out differently: an event that was never told', () => {
    const { head, entries } = openSession(tapeOf(0));
    const shorter = join(folder, 'shorter.tape');
    const copy = recordSession(shorter, head);
    let latch = null;
    let scans = 0;
    for (const entry of entries()) {
      latch = entry.latch ?? latch;
      if (entry.event.kind === 'chainsArrived' && ++scans === 3) continue;
      if (latch) copy.record(entry.event, latch);
    }
    copy.close();
    const { ok, firstDifference } = replaySession(shorter, reader, 'test');
    expect(ok).toBe(false);
    expect(firstDifference?.seq).toBeGreaterThan(head.firstSeq);
    expect(firstDifference?.journal).not.toBe(firstDifference?.replayed);
  });

  it('is proved as far as the tape was kept: what follows a tape that was ended is dropped, its size is told', () => {
    const { head, entries } = openSession(tapeOf(0));
    const ended = join(folder, 'ended.tape');
    const copy = recordSession(ended, head);
    let latch = null;
    let told = 0;
    for (const entry of entries()) {
      latch = entry.latch ?? latch;
      if (++told === 200) copy.close();
      if (latch) copy.record(entry.event, latch);
    }
    copy.close();
    expect(copy.bytes()).toBe(statSync(ended).size);
    expect([...openSession(ended).entries()]).toHaveLength(199);
    expect(replaySession(ended, reader, 'test')).toMatchObject({ ok: true, events: 199 });
  });

  it('says that it was another build', () => {
    expect(replaySession(tapeOf(0), reader, 'newer').sameBuild).toBe(false);
  });

  it('is read as far as it goes when a death cut it off', () => {
    const cut = join(folder, 'cut.tape');
    cpSync(tapeOf(0), cut);
    truncateSync(cut, Math.floor(readFileSync(cut).length / 2));
    const replay = replaySession(cut, reader, 'test');
    expect(replay.ok).toBe(true);
    expect(replay.rowsAfterTape).toBeGreaterThan(0);
  });

  it('is refused when it is something else', () => {
    const other = join(folder, 'other.tape');
    writeFileSync(other, 'a letter');
    expect(() => openSession(other)).toThrow('is not a session’s tape');
  });
});

describe('where sessions are recorded', () => {
  const at = (text: string) => instant(Date.parse(text));
  it('at a broker unless told otherwise, in files of which the last few are kept', () => {
    const tapesFolder = join(folder, 'kept');
    const alpaca = appSettings.parse({ broker: { venue: 'alpaca-paper' }, journal: { tapesKept: 2 } });
    expect(newTape(tapesFolder, appSettings.parse({}), at('2026-01-05T14:00:00Z'))).toBeNull();
    expect(
      newTape(tapesFolder, appSettings.parse({ ...alpaca, journal: { recordSessions: 'never' } }), at('2026-01-05T14:00:00Z')),
    ).toBeNull();
    for (const day of ['05', '06', '07']) writeFileSync(newTape(tapesFolder, alpaca, at(`2026-01-${day}T14:00:00Z`)) ?? '', 'x');
    expect(newestTape(tapesFolder)).toContain('2026-01-07');
    expect(newTape(tapesFolder, alpaca, at('2026-01-08T14:00:00Z'))).toContain('2026-01-08');
    expect(newestTape(tapesFolder)).toContain('2026-01-07');
  });
});
