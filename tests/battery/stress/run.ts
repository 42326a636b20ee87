import { settingsSchema } from '#app/settingsSchema';
import { createRandom } from '#exchange/random';
import { optionsOf, tellFinding } from '../optionsOf.ts';
import { percentiles } from '../percentiles.ts';
import { STRESSES, type Stress, stressed } from './stressed.ts';

/** From the last sign of life that may stay away to the broker's word that no entry is left. */
const TAKE_BACK_MS = 1_000;
/** What an error of the broker costs: the request, and the watchdog's pause before its next one. */
const ERROR_MS = 100;

/**
 * `--n 50`: the engine stands still, is frozen or dies, cannot write, on a starved machine too; the watchdog takes the entries back
 * in time. Round by round the next stress, from `--seed` on. The signs of life are the product's, unless `--beat-ms` says otherwise.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '50', seed: '1', 'beat-ms': '' });
  const started = performance.now();
  const { beatSeconds, missedBeats } = settingsSchema.parse({}).watchdog;
  const beatMs = values['beat-ms'] === '' ? beatSeconds * 1000 : Number(values['beat-ms']);
  // The watchdog looks once a beat: up to one passes before it sees the last sign of life, then so many must stay away.
  const limitMs = (missedBeats + 1) * beatMs + TAKE_BACK_MS;
  const times = new Map<Stress, number[]>(STRESSES.map((stress) => [stress, []]));
  let problems = 0;
  for (let seed = Number(values.seed), end = seed + Number(values.n); seed < end; seed += 1) {
    const stress = STRESSES[seed % STRESSES.length] ?? 'killed';
    const tell = (problem: string): void => {
      problems += 1;
      tellFinding(`${stress}, seed ${seed}: ${problem}`, 'stress', { n: 1, seed, 'beat-ms': values['beat-ms'] });
    };
    try {
      const result = await stressed(stress, createRandom(seed, 'stress'), { beatMs });
      times.get(stress)?.push(result.clearedAfterMs);
      for (const problem of result.problems) tell(problem);
      const limit = limitMs + result.brokerErrors * ERROR_MS;
      if (result.clearedAfterMs > limit) tell(`${Math.round(result.clearedAfterMs)} ms, limit ${limit} ms`);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  }
  const unreached = [...times].filter(([, list]) => list.length === 0).map(([stress]) => stress);
  const ok = problems === 0 && (unreached.length === 0 || Number(values.n) < STRESSES.length);
  console.log(
    JSON.stringify({
      ok,
      rounds: Number(values.n),
      beatMs,
      missedBeats,
      limitMs,
      moreMsPerBrokerError: ERROR_MS,
      clearedAfterMs: percentiles([...times.values()].flat()),
      byStress: Object.fromEntries([...times].map(([stress, list]) => [stress, { rounds: list.length, ...percentiles(list) }])),
      unreached,
      problems,
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}
