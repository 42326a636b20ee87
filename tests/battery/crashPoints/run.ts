import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from '#app/commandLine';
import { optionsOf, tellFinding } from '../optionsOf.ts';
import type { CutResult } from './cutFlow.ts';
import { flows } from './flows.ts';

/** Findings told one by one; all are counted. */
const MOST_TOLD = 20;

/**
 * Canonical flows, cut at every point where the engine does something to the world or asks the broker, and cut again during the
 * recovery. `--flow 4` runs the fourth alone, `--flow 4 --cut 17 --second 3` one case of it.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { stride: '1', double: '25', workers: '2', flow: '', cut: '', second: '' });
  const started = performance.now();
  const names = flows().map(({ name }) => name);
  const waiting = values.flow === '' ? [...names] : names.slice(Number(values.flow) - 1, Number(values.flow));
  const only = [values.cut, values.second].filter((point) => point !== '').join(',');
  if (waiting.length === 0 || (only !== '' && values.flow === ''))
    throw new UsageError(`--flow takes a number from 1 to ${names.length}; --cut and --second are points of that flow`);
  const results: CutResult[] = [];
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
        results.push(await inProcess([name, values.stride, values.double, only]));
    }),
  );
  const findings = results.flatMap((result) => result.findings.map((found) => ({ ...found, flow: result.flow })));
  const unreached = results.filter(({ reached }) => !reached).map(({ flow }) => flow);
  // A flow in which nobody ever died a second time has not been looked at for it.
  const wantsSecond = only === '' && Number(values.double) > 0;
  const neverTwice = wantsSecond ? results.filter(({ doubles }) => doubles === 0).map(({ flow }) => flow) : [];
  const ok = findings.length === 0 && unreached.length === 0 && neverTwice.length === 0;
  for (const { flow, deaths, finding } of findings.slice(0, MOST_TOLD)) {
    const [cut = '', second = ''] = deaths;
    tellFinding(finding, 'crash-points', { flow: names.indexOf(flow) + 1, cut, second });
  }
  const sum = (of: 'points' | 'singles' | 'doubles' | 'withoutSecond'): number =>
    results.reduce((total, result) => total + result[of], 0);
  console.log(
    JSON.stringify({
      ok,
      flows: results.length,
      points: sum('points'),
      singles: sum('singles'),
      doubles: sum('doubles'),
      withoutSecond: sum('withoutSecond'),
      unreached,
      neverTwice,
      findings: findings.length,
      byFlow: results.map(({ findings: _, reached: __, ...counts }) => counts),
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}

function inProcess(args: readonly string[]): Promise<CutResult> {
  const script = fileURLToPath(new URL('./flowProcess.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(said.trim().split('\n').at(-1) ?? ''))
        : reject(new Error(`${args[0]}: ended with ${code}`)),
    );
  });
}
