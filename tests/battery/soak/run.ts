import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionsOf } from '../optionsOf.ts';
import { heapSlope, type SoakSample, soakDays } from './soakDays.ts';

/** A day at 60 times the speed of the clock is 60 trading days: 1 MiB an hour is this much a trading day. */
const MOST_HEAP_SLOPE = 24 / 60;
/** SQLite starts the log again once it was copied at 1,000 pages; more than this means that it no longer can be. */
const MOST_WAL_MIB = 16;

/** Trades `--days` without a restart, orders sent and filled: the heap levels off, nothing stays open, the write-ahead log stays bounded. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { days: '90', seed: '7' }, ['verbose']);
  const isVerbose = args.includes('--verbose');
  if (!globalThis.gc) console.error('Started without --expose-gc: garbage counts as growth.');
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-soak-'));
  const started = performance.now();
  try {
    const onSample = (sample: SoakSample): void => {
      if (isVerbose) console.log(JSON.stringify(sample));
    };
    const soaked = await soakDays(Number(values.days), { seed: Number(values.seed), folder, onSample });
    const { samples, isHalted, orders, filled } = soaked;
    const slope = heapSlope(samples);
    const walMiB = Math.max(...samples.map((sample) => sample.walMiB));
    const descriptorsGrew = (samples.at(-1)?.descriptors ?? 0) - (samples[0]?.descriptors ?? 0);
    const isBusy = samples.length === Number(values.days) && orders > 0 && filled > 0;
    const ok = isBusy && !isHalted && slope < MOST_HEAP_SLOPE && descriptorsGrew <= 0 && walMiB < MOST_WAL_MIB;
    const heapMiB = samples.at(-1)?.heapMiB ?? 0;
    console.log(
      JSON.stringify({
        ok,
        days: samples.length,
        orders,
        filled,
        heapMiB,
        heapSlopeMiBPerDay: slope,
        limit: MOST_HEAP_SLOPE,
        descriptorsGrew,
        walMiB,
        isHalted,
        wallMs: Math.round(performance.now() - started),
      }),
    );
    return ok ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
