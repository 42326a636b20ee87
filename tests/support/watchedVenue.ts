import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import { type AlpacaServer, createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import type { WatchState } from '#watchdog/protocol';
import { watchStateFile } from '#watchdog/sharedFiles';
import { buy, runOn, runTo, sell, sellToClose, smallExchange, ticket } from './embeddedAccount.ts';

const KEY = { keyId: 'PKSIMULATED', secret: 'canary-secret-77aa', controlToken: 'control' } as const;
const JOURNAL = 'dogstory';
const TODAY = isoDate('2026-01-05');
const idOf = (intent: string): string => `sd-${JOURNAL}-${intent}-1-0123456789ab`;
/** What the engine's process has told the watchdog of. */
const SENT = [idOf('i2'), idOf('i3')];

/** An exchange with orders resting at it, an engine's process, and the watchdog over it: a real data folder, real processes. */
export interface WatchedVenue {
  readonly home: string;
  readonly exchange: Exchange;
  readonly journalId: string;
  readonly secret: string;
  /** Broker's ids: two entries of ours; then one of our exits and one of the owner's own, which nobody may touch. */
  readonly entries: readonly string[];
  readonly others: readonly string[];
  /** Starts an engine that has sent the entries, and waits until it is watched. */
  startEngine(suspend?: 'suspend'): Promise<ChildProcess>;
  /** The watchdog's own word, as soon as `what` is true of it; rejects after `ms`. */
  until(what: (seen: WatchState) => boolean, ms: number): Promise<WatchState>;
  isOpen(id: string): boolean;
  isAlive(pid: number): boolean;
  close(): Promise<void>;
}

/** Time between two signs of life where a story does not ask for the product's own, seconds: ten times as fast. */
const QUICK_BEAT_SECONDS = 0.1;

/** `beatSeconds`: time between two signs of life of the engines started here. */
export async function openWatchedVenue(beatSeconds: number = QUICK_BEAT_SECONDS): Promise<WatchedVenue> {
  const home = mkdtempSync(join(tmpdir(), 'strikedesk-dog-'));
  const exchange = smallExchange();
  runTo(exchange, atNewYork(TODAY, '10:00'));
  const server: AlpacaServer = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  const resting = restingOrders(exchange);
  // The exchange's own time goes on: a cancel takes its moment there too.
  const ticking = setInterval(() => runOn(exchange, 0.2), 200);
  let engine: ChildProcess | null = null;
  let dog: number | null = null;

  async function until(what: (seen: WatchState) => boolean, ms: number): Promise<WatchState> {
    const file = watchStateFile(join(home, 'watchdog.json'));
    for (const end = performance.now() + ms; performance.now() < end; await pause(20)) {
      const seen = file.read();
      if (seen && what(seen)) return seen;
    }
    throw new Error(`not within ${ms} ms: ${JSON.stringify(file.read())}`);
  }

  return {
    home,
    exchange,
    journalId: JOURNAL,
    secret: KEY.secret,
    ...resting,
    async startEngine(suspend) {
      const script = fileURLToPath(new URL('../watchdog/engineProcess.ts', import.meta.url));
      const child = fork(script, [home, server.url, JOURNAL, SENT.join(','), suspend ?? '', String(beatSeconds)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      engine = child;
      await told(child, 'ready');
      dog = (await until(({ phase }) => phase === 'watching', 15_000)).pid;
      return child;
    },
    until,
    isOpen: (id) => exchange.desk.orders({ status: 'open' }).some((order) => order.id === id),
    isAlive,
    async close() {
      clearInterval(ticking);
      if (engine?.exitCode === null) engine.kill('SIGKILL');
      if (dog !== null && isAlive(dog)) process.kill(dog, 'SIGKILL');
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Resolves when the engine's process has said `what`; rejects when it ends before. */
export function told(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => message === what && resolve());
    child.once('exit', (code) => reject(new Error(`the engine's process ended (${code})`)));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Orders that rest far from the market. */
function restingOrders(exchange: Exchange): { readonly entries: readonly string[]; readonly others: readonly string[] } {
  const [put] = exchange.market.contracts({ underlyings: ['KO'], right: 'put' });
  const [low, high] = exchange.market.contracts({ underlyings: ['BAC'], right: 'put' });
  if (!put || !low || !high) throw new Error('nothing is listed');
  const send = (order: Parameters<Exchange['desk']['submit']>[0]): string => {
    const answer = exchange.desk.submit(order);
    if (answer.kind !== 'accepted') throw new Error(answer.refusal.message);
    return answer.order.id;
  };
  const bought = send(ticket([buy(put.symbol)], 1, -50, { clientOrderId: idOf('i1') }));
  runTo(exchange, atNewYork(TODAY, '10:05'));
  if (exchange.desk.orderById(bought)?.status !== 'filled') throw new Error('the put was not bought');
  return {
    entries: [
      send(ticket([buy(low.symbol)], 1, -0.01, { clientOrderId: idOf('i2') })),
      send(ticket([sell(high.symbol), buy(low.symbol)], 1, 4.9, { clientOrderId: idOf('i3') })),
    ],
    others: [
      send(ticket([sellToClose(put.symbol)], 1, 90, { clientOrderId: idOf('i4') })),
      send(ticket([buy(low.symbol)], 1, -0.01, { clientOrderId: 'by-hand-1' })),
    ],
  };
}
