import { optionsOf, tellFinding } from '../optionsOf.ts';
import { runSeeds } from './runSeeds.ts';

/** Fault classes must have struck this often, and every state been reached, in a run of at least so many seeds. */
const LEAST_FAULTS = 100;
const SEEDS_FOR_LEAST_FAULTS = 2_000;

/** `--seeds N [--from-seed S]`: days with the fault classes mixed by seed. Harm, holes in the record, and what was never reached. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { seeds: '2000', 'from-seed': '1', workers: '2' }, ['verbose']);
  const isVerbose = args.includes('--verbose');
  const seeds = Number(values.seeds);
  const started = performance.now();
  const tally = await runSeeds({
    from: Number(values['from-seed']),
    seeds,
    workers: Number(values.workers),
    onFailure(seed, findings) {
      const told = findings.slice(0, isVerbose ? 50 : 3).join('; ');
      tellFinding(`seed ${seed}: ${told}`, 'swarm', { 'from-seed': seed, seeds: '1 --verbose' });
    },
    onProgress(done) {
      if (done % 1_000 === 0)
        console.error(`${done} of ${seeds} sessions, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    },
  });
  const result = tally.result({
    seeds,
    wallMs: performance.now() - started,
    leastFaults: LEAST_FAULTS,
    judgesReach: seeds >= SEEDS_FOR_LEAST_FAULTS,
  });
  if (result.judgesReach)
    for (const name of [...result.rareFaults, ...result.unreachedStates]) console.error(`met too seldom or never: ${name}`);
  console.log(JSON.stringify(result));
  return result.ok ? 0 : 1;
}
