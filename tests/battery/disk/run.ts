import { JOURNAL_FILE } from '../journalledDay/tradeDay.ts';
import { optionsOf } from '../optionsOf.ts';
import { diskCases, foldingCases } from './cases.ts';
import { failDisk } from './failDisk.ts';

/** The disk fails at every n-th write and sync of a morning: the engine stops, sends nothing more, and says so; nothing is lost. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '200', seed: '7', minutes: '90', workers: '2' });
  const result = await failDisk([...diskCases(Number(values.n)), ...foldingCases(JOURNAL_FILE)], {
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
