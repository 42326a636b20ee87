import { parseArgs } from 'node:util';
import { throwPayloads } from './throwAll.ts';

/** `--n` spoilt payloads from `--seed`; prints one JSON object, exits with 0 only if none got out of the port or was believed. */
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
  const result = await throwPayloads(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- payloads --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
