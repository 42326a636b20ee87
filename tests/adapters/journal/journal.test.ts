import { hash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '#adapters/journal/backup';
import { canonicalJson } from '#adapters/journal/canonicalJson';
import { checkOnThread } from '#adapters/journal/checkThread';
import { openJournal, openJournalReader } from '#adapters/journal/journal';
import { MIGRATIONS } from '#adapters/journal/migrate';
import { restore } from '#adapters/journal/restore';
import { keptBackups } from '#adapters/journal/retention';
import { instant } from '#domain/units';
import { fault } from './exampleFacts.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-journal-'));
  path = join(folder, 'journal.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A journal of ten rows, closed. */
function tenRows(): void {
  const journal = openJournal(path, { create: true, journalId: 'story' });
  for (let n = 1; n <= 10; n += 1) journal.writer.append([fault(n)], { durable: n % 2 === 0 });
  journal.close();
}

/** Someone with SQLite and bad intentions: the guards are dropped, the deed is done, the guards are put back. */
function tamper(sql: string): void {
  const db = new Database(path);
  const guards = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

function verdict(): { ok: boolean; events: number; firstBad: number | null; reason: string } {
  const journal = openJournalReader(path);
  try {
    return journal.reader.verify();
  } finally {
    journal.close();
  }
}

describe('the chain', () => {
  it('verifies what was written, across a restart', () => {
    tenRows();
    const journal = openJournal(path, { create: false });
    expect(journal.writer.journalId).toBe('story');
    journal.writer.append([fault(11)], { durable: true });
    journal.close();
    expect(verdict()).toMatchObject({ ok: true, events: 11, firstBad: null });
  });

  it('verifies while rows still wait for their commit', () => {
    const journal = openJournal(path, { create: true });
    journal.writer.append([fault(1)], { durable: true });
    journal.writer.append([fault(2), fault(3)], { durable: false });
    expect(journal.reader.verify()).toMatchObject({ ok: true, events: 3 });
    journal.close();
  });

  it('gives the same hashes for the same facts', () => {
    const heads = [1, 2].map(() => {
      const journal = openJournal(':memory:', { create: true, journalId: 'story' });
      journal.writer.append([fault(1), fault(2)], { durable: true });
      const { hash: head } = journal.writer.head();
      journal.close();
      return head;
    });
    expect(heads[0]).toBe(heads[1]);
  });

  it.each([1, 2, 5, 9, 10])('names row %i when it was changed, removed or given another time', (seq) => {
    for (const sql of [
      `UPDATE events SET fact = replace(fact, 'n=', 'm=') WHERE seq = ${seq}`,
      `UPDATE events SET at = at + 1 WHERE seq = ${seq}`,
      `UPDATE events SET kind = 'Other' WHERE seq = ${seq}`,
      `DELETE FROM events WHERE seq = ${seq}`,
    ]) {
      rmSync(folder, { recursive: true, force: true });
      tenRows();
      tamper(sql);
      expect(verdict(), sql).toMatchObject({ ok: false, firstBad: seq });
    }
  });

  it('names the first of two swapped rows', () => {
    tenRows();
    tamper(
      'UPDATE events SET seq = 99 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 7; UPDATE events SET seq = 7 WHERE seq = 99',
    );
    expect(verdict()).toMatchObject({ ok: false, firstBad: 3 });
  });

  it('sees a tail cut off even when the head inside was rewritten, through the anchor beside it', () => {
    tenRows();
    tamper('DELETE FROM events WHERE seq > 8; UPDATE chain_head SET seq = 8, hash = (SELECT hash FROM events WHERE seq = 8)');
    expect(verdict()).toMatchObject({ ok: false, firstBad: 9 });
    expect(() => openJournal(path, { create: false })).toThrow(/ends at row 8, but 10 rows were written/);
  });

  it('refuses UPDATE and DELETE, and says when its guards are gone', () => {
    tenRows();
    const db = new Database(path);
    expect(() => db.exec("UPDATE events SET kind = 'x' WHERE seq = 1")).toThrow(/append-only/);
    expect(() => db.exec('DELETE FROM events')).toThrow(/append-only/);
    db.exec('DROP TRIGGER events_never_deleted');
    db.close();
    expect(verdict()).toMatchObject({ ok: false, reason: expect.stringContaining('events_never_deleted') });
  });

  it('spells JSON one way and refuses what JSON would lose', () => {
    expect(canonicalJson({ b: 1, a: [true, null, -0], c: undefined })).toBe('{"a":[true,null,0],"b":1}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(/finite/);
  });
});

describe('durability', () => {
  it('runs every connection with synchronous=FULL', () => {
    const journal = openJournal(path, { create: true });
    expect(journal.db.pragma('synchronous', { simple: true })).toBe(2);
    const reader = openJournalReader(path);
    expect(reader.db.pragma('synchronous', { simple: true })).toBe(2);
    reader.close();
    journal.close();
  });

  it('keeps rows that may wait out of other connections until a durable one commits them all', () => {
    const journal = openJournal(path, { create: true });
    const seen = (): number => {
      const reader = openJournalReader(path);
      const events = reader.reader.verify().events;
      reader.close();
      return events;
    };
    journal.writer.append([fault(1), fault(2)], { durable: false });
    expect(seen()).toBe(0);
    journal.writer.append([fault(3)], { durable: true });
    expect(seen()).toBe(3);
    journal.close();
  });

  it('has one writer: the second is refused, readers are not', () => {
    const first = openJournal(path, { create: true });
    expect(() => openJournal(path, { create: false })).toThrow(/Another Strikedesk is writing/);
    first.close();
    openJournal(path, { create: false }).close();
  });

  it('refuses a database of a newer program in a sentence', () => {
    tenRows();
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openJournal(path, { create: false })).toThrow(/written by a newer Strikedesk \(schema 99/);
    expect(() => openJournalReader(path)).toThrow(/newer Strikedesk/);
  });

  it('never edits a shipped migration', () => {
    const hashes = MIGRATIONS.map(({ name, sql }) => `${name} ${hash('sha256', sql, 'hex').slice(0, 16)}`);
    expect(hashes).toEqual(['0001-journal 6083729bc4d3fd45']);
  });
});

describe('backups', () => {
  it('copies a journal in use, restores it, and keeps what was replaced', async () => {
    const journal = openJournal(path, { create: true });
    journal.writer.append([fault(1), fault(2)], { durable: true });
    const made = await backUp(journal.db, join(folder, 'backups'), instant(Date.UTC(2026, 0, 5, 12)), { daily: 7, weekly: 4 });
    expect(made).toMatchObject({ events: 2, removed: [] });
    journal.writer.append([fault(3)], { durable: true });
    await expect(restore(made.file, path, instant(5))).rejects.toThrow(/stop it first/);
    journal.close();
    expect(await restore(made.file, path, instant(5))).toMatchObject({ ok: true, events: 2 });
    expect(verdict()).toMatchObject({ ok: true, events: 2 });
    expect(existsSync(`${path}.replaced-5`)).toBe(true);
    expect(readdirSync(join(folder, 'backups')).filter((name) => name.includes('draft'))).toEqual([]);
  });

  it('checks a copy on a thread of its own: the engine’s loop goes on meanwhile', async () => {
    const journal = openJournal(path, { create: true });
    for (let n = 1; n <= 300; n += 1) journal.writer.append([fault(n)], { durable: false });
    journal.flush();
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    expect(await checkOnThread({ kind: 'journal', file: path })).toMatchObject({ ok: true, events: 300 });
    expect(turns).toBeGreaterThan(3);
    clearInterval(ticking);
    // The writer goes on while it is read.
    const checking = checkOnThread({ kind: 'journal', file: path });
    for (let n = 1; n <= 100; n += 1) journal.writer.append([fault(n)], { durable: true });
    expect(await checking).toMatchObject({ ok: true });
    await expect(checkOnThread({ kind: 'copy', file: join(folder, 'none.db') })).rejects.toThrow(/unable to open/);
    journal.close();
  });

  it('is not made where the disk would be left with too little, and one that does not verify is removed', async () => {
    const journal = openJournal(path, { create: true });
    journal.writer.append([fault(1), fault(2)], { durable: true });
    const backups = join(folder, 'backups');
    const make = (spare: number) => backUp(journal.db, backups, instant(Date.UTC(2026, 0, 5, 12)), null, spare);
    await expect(make(1e9)).rejects.toThrow(/No backup was made: the copy needs \d+ MB and 1000000000 MB must stay free/);
    journal.db.exec('DROP TRIGGER events_never_updated');
    await expect(make(0)).rejects.toThrow(/guards are missing/);
    expect(readdirSync(backups)).toEqual([]);
    journal.close();
  });

  /** A folder as a killed program leaves it: the newest rows stand in the log alone. */
  function leftByAKill(rows: number): string {
    const journal = openJournal(path, { create: true, journalId: 'story' });
    for (let n = 1; n <= rows; n += 1) journal.writer.append([fault(n)], { durable: true });
    const left = join(folder, 'left');
    mkdirSync(left);
    for (const ending of ['', '-wal', '.head']) copyFileSync(`${path}${ending}`, join(left, `journal.db${ending}`));
    journal.close();
    return join(left, 'journal.db');
  }

  it('restores from a folder that a killed program left, with the rows of its log, and leaves that as it is', async () => {
    const left = leftByAKill(30);
    const before = readdirSync(dirname(left)).map((name) => [name, readFileSync(join(dirname(left), name)).length]);
    const elsewhere = join(folder, 'elsewhere', 'journal.db');
    for (let time = 1; time <= 2; time += 1)
      expect(await restore(left, elsewhere, instant(time))).toMatchObject({ ok: true, events: 30 });
    expect(readdirSync(dirname(left)).map((name) => [name, readFileSync(join(dirname(left), name)).length])).toEqual(before);
  });

  it('takes no copy of a journal that is being written, nor of itself: what is written stays where it is', async () => {
    const journal = openJournal(path, { create: true, journalId: 'story' });
    journal.writer.append([fault(1)], { durable: true });
    await expect(restore(path, join(folder, 'other.db'), instant(1))).rejects.toThrow(/is writing .*restore one of its backups/);
    await expect(restore(path, path, instant(1))).rejects.toThrow(/in its own place/);
    journal.writer.append([fault(2)], { durable: true });
    expect(verdict()).toMatchObject({ ok: true, events: 2 });
    expect(existsSync(`${path}-wal`)).toBe(true);
    journal.close();
  });

  it('keeps what it replaced whole: it can be put back with the rows of its log', async () => {
    const left = leftByAKill(30);
    const early = join(folder, 'early.db');
    const first = openJournal(early, { create: true, journalId: 'story' });
    first.writer.append([fault(1)], { durable: true });
    first.close();
    await restore(early, left, instant(5));
    const kept = `${left}.replaced-5`;
    expect(await restore(kept, left, instant(6))).toMatchObject({ ok: true, events: 30 });
    const back = openJournal(left, { create: false });
    expect(back.writer.head().seq).toBe(30);
    back.close();
  });

  it('takes nothing more once a commit that nobody asked for failed', () => {
    const journal = openJournal(path, { create: true });
    journal.writer.append([fault(1)], { durable: false });
    journal.db.exec("CREATE TEMP TRIGGER broken BEFORE UPDATE ON chain_head BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END");
    expect(() => journal.reader.verify()).toThrow('the disk is gone');
    expect(() => journal.writer.append([fault(2)], { durable: true })).toThrow(/failed earlier .* the disk is gone/);
    journal.close();
  });

  it('drops no older copy when it is asked to keep all', async () => {
    const journal = openJournal(path, { create: true });
    for (let day = 1; day <= 20; day += 1)
      await backUp(journal.db, join(folder, 'backups'), instant(Date.UTC(2026, 0, day)), null);
    expect(readdirSync(join(folder, 'backups')).filter((name) => name.endsWith('.db'))).toHaveLength(20);
    journal.close();
  });

  it('refuses a damaged backup', async () => {
    tenRows();
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    const bytes = Buffer.from('not a database at all');
    writeFileSync(copy, bytes);
    await expect(restore(copy, path, instant(1))).rejects.toThrow();
    expect(verdict().ok).toBe(true);
  });

  it('keeps the newest of 7 days and of 4 weeks', () => {
    const names = Array.from({ length: 60 }, (_, day) => {
      const at = new Date(Date.UTC(2026, 0, 1 + day, 21)).toISOString().replace(/[-:]/g, '').slice(0, 15);
      return `journal-${at}Z.db`;
    });
    const kept = [...keptBackups(names, { daily: 7, weekly: 4 })].map((name) => name.slice(8, 16)).sort();
    // 60 days end on Sunday 2026-03-01: the last seven days, and the Sundays before them.
    expect(kept).toEqual([
      '20260208',
      '20260215',
      '20260222',
      '20260223',
      '20260224',
      '20260225',
      '20260226',
      '20260227',
      '20260228',
      '20260301',
    ]);
  });
});
