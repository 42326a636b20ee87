import { parseArgs } from 'node:util';
import { injectAll } from './injectAll.ts';

/** `--n` attacks from `--seed`; prints one JSON object, exits with 0 only if all held, all was reached, and the judge finds what is built wrongly. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { type: 'string', default: '520' },
      seed: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
    },
  });
  const started = performance.now();
  const result = await injectAll(Number(values.n), Number(values.seed));
  const replay = `npm run -s battery -- injection --n ${values.n} --seed ${values.seed}`;
  console.log(JSON.stringify({ ...result, replay, wallMs: Math.round(performance.now() - started) }));
  return result.ok ? 0 : 1;
}
