import { optionsOf } from '../optionsOf.ts';
import { fuzz } from './fuzz.ts';

/** `--n` payloads from `--seed`; prints one JSON object, exits with 0 only if nothing changed, failed or died. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '1000000', seed: '7' });
  const started = performance.now();
  const result = await fuzz(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- fuzz --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
