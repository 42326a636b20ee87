import { parseArgs } from 'node:util';
import { diskCases } from './cases.ts';
import { failDisk } from './failDisk.ts';

/** The disk fails at every n-th write and sync of a morning: the engine stops, sends nothing more, and says so; nothing is lost. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { type: 'string', default: '200' },
      seed: { type: 'string', default: '7' },
      minutes: { type: 'string', default: '80' },
      workers: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
    },
  });
  const result = await failDisk(diskCases(Number(values.n)), {
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    workers: Number(values.workers),
  });
  if (typeof result === 'string') {
    console.log(JSON.stringify({ skipped: result }));
    return 0;
  }
  const ok = result.findings.length === 0 && result.reached === result.cases;
  console.log(JSON.stringify({ ok, ...result, findings: result.findings.slice(0, 20) }));
  return ok ? 0 : 1;
}
