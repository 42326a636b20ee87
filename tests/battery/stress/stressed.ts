import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openJournal } from '#adapters/journal/journal';
import { openLatchFile } from '#adapters/latch/latchFile';
import type { Random } from '#ports/random';
import { openWatchedVenue, told } from '#support/watchedVenue';

/** What happens to the engine's process or around it; its signs of life stop, and the watchdog must act. */
export const STRESSES = [
  'loopBlocked', // an endless computation
  'frozen', // the process gets no processor at all: swapped out, suspended, stopped
  'killed',
  'coresBusy', // a blocked loop while every core of the machine is taken
  'databaseLocked', // killed while another program holds the journal
  'brokerFails', // killed while the broker answers with errors
] as const;
export type Stress = (typeof STRESSES)[number];

export interface StressResult {
  readonly stress: Stress;
  /** From the stress to the broker without an entry of ours, milliseconds. */
  readonly clearedAfterMs: number;
  readonly problems: readonly string[];
}

/** Longest that the entries may stay, the three missed signs of life included. */
const MOST_WAIT_MS = 60_000;
/** The stress comes at a moment of its own, between and within the signs of life. */
const LONGEST_CALM_MS = 400;

/** One stress on real processes; says how long the entries stayed and what was not as it must be. */
export async function stressed(stress: Stress, random: Random): Promise<StressResult> {
  const venue = await openWatchedVenue();
  const undo: (() => void)[] = [];
  try {
    const engine = await venue.startEngine();
    await pause(random.next() * LONGEST_CALM_MS);
    if (stress === 'coresBusy') {
      const burners = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
      undo.push(() => {
        for (const burner of burners) burner.kill('SIGKILL');
      });
      await pause(200);
    }
    if (stress === 'databaseLocked') {
      const journal = openJournal(join(venue.home, 'journal.db'), { create: true });
      journal.db.exec('BEGIN EXCLUSIVE');
      undo.push(() => journal.db.close());
    }
    if (stress === 'brokerFails') venue.exchange.faults.use([{ kind: 'serverError', times: 1 + random.below(4) }]);
    const standing = stress === 'loopBlocked' || stress === 'coresBusy' ? told(engine, 'blocking') : null;
    if (standing) engine.send('block');
    else engine.kill(stress === 'frozen' ? 'SIGSTOP' : 'SIGKILL');
    await standing;
    const since = performance.now();
    await venue.until(({ clearedAt }) => clearedAt !== null, MOST_WAIT_MS);
    const clearedAfterMs = performance.now() - since;
    const latch = openLatchFile(join(venue.home, 'kill-switch.latch')).read();
    const problems = [
      ...venue.entries.filter(venue.isOpen).map((id) => `entry ${id} is still open`),
      ...venue.others.filter((id) => !venue.isOpen(id)).map((id) => `order ${id} is no entry of ours and was touched`),
      ...(latch.state === 'REDUCING' && latch.by === 'watchdog' ? [] : [`the latch says ${latch.state} by ${latch.by}`]),
    ];
    return { stress, clearedAfterMs, problems };
  } finally {
    for (const act of undo) act();
    await venue.close();
  }
}
