import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openLatchFile } from '#adapters/latch/latchFile';
import type { Random } from '#ports/random';
import { openWatchedVenue, told, type WatchedVenue } from '#support/watchedVenue';

/** What happens to the engine's process or around it; its signs of life stop, and the watchdog must act. */
export const STRESSES = [
  'loopBlocked', // an endless computation
  'frozen', // the process gets no processor at all: swapped out, suspended, stopped
  'killed',
  'coresBusy', // a blocked loop while every core of the machine is taken
  'databaseLocked', // another program holds the journal: the engine waits for it, cannot write, and halts
  'brokerFails', // killed while the broker answers with errors
] as const;
export type Stress = (typeof STRESSES)[number];

export interface StressResult {
  readonly stress: Stress;
  /** From the stress to the broker without an entry of ours, milliseconds. */
  readonly clearedAfterMs: number;
  /** Requests of the watchdog that the broker answered with an error. */
  readonly brokerErrors: number;
  readonly problems: readonly string[];
}

/** Longest that the entries may stay, the three missed signs of life included. */
const MOST_WAIT_MS = 60_000;
/** An engine that waits for its journal has given up by then. */
const MOST_HALT_MS = 10_000;
/** The stress comes at a moment of its own, between and within the signs of life: at least this long is drawn from. */
const LONGEST_CALM_MS = 400;

/** One stress on real processes; says how long the entries stayed and what was not as it must be. */
export async function stressed(stress: Stress, random: Random, options: { readonly beatMs: number }): Promise<StressResult> {
  const venue = await openWatchedVenue(options.beatMs / 1000);
  const undo: (() => void)[] = [];
  try {
    const engine = await venue.startEngine();
    await pause(random.next() * Math.max(LONGEST_CALM_MS, options.beatMs));
    if (stress === 'coresBusy') {
      const burners = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      undo.push(() => {
        for (const burner of burners) burner.kill('SIGKILL');
      });
      await pause(200);
    }
    if (stress === 'brokerFails') venue.exchange.faults.use([{ kind: 'serverError', times: 1 + random.below(4) }]);
    if (stress === 'databaseLocked') {
      const other = new Database(join(venue.home, 'journal.db'));
      undo.push(() => other.close());
      other.exec('BEGIN IMMEDIATE');
    } else if (stress === 'loopBlocked' || stress === 'coresBusy') {
      const standing = told(engine, 'blocking');
      engine.send('block');
      await standing;
    } else engine.kill(stress === 'frozen' ? 'SIGSTOP' : 'SIGKILL');
    const since = performance.now();
    await venue.until(({ clearedAt }) => clearedAt !== null, MOST_WAIT_MS);
    const clearedAfterMs = performance.now() - since;
    const problems = [
      ...venue.entries.filter(venue.isOpen).map((id) => `entry ${id} is still open`),
      ...venue.others.filter((id) => !venue.isOpen(id)).map((id) => `order ${id} is no entry of ours and was touched`),
      ...(await latchProblems(venue, stress === 'databaseLocked')),
    ];
    return { stress, clearedAfterMs, brokerErrors: venue.exchange.faults.hits().length, problems };
  } finally {
    for (const act of undo) act();
    await venue.close();
  }
}

/** The watchdog throws the latch; an engine that is alive and cannot write halts by itself, whichever of the two comes first. */
async function latchProblems(venue: WatchedVenue, halts: boolean): Promise<string[]> {
  const file = openLatchFile(join(venue.home, 'kill-switch.latch'));
  let latch = file.read();
  if (!halts)
    return latch.state === 'REDUCING' && latch.by === 'watchdog' ? [] : [`the latch says ${latch.state} by ${latch.by}`];
  for (const end = performance.now() + MOST_HALT_MS; latch.state !== 'HALTED' && performance.now() < end; await pause(20))
    latch = file.read();
  const isHalted = latch.state === 'HALTED' && latch.by === 'engine' && latch.reason.includes('locked');
  return isHalted ? [] : [`the engine did not halt for its journal: ${latch.state} by ${latch.by}, ${latch.reason}`];
}
