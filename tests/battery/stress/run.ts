import { createRandom } from '#exchange/random';
import { optionsOf } from '../optionsOf.ts';
import { STRESSES, type Stress, stressed } from './stressed.ts';

/** The watchdog has this long, the three missed signs of life included. */
const LIMIT_MS = 5_000;

/** `--n 50`: the engine stands still, is frozen or dies, on a starved machine too; the watchdog takes the entries back in time. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '50', seed: '1' });
  const started = performance.now();
  const random = createRandom(Number(values.seed), 'stress');
  const times = new Map<Stress, number[]>(STRESSES.map((stress) => [stress, []]));
  const problems: string[] = [];
  for (let round = 0; round < Number(values.n); round += 1) {
    const stress = STRESSES[round % STRESSES.length] ?? 'killed';
    try {
      const result = await stressed(stress, random);
      times.get(stress)?.push(result.clearedAfterMs);
      problems.push(...result.problems.map((problem) => `${stress}, round ${round}: ${problem}`));
      if (result.clearedAfterMs > LIMIT_MS) problems.push(`${stress}, round ${round}: ${Math.round(result.clearedAfterMs)} ms`);
    } catch (error) {
      problems.push(`${stress}, round ${round}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (const problem of problems) console.error(problem);
  const unreached = [...times].filter(([, list]) => list.length === 0).map(([stress]) => stress);
  const ok = problems.length === 0 && unreached.length === 0;
  console.log(
    JSON.stringify({
      ok,
      rounds: Number(values.n),
      limitMs: LIMIT_MS,
      byStress: Object.fromEntries(
        [...times].map(([stress, list]) => [stress, { rounds: list.length, longestMs: Math.round(Math.max(0, ...list)) }]),
      ),
      unreached,
      problems: problems.length,
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}
