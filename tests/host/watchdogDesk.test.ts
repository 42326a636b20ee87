import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalReader } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import type { ItemOf } from '#contract/contract';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import { type DeskProcess, signIn, startDesk } from '#support/deskProcess';
import { buy, runOn, runTo, sell, smallExchange, ticket } from '#support/embeddedAccount';
import type { WatchState } from '#watchdog/protocol';
import { watchStateFile } from '#watchdog/sharedFiles';
import type { Client } from '#wire/client';

const KEY = { keyId: 'PKSIMULATED', secret: 'canary-secret-93d0', controlToken: 'control' };

let home = '';
let exchange: Exchange;
let server: AlpacaServer;
let desk: DeskProcess;
let client: Client;
let ticking: NodeJS.Timeout;

beforeEach(async () => {
  if (!existsSync('out/renderer/index.html')) {
    mkdirSync('out/renderer', { recursive: true });
    writeFileSync('out/renderer/index.html', '<!doctype html><title>Strikedesk</title>');
  }
  home = mkdtempSync(join(tmpdir(), 'strikedesk-dogdesk-'));
  exchange = smallExchange();
  runTo(exchange, atNewYork(isoDate('2026-01-05'), '10:00'));
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  ticking = setInterval(() => runOn(exchange, 0.2), 200);
  await start();
  await watched(({ phase }) => phase === 'watching');
}, 60_000);

async function start(): Promise<void> {
  desk = await startDesk(home, [], {
    STRIKEDESK_BROKER_VENUE: 'alpaca-paper',
    STRIKEDESK_BROKER_TRADING_URL: server.url,
    STRIKEDESK_BROKER_DATA_URL: server.url,
    STRIKEDESK_ALPACA_KEY_ID: KEY.keyId,
    STRIKEDESK_ALPACA_SECRET: KEY.secret,
    STRIKEDESK_WATCHDOG_BEAT_SECONDS: '0.3',
  });
  client = await signIn(desk.url, desk.token);
}

afterEach(async () => {
  const dog = seen()?.pid;
  client.close();
  if (desk.child.pid !== undefined && desk.child.exitCode === null && desk.child.signalCode === null) {
    process.kill(desk.child.pid, 'SIGCONT');
    await desk.kill('SIGKILL');
  }
  clearInterval(ticking);
  await server.close();
  if (dog)
    try {
      process.kill(dog, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  rmSync(home, { recursive: true, force: true });
});

function watched(wanted: (view: ItemOf<'watchdog.view'>) => boolean): Promise<ItemOf<'watchdog.view'>> {
  return new Promise((resolve) => {
    const stop = client.feed('watchdog.view', {}, (view) => {
      if (!wanted(view)) return;
      queueMicrotask(() => stop());
      resolve(view);
    });
  });
}

const seen = (): WatchState | null => watchStateFile(join(home, 'watchdog.json')).read();

/** An entry as the desk sends them, resting at the broker; the desk's own journal gives its name. */
function restingEntry(): string {
  const journal = openJournalReader(join(home, 'journal.db'));
  const journalId = journal.reader.journalId;
  journal.close();
  const [low, high] = exchange.market.contracts({ underlyings: ['BAC'], right: 'put' });
  if (!low || !high) throw new Error('nothing is listed');
  const answer = exchange.desk.submit(
    ticket([sell(high.symbol), buy(low.symbol)], 1, 4.9, { clientOrderId: `sd-${journalId}-i901-1-0123456789ab` }),
  );
  if (answer.kind !== 'accepted') throw new Error(answer.refusal.message);
  return answer.order.id;
}

/** Waits for the watchdog to say that no entry is left; answers with how long that took after it noticed. */
async function cleared(): Promise<WatchState & { readonly tookMs: number }> {
  for (const end = performance.now() + 30_000; performance.now() < end; await pause(20)) {
    const state = seen();
    if (state?.clearedAt && state.firedAt) return { ...state, tookMs: state.clearedAt - state.firedAt };
  }
  throw new Error(JSON.stringify(seen()));
}

const latchState = (): string => openLatchFile(join(home, 'kill-switch.latch')).read().state;

describe('the watchdog of a running desk', () => {
  it('takes entries back within five seconds while the desk’s loop stands still', async () => {
    const entry = restingEntry();
    desk.child.kill('SIGSTOP');
    const { tookMs, reason } = await cleared();
    expect(tookMs).toBeLessThan(5_000);
    expect(reason).toMatch(/no sign of life/);
    expect(exchange.desk.orderById(entry)?.status).toBe('canceled');
    expect(latchState()).toBe('REDUCING');
    // When the desk goes on, it finds the switch thrown and says what its watchdog did.
    desk.child.kill('SIGCONT');
    const view = await watched(({ phase, firedAt }) => phase === 'watching' && firedAt !== null);
    expect(view).toMatchObject({ remaining: 0, missedBeats: 3, outlives: true });
    expect(view.cancelled).toEqual([entry]);
  }, 60_000);

  it('takes entries back when the database is locked: the engine halts itself and falls silent', async () => {
    const entry = restingEntry();
    const other = new Database(join(home, 'journal.db'));
    other.exec('BEGIN IMMEDIATE');
    try {
      const outcome = await client.command('symbol.pause', { commandId: 'locked-0001', underlying: 'KO', paused: true });
      expect(outcome).toMatchObject({ kind: 'refused' });
      const { tookMs } = await cleared();
      expect(tookMs).toBeLessThan(5_000);
      expect(exchange.desk.orderById(entry)?.status).toBe('canceled');
      expect(latchState()).toBe('HALTED');
    } finally {
      other.exec('ROLLBACK');
      other.close();
    }
  }, 60_000);

  it('takes entries back after SIGKILL, and the next start is ACTIVE again when the account agrees', async () => {
    const entry = restingEntry();
    await desk.kill('SIGKILL');
    const { tookMs } = await cleared();
    expect(tookMs).toBeLessThan(5_000);
    expect(exchange.desk.orderById(entry)?.status).toBe('canceled');
    expect(latchState()).toBe('REDUCING');
    expect(readFileSync(join(home, 'watchdog.log'), 'utf8')).not.toContain(KEY.secret);
    client.close();
    await start();
    await new Promise<void>((resolve) => {
      client.feed('desk.status', {}, ({ kill }) => kill.state === 'ACTIVE' && resolve());
    });
    const notices = await new Promise<ItemOf<'desk.notifications'>>((resolve) => {
      client.feed('desk.notifications', {}, (items) => items.length > 0 && resolve(items));
    });
    expect(notices.find(({ title }) => title === 'The watchdog acted')?.body).toContain('1 entry was taken back');
    const history = await client.query('killSwitch.history', {});
    expect(history.map(({ from, to, by }) => [from, to, by])).toEqual([
      ['REDUCING', 'ACTIVE', 'engine'],
      ['ACTIVE', 'REDUCING', 'watchdog'],
    ]);
  }, 60_000);
});

describe('a desk that is stopped in order', () => {
  it('says what is left, though Ctrl+C comes twice, and its watchdog ends in silence', async () => {
    desk.child.kill('SIGINT');
    await desk.kill('SIGINT');
    expect(desk.child.exitCode).toBe(0);
    expect(desk.output()).toContain('Stopped: nothing is held and nothing is open.');
    for (const end = performance.now() + 5_000; seen()?.phase !== 'ended' && performance.now() < end; ) await pause(50);
    expect(seen()).toMatchObject({ phase: 'ended', reason: 'the desk ended in order', firedAt: null });
  }, 60_000);

  it('does not hang on a broker that is silent', async () => {
    exchange.faults.use([{ kind: 'serverError' }]);
    await desk.kill('SIGTERM');
    expect(desk.child.exitCode).toBe(0);
    expect(desk.output()).toContain('Stopped: ');
  }, 60_000);
});
