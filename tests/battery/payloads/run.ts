import { optionsOf } from '../optionsOf.ts';
import { throwPayloads } from './throwAll.ts';

/** `--n` spoilt payloads from `--seed`; prints one JSON object, exits with 0 only if none got out of the port or was believed. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '1000000', seed: '7' });
  const started = performance.now();
  const result = await throwPayloads(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- payloads --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
