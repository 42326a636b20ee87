import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAlpacaBroker } from '#adapters/brokers/alpaca/alpacaBroker';
import { createGateway } from '#adapters/brokers/alpaca/gateway';
import { embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { createAlpacaFeed } from '#adapters/feeds/alpaca/alpacaFeed';
import { openJournal } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import { assemble } from '#app/assemble';
import { atNewYork } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import { type Instant, instant, isoDate } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import type { Exchange } from '#exchange/exchangeApi';
import { isFinal } from '#exchange/orders';
import { driveLive } from '#modes/live';
import type { Clock } from '#ports/clock';
import type { CommandOutcome, OperatorCommand } from '#ports/commands';
import { engineSettings } from '#ports/settings/settings';
import { runTo, smallExchange } from '#support/embeddedAccount';
import { type Percentiles, percentiles } from '../percentiles.ts';

export interface WallClock {
  readonly throws: number;
  /** From the owner's command to its answer: latch on the disk, row in the journal, cancels handed to the broker. */
  readonly localBlockMs: Percentiles;
  /** From the owner's command to the broker's last word that every entry is gone. */
  readonly cancelAckMs: Percentiles;
  /** Entries that rested when it was thrown: three a throw. */
  readonly entriesThrownAt: number;
  /** Of these, the ones that the broker shows as cancelled; one that filled is none. */
  readonly entriesCancelled: number;
  readonly entriesLeft: number;
}

const KEY = { keyId: 'PKSIMULATED', secret: 'simulated-secret', controlToken: 'simulated-control' };
const UNDERLYINGS = ['KO', 'BAC', 'XOM'];
/** An exchange that does not say within this time that an entry is gone counts with all of it. */
const LONGEST_ACK_MS = 20_000;

/**
 * The switch against the wall's clock: the real engine, journal (FULL) and latch on the disk, Alpaca's protocol over loopback,
 * an exchange whose own time runs with ours. Every throw finds three resting entries.
 */
export async function measureWallClock(throws: number): Promise<WallClock> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-wall-'));
  const exchange = smallExchange();
  runTo(exchange, atNewYork(isoDate('2026-01-05'), '10:00'));
  const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  const desk = await openWireDesk(folder, exchange, server.url);
  const blocks: number[] = [];
  const acks: number[] = [];
  let entriesLeft = 0;
  let entriesCancelled = 0;
  let entriesThrownAt = 0;
  try {
    for (let round = 0; round < throws; round += 1) {
      const entries = await desk.restEntries();
      entriesThrownAt += entries.length;
      const started = performance.now();
      const outcome = await desk.command({
        kind: 'throwKillSwitch',
        verb: round % 2 === 0 ? 'freeze' : 'stopEntries',
        reason: 'battery',
      });
      blocks.push(performance.now() - started);
      if (outcome.kind !== 'done' || desk.latchState() === 'ACTIVE')
        throw new Error(`the switch did not take: ${outcome.message}`);
      const isGone = (id: string): boolean => isFinal(exchange.desk.orderById(id)?.status ?? 'canceled');
      while (!entries.every(isGone) && performance.now() - started < LONGEST_ACK_MS) await pause(1);
      acks.push(performance.now() - started);
      entriesLeft += entries.filter((id) => !isGone(id)).length;
      entriesCancelled += entries.filter((id) => exchange.desk.orderById(id)?.status === 'canceled').length;
      await desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 5_000, reason: 'next round' });
    }
  } finally {
    await desk.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    throws,
    localBlockMs: percentiles(blocks),
    cancelAckMs: percentiles(acks),
    entriesThrownAt,
    entriesCancelled,
    entriesLeft,
  };
}

async function openWireDesk(folder: string, exchange: Exchange, url: string) {
  const origin = exchange.now();
  const wallOrigin = performance.now();
  const now = (): Instant => instant(Math.floor(origin + performance.now() - wallOrigin));
  const clock: Clock = {
    now,
    wakeAt(at, wake) {
      const timer = setTimeout(wake, Math.max(0, at - now()));
      return () => clearTimeout(timer);
    },
  };
  const ticking = setInterval(() => {
    while (exchange.now() < now()) exchange.advanceTo(now());
  }, 10);
  const venue = embeddedVenue(url);
  const gateway = createGateway({
    venue,
    ...KEY,
    clock,
    settings: { timeoutMs: 15_000, scheduler: { perMinute: null, reserved: 0, maxConcurrent: 6, reservedConcurrent: 2 } },
    jitter: Math.random,
  });
  const journal = openJournal(join(folder, 'journal.db'), { create: true });
  const latch = openLatchFile(join(folder, 'kill-switch.latch'));
  latch.write({ state: 'ACTIVE', reason: 'battery', by: 'battery', at: now() });
  const stream = { authenticationMs: 10_000, slowRetryMs: 1_000, renewMs: 1_000 };
  const broker = createAlpacaBroker({
    gateway,
    venue,
    clock,
    immediate: true,
    journalId: journal.writer.journalId,
    stream,
    thread: { ...KEY, silenceMs: 10_000 },
  });
  const feed = createAlpacaFeed({
    gateway,
    clock,
    immediate: true,
    optionFeed: 'indicative',
    stockFeed: 'iex',
    quality: 'simulated',
    stream: null,
    maxWatchedOptions: 200,
    earnings: () => Promise.resolve([]),
  });
  const late: { live: ReturnType<typeof driveLive> | null } = { live: null };
  const { runtime, engine, start } = assemble({
    settings: engineSettings.parse({
      universe: UNDERLYINGS,
      scanner: { intervalSeconds: 3_600, earningsBlackoutDays: 0 },
      risk: {
        duplicateWindowSeconds: 0,
        maxEntriesPerSymbolPerDay: 100,
        maxPositionsPerSymbol: 50,
        maxOrdersPerDay: 10_000,
        maxOrdersPerMinute: 1_000,
      },
      strategies: Object.fromEntries(
        ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'].map((id) => [
          id,
          { mode: 'off' },
        ]),
      ),
    }),
    broker,
    feed,
    journal,
    latch,
    mode: 'paper',
    account: exchange.desk.account().accountNumber,
    build: 'battery',
    feeSchedule: exchange.settings.fees,
    now,
    onAgendaChanged: () => late.live?.agendaChanged(),
  });
  start();
  await broker.start();
  await feed.start();
  late.live = driveLive({ clock, runtime: () => runtime, jumpMs: 600_000, heartbeatMs: 5_000 });
  late.live.start();
  /** Nothing is opened before every line has spoken and the account agrees. */
  async function untilOpen(): Promise<void> {
    for (let tries = 0; engine.view().entriesBlockedBy.length > 0; tries += 1) {
      if (tries > 4_000) throw new Error(`entries stay closed: ${engine.view().entriesBlockedBy.join(', ')}`);
      await pause(5);
    }
  }

  let commands = 0;
  const command = (order: OperatorCommand): Promise<CommandOutcome> => {
    commands += 1;
    const by = { role: 'owner', via: 'desktop', name: 'owner' } as const;
    return runtime.command({ commandId: `battery-${commands}`, at: now(), by, command: order });
  };

  /** One put spread a symbol at its mid, where the natural fill model lets it rest. */
  async function restEntries(): Promise<string[]> {
    const before = new Set(exchange.desk.orders({ status: 'all' }).map(({ id }) => id));
    for (const underlying of UNDERLYINGS) {
      const [short, long] = spreadOn(exchange, underlying);
      await fresh([underlying, short, long]);
      await untilOpen();
      const mid = (symbol: string): number => {
        const quote = exchange.market.quoteOf(symbol);
        if (!quote) throw new Error(`${symbol} has no quote`);
        return midOf(quote);
      };
      const netLimit = Math.ceil((mid(short) - mid(long)) * 100) / 100;
      const legs = [
        { symbol: short, ratio: -1 },
        { symbol: long, ratio: 1 },
      ];
      const outcome = await command({ kind: 'openStructure', legs, contracts: 1, netLimit, note: '' });
      if (outcome.kind === 'refused')
        throw new Error(
          `${underlying}: ${outcome.message} ${outcome.reasons.map(({ gate, value, limit }) => `${gate} ${value} ${limit}`).join(', ')}`,
        );
    }
    const ours = () => exchange.desk.orders({ status: 'open' }).filter(({ id, status }) => !before.has(id) && status === 'new');
    for (let tries = 0; ours().length < UNDERLYINGS.length; tries += 1) {
      if (tries > 2_000) throw new Error(`${ours().length} entries rest`);
      await pause(5);
    }
    return ours().map(({ id }) => id);
  }

  async function fresh(symbols: readonly string[]): Promise<void> {
    const arrived = new Promise<void>((resolve) => {
      const stop = feed.onQuotes((quotes) => {
        if (!quotes.some(({ symbol }) => symbols.includes(symbol))) return;
        stop();
        resolve();
      });
    });
    feed.requestQuotes(symbols);
    await arrived;
  }

  return {
    command,
    restEntries,
    latchState: () => latch.read().state,
    async stop(): Promise<void> {
      late.live?.stop();
      runtime.stop();
      await broker.stop();
      await feed.stop();
      clearInterval(ticking);
      journal.close();
    },
  };
}

/** Two puts of about a month, a little out of the money, next to each other. */
function spreadOn(exchange: Exchange, underlying: string): readonly [string, string] {
  const spot = exchange.market.quoteOf(underlying);
  if (!spot) throw new Error(`${underlying} has no quote`);
  const puts = exchange.market.contracts({ underlyings: [underlying], right: 'put', expirationFrom: isoDate('2026-01-25') });
  const expiration = puts[0]?.expiration;
  const below = puts.filter((put) => put.expiration === expiration && put.strike < midOf(spot) * 0.98);
  const [long, short] = below.slice(-2);
  if (!short || !long) throw new Error(`${underlying} has no spread`);
  return [short.symbol, long.symbol];
}
