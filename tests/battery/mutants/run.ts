import { optionsOf, tellFinding } from '../optionsOf.ts';
import { judgeMutants } from './judgeMutants.ts';

/** The gate with each comparison flipped and each check dropped: the gate's stories must tell every one of them. `--mutant 17` is one. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { workers: '2', step: '1', mutant: '' });
  const started = performance.now();
  const result = await judgeMutants({
    workers: Number(values.workers),
    step: Number(values.step),
    ...(values.mutant === '' ? {} : { only: Number(values.mutant) }),
  });
  for (const { mutant, name } of result.survived) tellFinding(`survived: ${name}`, 'mutants', { mutant });
  for (const name of result.idleArguments) console.error(`argued for nothing: ${name}`);
  const ok = result.survived.length === 0 && result.idleArguments.length === 0;
  console.log(JSON.stringify({ ok, ...result, seconds: Math.round((performance.now() - started) / 100) / 10 }));
  return ok ? 0 : 1;
}
