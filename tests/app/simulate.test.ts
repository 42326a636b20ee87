import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJournalReader } from '#adapters/journal/journal';
import { type CommandRun, runCommand } from '#support/runCommand';

const KEYS = [
  'seed',
  'days',
  'wallMs',
  'scans',
  'candidates',
  'proposals',
  'approved',
  'rejected',
  'ordersSubmitted',
  'ordersFilled',
  'ordersCancelled',
  'tradesOpened',
  'tradesClosed',
  'assignments',
  'expirations',
  'exitReasons',
  'realizedPnlCents',
  'feesCents',
  'equityStartCents',
  'equityEndCents',
  'unintendedOrders',
  'limitBreaches',
  'journalEvents',
  'journalHash',
];

let folder = '';
let first: CommandRun;
const journal = () => join(folder, 'kept.db');
const simulate = (...args: string[]) => runCommand('simulate', [...args, '--json']);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-simulate-'));
  first = await simulate('--seed', '3', '--days', '1', '--journal', journal());
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the kept journal after somebody meddled with it. */
async function meddled(sql: string): Promise<CommandRun> {
  const path = join(folder, `meddled-${Math.abs(Buffer.from(sql).reduce((sum, byte) => (sum * 31 + byte) | 0, 7))}.db`);
  copyFileSync(journal(), path);
  copyFileSync(`${journal()}.head`, `${path}.head`);
  const db = new Database(path);
  for (const { name } of db.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
    db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  db.close();
  return runCommand('journalCommand', ['verify', '--db', path, '--json']);
}

describe('npm run simulate', () => {
  it('prints one object with every figure, and no harm', () => {
    expect(first.code).toBe(0);
    const result = first.json();
    for (const key of KEYS) expect(result, key).toHaveProperty(key);
    expect(result).toMatchObject({ seed: 3, days: 1, unintendedOrders: 0, limitBreaches: 0, positionMismatches: 0 });
    expect(Number(result['scans'])).toBe(780);
    expect(Number(result['tradesOpened'])).toBeGreaterThan(0);
  });

  it('tells the same story for the same seed, and another for another', async () => {
    const [again, other] = await Promise.all([simulate('--seed', '3', '--days', '1'), simulate('--seed', '4', '--days', '1')]);
    expect(again.json()['journalHash']).toBe(first.json()['journalHash']);
    expect(other.json()['journalHash']).not.toBe(first.json()['journalHash']);
  }, 60_000);

  it('survives kills of its process without a double, a lost or a forgotten order', async () => {
    const run = await simulate('--seed', '5', '--days', '1', '--crash', '4');
    expect(run.json()).toMatchObject({
      crashes: 4,
      duplicateOrders: 0,
      lostOrders: 0,
      positionMismatches: 0,
      unintendedOrders: 0,
      limitBreaches: 0,
    });
    expect(run.code).toBe(0);
  }, 240_000);

  it('says which option is wrong, and keeps a journal that exists', async () => {
    const wrong = await simulate('--days', 'many');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/--days takes a whole number from 1 to 2520, not 'many'/);
    const kept = await simulate('--journal', journal());
    expect(kept.code).toBe(2);
    expect(kept.err).toMatch(/exists already/);
  });
});

describe('npm run journal', () => {
  it('proves the chain that the simulation kept', async () => {
    const verified = await runCommand('journalCommand', ['verify', '--db', journal(), '--json']);
    expect(verified.code).toBe(0);
    expect(verified.json()).toMatchObject({ ok: true, firstBad: null, events: first.json()['journalEvents'] });
  });

  it('names the row that was changed, removed, swapped or cut off', async () => {
    const changed = await meddled(`UPDATE events SET fact = replace(fact, '"contracts":', '"contracts" :') WHERE seq = 40`);
    const removed = await meddled('DELETE FROM events WHERE seq = 25');
    const swapped = await meddled(
      'UPDATE events SET seq = -30 WHERE seq = 30; UPDATE events SET seq = 30 WHERE seq = 31; UPDATE events SET seq = 31 WHERE seq = -30',
    );
    const cut = await meddled('DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)');
    for (const run of [changed, removed, swapped, cut]) expect(run.code).toBe(1);
    expect(removed.json()).toMatchObject({ ok: false, firstBad: 25 });
    expect(swapped.json()).toMatchObject({ ok: false, firstBad: 30 });
    expect(cut.json()).toMatchObject({ ok: false });
    expect(changed.json()['ok']).toBe(false);
  });

  it('exports what it holds in three forms, and tells an unknown one', async () => {
    for (const format of ['csv', 'json', 'schema']) {
      const file = join(folder, `trades.${format}`);
      const run = await runCommand('journalCommand', ['export', '--db', journal(), '--format', format, '--to', file, '--json']);
      expect(run.json()).toMatchObject({ ok: true, format, trades: first.json()['tradesClosed'] });
    }
    const wrong = await runCommand('journalCommand', ['export', '--db', journal(), '--format', 'xml', '--json']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/--format is csv, json, schema or form8949, not 'xml'/);
  });

  it('practises the restore: chain, head and the state that it folds to are the same, and nothing is left or touched', async () => {
    const run = await runCommand('journalCommand', ['drill', '--db', journal(), '--json']);
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({
      ok: true,
      chain: true,
      headsEqual: true,
      stateEqual: true,
      events: first.json()['journalEvents'],
    });
  });

  it('explains an order from the build that ran to the broker’s last word, and says when there is no such order', async () => {
    const opened = openJournalReader(journal());
    const orders = opened.reader.orders(1_000);
    opened.close();
    const filled = orders.find(({ purpose, filled }) => purpose === 'open' && filled > 0);
    const run = await runCommand('journalCommand', ['explain', '--db', journal(), '--order', filled?.intentId ?? '', '--json']);
    expect(run.json()).toMatchObject({ ok: true, missing: [] });
    const links: { step: string; seq: number; what: string }[] = JSON.parse(JSON.stringify(run.json()['links']));
    const order = ['session', 'scan', 'decision', 'verdict', 'intent', 'broker', 'position'];
    expect([...new Set(links.map(({ step }) => step))].sort()).toEqual([...order].sort());
    expect(links.find(({ step }) => step === 'session')?.what).toMatch(
      /build strikedesk \d+\.\d+\.\d+ [0-9a-f]{12}, settings [0-9a-f]{16}/,
    );
    const none = await runCommand('journalCommand', ['explain', '--db', journal(), '--order', 'i999999', '--json']);
    expect(none.code).toBe(1);
  });

  it('writes the columns of Form 8949', async () => {
    const file = join(folder, 'form8949.csv');
    const run = await runCommand('journalCommand', ['export', '--db', journal(), '--format', 'form8949', '--to', file, '--json']);
    expect(run.json()).toMatchObject({ ok: true, file });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^form,description,date_acquired,date_sold,proceeds,cost_basis,code,adjustment,gain_or_loss,term,note\r\n/,
    );
  });

  it('backs up, and puts a backup back', async () => {
    const backups = join(folder, 'backups');
    const made = await runCommand('journalCommand', ['backup', '--db', journal(), '--to', backups, '--json']);
    expect(made.json()).toMatchObject({ ok: true });
    const target = join(folder, 'restored.db');
    const restored = await runCommand('journalCommand', [
      'restore',
      '--from',
      String(made.json()['file']),
      '--db',
      target,
      '--json',
    ]);
    expect(restored.json()).toMatchObject({ ok: true, events: first.json()['journalEvents'] });
    const verified = await runCommand('journalCommand', ['verify', '--db', target, '--json']);
    expect(verified.json()).toMatchObject({ ok: true });
  });
});
