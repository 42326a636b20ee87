import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

/** `--n` payloads from `--seed`; prints one JSON object, exits with 0 only if nothing changed, failed or died. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
    },
  });
  const started = performance.now();
  const result = await fuzz(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- fuzz --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
