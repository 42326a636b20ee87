import { optionsOf } from '../optionsOf.ts';
import { checkGate } from './properties.ts';

/** Every property of the gate `--n` times from `--seed`; prints one JSON object, exits with 0 only if all held and all was reached. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '10000', seed: '7' });
  const started = performance.now();
  const { results, reached } = checkGate(Number(values.n), Number(values.seed));
  const failures = results.filter(({ failure }) => failure !== null);
  const neverReached = (['approved', 'resized', 'refused'] as const).filter((kind) => reached[kind] === 0);
  const ok = failures.length === 0 && neverReached.length === 0;
  console.log(
    JSON.stringify({
      ok,
      properties: results.length,
      runsEach: Number(values.n),
      failures,
      neverReached,
      verdicts: { approved: reached.approved, resized: reached.resized, refused: reached.refused },
      denialCodes: Object.keys(reached.codes).length,
      codes: reached.codes,
      replay: `npm run -s battery -- gate --n ${values.n} --seed ${values.seed} --json`,
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}
