import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLatchFile } from '#adapters/latch/latchFile';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import { buy, runOn, runTo, sell, sellToClose, smallExchange, ticket } from '#support/embeddedAccount';
import { isEntry, type OpenOrder } from '#watchdog/brokerOrders';
import type { WatchState } from '#watchdog/protocol';
import { watchStateFile } from '#watchdog/sharedFiles';

const KEY = { keyId: 'PKSIMULATED', secret: 'canary-secret-77aa', controlToken: 'control' };
const JOURNAL = 'dogstory';
const idOf = (intent: string): string => `sd-${JOURNAL}-${intent}-1-0123456789ab`;

let home = '';
let exchange: Exchange;
let server: AlpacaServer;
let engine: ChildProcess | null = null;
let dog: number | null = null;
/** The exchange's own time goes on: a cancel takes its moment there too. */
let ticking: NodeJS.Timeout;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-dog-'));
  exchange = smallExchange();
  runTo(exchange, atNewYork(isoDate('2026-01-05'), '10:00'));
  server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  ticking = setInterval(() => runOn(exchange, 0.2), 200);
});
afterEach(async () => {
  clearInterval(ticking);
  if (engine?.exitCode === null) engine.kill('SIGKILL');
  if (dog !== null && isAlive(dog)) process.kill(dog, 'SIGKILL');
  engine = null;
  dog = null;
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const state = (): WatchState | null => watchStateFile(join(home, 'watchdog.json')).read();

async function until(what: (seen: WatchState) => boolean, ms: number): Promise<WatchState> {
  for (const end = performance.now() + ms; performance.now() < end; await pause(20)) {
    const seen = state();
    if (seen && what(seen)) return seen;
  }
  throw new Error(`not within ${ms} ms: ${JSON.stringify(state())}`);
}

function told(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => message === what && resolve());
    child.once('exit', (code) => reject(new Error(`the engine's process ended (${code})`)));
  });
}

/** Puts orders at the broker that rest far from the market: two entries of ours, one of our exits, one of the owner's own. */
function restingOrders(): { readonly entries: string[]; readonly others: string[] } {
  const [put] = exchange.market.contracts({ underlyings: ['KO'], right: 'put' });
  const [low, high] = exchange.market.contracts({ underlyings: ['BAC'], right: 'put' });
  if (!put || !low || !high) throw new Error('nothing is listed');
  const send = (order: Parameters<Exchange['desk']['submit']>[0]): string => {
    const answer = exchange.desk.submit(order);
    if (answer.kind !== 'accepted') throw new Error(answer.refusal.message);
    return answer.order.id;
  };
  const bought = send(ticket([buy(put.symbol)], 1, -50, { clientOrderId: idOf('i1') }));
  runTo(exchange, atNewYork(isoDate('2026-01-05'), '10:05'));
  expect(exchange.desk.orderById(bought)?.status).toBe('filled');
  const entries = [
    send(ticket([buy(low.symbol)], 1, -0.01, { clientOrderId: idOf('i2') })),
    send(ticket([sell(high.symbol), buy(low.symbol)], 1, 4.9, { clientOrderId: idOf('i3') })),
  ];
  const others = [
    send(ticket([sellToClose(put.symbol)], 1, 90, { clientOrderId: idOf('i4') })),
    send(ticket([buy(low.symbol)], 1, -0.01, { clientOrderId: 'by-hand-1' })),
  ];
  return { entries, others };
}

async function startEngine(listed: readonly string[], suspend = ''): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./engineProcess.ts', import.meta.url));
  const child = fork(script, [home, server.url, JOURNAL, listed.join(','), suspend], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  engine = child;
  await told(child, 'ready');
  dog = (await until(({ phase }) => phase === 'watching', 15_000)).pid;
  return child;
}

const isOpen = (id: string): boolean => exchange.desk.orders({ status: 'open' }).some((order) => order.id === id);

describe('the watchdog', () => {
  it('takes the entries back within five seconds when the engine’s loop stands still, and nothing else', async () => {
    const { entries, others } = restingOrders();
    const child = await startEngine([idOf('i2'), idOf('i3')]);
    const standing = told(child, 'blocking');
    child.send('block');
    await standing;
    const blockedAt = performance.now();
    const seen = await until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect(performance.now() - blockedAt).toBeLessThan(5_000 + 3 * 100);
    expect((seen.clearedAt ?? 0) - (seen.firedAt ?? 0)).toBeLessThan(5_000);
    expect([...seen.cancelled].sort()).toEqual([...entries].sort());
    expect(seen).toMatchObject({ phase: 'fired', remaining: 0, suspended: false });
    expect(entries.some(isOpen)).toBe(false);
    expect(others.every(isOpen)).toBe(true);
    expect(openLatchFile(join(home, 'kill-switch.latch')).read()).toMatchObject({ state: 'REDUCING', by: 'watchdog' });
    expect(readFileSync(join(home, 'watchdog.log'), 'utf8')).toContain('the engine does not answer');
    for (const name of readdirSync(home)) expect(readFileSync(join(home, name), 'utf8')).not.toContain(KEY.secret);
    // The same process, still standing, is watched on; the key is in no argument and in no variable.
    const pid = seen.pid;
    expect(isAlive(pid)).toBe(true);
    if (process.platform === 'linux')
      for (const file of ['cmdline', 'environ']) expect(readFileSync(`/proc/${pid}/${file}`, 'latin1')).not.toContain(KEY.secret);
  }, 40_000);

  it('does so in time while every core of the machine is busy', async () => {
    const { entries } = restingOrders();
    const burners = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      const child = await startEngine([idOf('i2'), idOf('i3')]);
      const standing = told(child, 'blocking');
      child.send('block');
      await standing;
      const { clearedAt, firedAt } = await until((state) => state.clearedAt !== null, 15_000);
      expect((clearedAt ?? 0) - (firedAt ?? 0)).toBeLessThan(5_000);
      expect(entries.some(isOpen)).toBe(false);
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  }, 60_000);

  it('outlives SIGKILL of the engine, does its work, tells of unattended positions and ends', async () => {
    const { entries, others } = restingOrders();
    const child = await startEngine([idOf('i2'), idOf('i3')], 'suspend');
    child.kill('SIGKILL');
    const seen = await until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect(entries.some(isOpen)).toBe(false);
    expect(others.every(isOpen)).toBe(true);
    expect(seen.suspended).toBe(true);
    expect(exchange.desk.configuration().suspendTrade).toBe(true);
    await until(({ phase }) => phase === 'ended', 20_000);
    expect(readFileSync(join(home, 'watchdog.log'), 'utf8')).toContain('positions are unattended');
    for (let tries = 0; isAlive(seen.pid) && tries < 100; tries += 1) await pause(20);
    expect(isAlive(seen.pid)).toBe(false);
  }, 40_000);

  it('goes on while the broker fails, until the entries are gone', async () => {
    const { entries } = restingOrders();
    const child = await startEngine([idOf('i2'), idOf('i3')]);
    exchange.faults.use([{ kind: 'serverError', times: 6 }]);
    child.kill('SIGKILL');
    await until(({ clearedAt }) => clearedAt !== null, 15_000);
    expect(exchange.faults.hits().length).toBeGreaterThan(3);
    expect(entries.some(isOpen)).toBe(false);
  }, 40_000);

  it('stays when the desk ends before its entries are confirmed as gone, takes them back without a throw, and ends', async () => {
    const { entries, others } = restingOrders();
    const child = await startEngine([idOf('i2'), idOf('i3')], 'suspend');
    child.send('leave');
    const seen = await until(({ clearedAt }) => clearedAt !== null, 10_000);
    expect([...seen.cancelled].sort()).toEqual([...entries].sort());
    expect(entries.some(isOpen)).toBe(false);
    expect(others.every(isOpen)).toBe(true);
    expect(seen.suspended).toBe(false);
    expect(openLatchFile(join(home, 'kill-switch.latch')).read().state).toBe('ACTIVE');
    const log = readFileSync(join(home, 'watchdog.log'), 'utf8');
    expect(log).toContain('stopped with entries still open');
    await until(({ phase }) => phase === 'ended', 20_000);
  }, 40_000);

  it('ends in silence when the desk ends in order', async () => {
    const { entries } = restingOrders();
    const child = await startEngine([idOf('i2'), idOf('i3')]);
    child.send('end');
    const seen = await until(({ phase }) => phase === 'ended', 10_000);
    expect(seen).toMatchObject({ reason: 'the desk ended in order', firedAt: null });
    expect(entries.every(isOpen)).toBe(true);
    expect(openLatchFile(join(home, 'kill-switch.latch')).read().state).toBe('ACTIVE');
  }, 40_000);
});

describe('what counts as an entry', () => {
  const order = (clientOrderId: string, intents: readonly string[]): OpenOrder => ({
    id: 'x',
    client_order_id: clientOrderId,
    position_intent: intents.length === 1 ? (intents[0] ?? null) : '',
    legs: intents.length > 1 ? intents.map((intent) => ({ position_intent: intent })) : null,
  });

  it('is told by the engine’s list, else by its own name and legs that all open; never an order from elsewhere', () => {
    const listed = new Set([idOf('i9')]);
    const verdicts = (
      [
        [idOf('i9'), ['']],
        [idOf('i1'), ['buy_to_open', 'sell_to_open']],
        [idOf('i1'), ['buy_to_close', 'sell_to_open']],
        [idOf('i1'), ['sell_to_close']],
        [idOf('i1'), ['']],
        ['by-hand', ['buy_to_open']],
        ['sd-another-i1-1-0123456789ab', ['buy_to_open']],
      ] as const
    ).map(([id, intents]) => isEntry(order(id, intents), JOURNAL, listed));
    expect(verdicts).toEqual([true, true, false, false, false, false, false]);
  });
});
