import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, openJournalReader } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import { JOURNAL_FILE, LATCH_FILE, tradeDay } from '../journalledDay/tradeDay.ts';
import { broken, diskCases, foldingCases } from './cases.ts';
import { failDisk } from './failDisk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-disk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const day = (prepare: Parameters<typeof tradeDay>[0]['prepare']) =>
  tradeDay({ folder, seed: 7, minutes: 15, wireFile: join(folder, 'wire.txt'), ...(prepare ? { prepare } : {}) });

describe('a disk that fails', () => {
  it('stops the engine, before anything else is sent, at whichever write or sync it fails', async (context) => {
    const result = await failDisk(diskCases(10), { seed: 7, minutes: 12, workers: 1 });
    if (typeof result === 'string') return context.skip(result);
    expect(result.findings).toEqual([]);
    expect(result.reached).toBe(result.cases);
    expect(result.ordersSent).toBeGreaterThan(0);
  }, 120_000);

  it('stops the engine too when it fails while the log is folded into the database', async (context) => {
    const result = await failDisk(foldingCases(JOURNAL_FILE), { seed: 7, minutes: 90, workers: 1 });
    if (typeof result === 'string') return context.skip(result);
    expect(result.findings).toEqual([]);
    expect(result.reached).toBe(result.cases);
  }, 120_000);

  it('says what is wrong with a case that did not hold', () => {
    const fine = { nth: 1, errno: 5, lasts: false, operation: 'write', reached: true, sent: 3, thrown: null } as const;
    const held = { ...fine, sentAfterFault: 0, isHalted: true, alerts: ['x'], lost: [], refused: null };
    expect(broken(held)).toEqual([]);
    expect(broken({ ...held, reached: false })).toHaveLength(1);
    expect(broken({ ...held, sentAfterFault: 1, isHalted: false, alerts: [], lost: ['sd-1'], refused: 'no' })).toHaveLength(5);
  });

  it('is a halt too when another program holds the database', async () => {
    let other: Database.Database | null = null;
    const { sent, isHalted, alerts } = await day(() => {
      other = new Database(join(folder, JOURNAL_FILE));
      other.exec('BEGIN IMMEDIATE');
    });
    (other as Database.Database | null)?.close();
    expect({ sent, isHalted }).toEqual({ sent: [], isHalted: true });
    expect(alerts.join(' ')).toMatch(/database is locked/);
    expect(openLatchFile(join(folder, LATCH_FILE)).read()).toMatchObject({ state: 'HALTED', by: 'engine' });
  });

  it('is noticed when it changed a page behind our back', async () => {
    await day(undefined);
    const path = join(folder, JOURNAL_FILE);
    const bytes = readFileSync(path);
    // Wherever SQLite keeps a copy of it, pages that are no longer used included.
    const written = '"kind":"ScanCompleted"';
    let changed = 0;
    for (let place = bytes.indexOf(written); place >= 0; place = bytes.indexOf(written, place + 1), changed += 1)
      bytes.write('"kind":"ScanCOMPLETED"', place);
    expect(changed).toBeGreaterThan(0);
    writeFileSync(path, bytes);
    const { reader, close } = openJournalReader(path);
    expect(reader.verify()).toMatchObject({ ok: false, reason: expect.stringMatching(/is not what was written/) });
    close();
  });

  it('cannot be written past: an engine on a journal with a gap does not start', async () => {
    await day(undefined);
    const path = join(folder, JOURNAL_FILE);
    const db = new Database(path);
    db.exec('DROP TRIGGER events_never_deleted; DELETE FROM events WHERE seq > 5');
    db.close();
    expect(() => openJournal(path, { create: false })).toThrow(/ends at row 5/);
  });
});
