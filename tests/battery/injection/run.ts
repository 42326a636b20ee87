import { optionsOf } from '../optionsOf.ts';
import { injectAll } from './injectAll.ts';

/** `--n` attacks from `--seed`; prints one JSON object, exits with 0 only if all held, all was reached, and the judge finds what is built wrongly. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '520', seed: '7' });
  const started = performance.now();
  const result = await injectAll(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- injection --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
