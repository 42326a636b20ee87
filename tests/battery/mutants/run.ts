import { optionsOf } from '../optionsOf.ts';
import { judgeMutants } from './judgeMutants.ts';

/** The gate with each comparison flipped and each check dropped: the gate's stories must tell every one of them. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { workers: '2', step: '1' });
  const started = performance.now();
  const result = await judgeMutants({ workers: Number(values.workers), step: Number(values.step) });
  for (const name of result.survived) console.error(`survived: ${name}`);
  for (const name of result.idleArguments) console.error(`argued for nothing: ${name}`);
  const ok = result.survived.length === 0 && result.idleArguments.length === 0;
  console.log(JSON.stringify({ ok, ...result, seconds: Math.round((performance.now() - started) / 100) / 10 }));
  return ok ? 0 : 1;
}
