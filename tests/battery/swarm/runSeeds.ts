import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SessionJudgement } from './judge.ts';
import { SwarmTally } from './tally.ts';

/** Seeds handed to a process at once. */
const BATCH = 20;
/** Every so many batches one is run twice, to see that a seed is a story and not a mood. */
const TWICE_EVERY = 10;
/** In a long run a smaller share is enough, but never fewer than 200 seeds: those of the first batches, then one batch in fifty. */
const LONG_RUN = 2_000;
const TWICE_EVERY_LONG = 50;
const LEAST_TWICE = 200;

/** Whether a run's n-th batch (from 1) is run twice. */
export function isRunTwice(batch: number, seeds: number): boolean {
  if (seeds <= LONG_RUN) return batch % TWICE_EVERY === 1;
  return batch % TWICE_EVERY_LONG === 1 || (batch % TWICE_EVERY === 1 && batch <= (LEAST_TWICE / BATCH) * TWICE_EVERY);
}

type Said = SessionJudgement | { readonly seed: number; readonly failed: string } | 'ready' | 'done';

/** Runs the seeds `from` … `from + seeds - 1` on `workers` processes. `onFailure` hears of each seed that did not hold. */
export async function runSeeds(options: {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  onProgress?(done: number): void;
  onFailure?(seed: number, findings: readonly string[]): void;
}): Promise<SwarmTally> {
  const tally = new SwarmTally();
  let next = options.from;
  let batches = 0;
  let done = 0;
  const end = options.from + options.seeds;
  await Promise.all(Array.from({ length: options.workers }, () => work()));
  return tally;

  function work(): Promise<void> {
    const script = fileURLToPath(new URL('./seedProcess.ts', import.meta.url));
    const child = fork(script, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let under: number[] = [];
    return new Promise((resolve) => {
      child.on('message', (said: Said) => {
        if (said === 'ready' || said === 'done') {
          under = handOut(child);
          if (under.length === 0) {
            child.disconnect();
            resolve();
          }
          return;
        }
        under = under.filter((seed) => seed !== said.seed);
        if ('failed' in said) tally.fail(said.seed, said.failed);
        else tally.take(said);
        const findings = 'failed' in said ? [said.failed] : said.findings;
        if (findings.length > 0) options.onFailure?.(said.seed, findings);
        done += 1;
        options.onProgress?.(done);
      });
      child.once('exit', (code) => {
        for (const seed of under) {
          const ended = `the process of this seed ended with ${code}`;
          tally.fail(seed, ended);
          options.onFailure?.(seed, [ended]);
        }
        resolve();
      });
    });
  }

  function handOut(child: ChildProcess): number[] {
    const seeds: number[] = [];
    while (next < end && seeds.length < BATCH) seeds.push(next++);
    batches += 1;
    if (seeds.length > 0) child.send({ seeds, again: isRunTwice(batches, options.seeds) });
    return seeds;
  }
}
