import { parseArgs } from 'node:util';
import { runSeeds } from './runSeeds.ts';

/** Fault classes must have struck this often before a run of at least so many seeds counts. */
const LEAST_FAULTS = 100;
const SEEDS_FOR_LEAST_FAULTS = 2_000;

/** `--seeds N [--from-seed S]`: days with every fault mixed by seed. Harm, holes in the record, and what was never reached. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '2000' },
      'from-seed': { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const seeds = Number(values.seeds);
  const started = performance.now();
  const tally = await runSeeds({
    from: Number(values['from-seed']),
    seeds,
    workers: Number(values.workers),
    onFailure(seed, findings) {
      console.error(`seed ${seed}: ${findings.slice(0, values.verbose ? 50 : 3).join('; ')}`);
      console.error(`  again: npm run -s battery -- --from-seed ${seed} --seeds 1 --verbose`);
    },
    onProgress(done) {
      if (done % 1_000 === 0)
        console.error(`${done} of ${seeds} sessions, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    },
  });
  const result = tally.result({
    seeds,
    wallMs: performance.now() - started,
    leastFaults: seeds >= SEEDS_FOR_LEAST_FAULTS ? LEAST_FAULTS : 0,
  });
  console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}
