import { UsageError } from '#app/commandLine';
import { JOURNAL_FILE } from '../journalledDay/tradeDay.ts';
import { optionsOf, tellFinding } from '../optionsOf.ts';
import { diskCases, foldingCases } from './cases.ts';
import { failDisk } from './failDisk.ts';

/** Findings told and printed; all are counted. */
const MOST_TOLD = 20;
/** Exit code where the failing disk cannot be had. */
const NOT_TRIED = 2;

/**
 * The disk fails at every n-th write and sync of a morning: the engine stops, sends nothing more, and says so; nothing is lost.
 * `--case 17` runs that case of the list alone.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '200', seed: '7', minutes: '90', workers: '2', case: '' });
  const { n, seed, minutes } = values;
  const all = [...diskCases(Number(n)), ...foldingCases(JOURNAL_FILE)];
  const only = values.case === '' ? null : Number(values.case);
  const cases = only === null ? all : all.slice(only - 1, only);
  if (cases.length === 0) throw new UsageError(`there are ${all.length} cases, and no ${values.case}`);
  const options = { seed: Number(seed), minutes: Number(minutes), workers: only === null ? Number(values.workers) : 1 };
  const result = await failDisk(cases, options);
  if (typeof result === 'string') {
    console.error(`not tried: ${result}`);
    console.log(JSON.stringify({ ok: false, skipped: result }));
    return NOT_TRIED;
  }
  const findings = result.findings.map((finding) => (only === null ? finding : { ...finding, case: only }));
  for (const found of findings.slice(0, MOST_TOLD))
    tellFinding(`case ${found.case}, ${found.fault}: ${found.finding}`, 'disk', { n, seed, minutes, case: found.case });
  const ok = result.findings.length === 0 && result.reached === result.cases;
  console.log(JSON.stringify({ ok, ...result, findings: findings.slice(0, MOST_TOLD) }));
  return ok ? 0 : 1;
}
