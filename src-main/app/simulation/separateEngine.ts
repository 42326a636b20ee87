import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openJournalReader } from '#adapters/journal/journal';
import { isTradingDay, nextTradingDay, sessionOn } from '#domain/market/calendar';
import { type Instant, instant, invariant } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { createRandom } from '#exchange/random';
import { engineSettings } from '#ports/settings/settings';
import { endOf } from './calendarOf.ts';
import { journalIdOf } from './journalId.ts';
import type { SimulationOptions } from './options.ts';
import { held, resultOf, type SimulationResult } from './result.ts';

/** Longest wait before a kill, and the share of kills that follow an order update at once: the dangerous moments. */
const LONGEST_WAIT_MS = 400;
/** How often the market's clock is looked at, and how much market time may pass without an order before a kill stops waiting for one. */
const POLL_MS = 2;
const QUIET_MS = 10 * 60_000;
/** The last kill comes this long before the end, so that it is not outrun by the days. */
const BEFORE_END_MS = 45 * 60_000;
const KILLS_AT_UPDATES = 0.6;

/** Key of the simulated account; it opens nothing but this process's own loopback port. */
const SIMULATED_KEY = { keyId: 'PKSIMULATED', secret: 'simulated-secret', controlToken: 'simulated-control' } as const;
/** A wide nursery: chains decoded from the wire die young. */
const ENGINE_FLAGS = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

/**
 * The same run with the engine in a process of its own, through the official SDK over loopback REST and WebSocket; the exchange's
 * clock waits for the engine. `options.crash` times the engine's process is killed with SIGKILL at a random moment and started
 * again. The exchange lives here and never dies; what must not happen is counted by the auditor from its ledger and the journal.
 */
export async function simulateSeparately(
  options: SimulationOptions,
  journalPath: string,
): Promise<{ readonly result: SimulationResult; readonly extra: Record<string, unknown>; readonly ok: boolean }> {
  const started = performance.now();
  const exchange = createExchange({ seed: options.seed, start: options.start, faults: options.faults });
  const server = await createAlpacaServer({ exchange, ...SIMULATED_KEY, port: 0 });
  const journalId = journalIdOf(options.seed);
  const until = endOf(options.start, options.days);
  const random = createRandom(options.seed).fork('kills');
  const moments = killMoments(options, random);
  let crashes = 0;
  let exitCode: number | null = null;
  while (exitCode === null) {
    const child = spawnEngine(server.url, journalPath, journalId, until);
    const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    if (crashes >= options.crash) {
      exitCode = (await exited) ?? 1;
      break;
    }
    const killed = await killAtSomeMoment(child, exited);
    if (killed) crashes += 1;
    else exitCode = (await exited) ?? 1;
  }

  /** True when it was killed; false when it ended by itself first. */
  async function killAtSomeMoment(child: ChildProcess, exited: Promise<number | null>): Promise<boolean> {
    const ready = await Promise.race([
      new Promise<boolean>((resolve) => child.once('message', () => resolve(true))),
      exited.then(() => false),
    ]);
    if (!ready) return false;
    const due = moments[crashes] ?? exchange.now();
    const wait = random.next() * LONGEST_WAIT_MS;
    const updates = random.next() < KILLS_AT_UPDATES ? 1 + Math.floor(random.next() * 6) : 0;
    const delay = Math.floor(random.next() * 8);
    let over = false;
    let forget = (): void => {};
    const moment = (async () => {
      while (!over && exchange.now() < due) await pause(POLL_MS);
      if (updates === 0) return pause(wait);
      // In the middle of what an order is doing; where nothing is being done for a while, at once.
      let left = updates;
      forget = exchange.desk.onOrderUpdate(() => {
        left -= 1;
      });
      while (!over && left > 0 && exchange.now() < due + QUIET_MS) await pause(POLL_MS);
      await pause(delay);
    })();
    const alive = await Promise.race([moment.then(() => true), exited.then(() => false)]);
    over = true;
    forget();
    if (!alive) return false;
    child.kill('SIGKILL');
    await exited;
    return true;
  }

  const wallMs = performance.now() - started;
  const { reader, close } = openJournalReader(journalPath);
  const rows = [...reader.rows(1)];
  close();
  await server.close();
  const result = resultOf({ seed: options.seed, days: options.days, wallMs, exchange, rows, settings: engineSettings.parse({}) });
  const ok = held(result) && exitCode === 0 && crashes === options.crash;
  return { result, extra: { crashes }, ok };
}

/** When the kills are due: random instants of the sessions, in order, whatever the speed of the machine. */
function killMoments({ start, days, crash }: SimulationOptions, random: ReturnType<typeof createRandom>): Instant[] {
  const sessions: { open: Instant; close: Instant }[] = [];
  for (let date = isTradingDay(start) ? start : nextTradingDay(start); sessions.length < days; date = nextTradingDay(date)) {
    const session = sessionOn(date);
    if (session) sessions.push(session);
  }
  return Array.from({ length: crash }, () => {
    const session = sessions[Math.floor(random.next() * sessions.length)];
    invariant(session, 'a run has at least one session');
    // Squared: most orders are worked in the first hours.
    return instant(session.open + Math.floor(random.next() ** 2 * (session.close - BEFORE_END_MS - session.open)));
  }).sort((a, b) => a - b);
}

function spawnEngine(url: string, journalPath: string, journalId: string, until: number): ChildProcess {
  const script = fileURLToPath(new URL('./engineProcess.ts', import.meta.url));
  return fork(script, [url, journalPath, journalId, String(until)], {
    execArgv: ENGINE_FLAGS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      STRIKEDESK_SIMULATED_KEY: SIMULATED_KEY.keyId,
      STRIKEDESK_SIMULATED_SECRET: SIMULATED_KEY.secret,
      STRIKEDESK_SIMULATED_CONTROL: SIMULATED_KEY.controlToken,
    },
  });
}
