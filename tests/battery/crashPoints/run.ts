import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { optionsOf } from '../optionsOf.ts';
import type { CutResult } from './cutFlow.ts';
import { flows } from './flows.ts';

/** Canonical flows, cut before and after every call that leaves the engine, and cut again during the recovery. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { stride: '1', double: '25', workers: '2' });
  const started = performance.now();
  const waiting = flows().map(({ name }) => name);
  const results: CutResult[] = [];
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
        results.push(await inProcess(name, values.stride, values.double));
    }),
  );
  const findings = results.flatMap((result) => result.findings);
  const unreached = results.filter(({ reached }) => !reached).map(({ flow }) => flow);
  const ok = findings.length === 0 && unreached.length === 0;
  for (const finding of findings.slice(0, 20)) console.error(finding);
  console.log(
    JSON.stringify({
      ok,
      flows: results.length,
      points: results.reduce((sum, { points }) => sum + points, 0),
      cases: results.reduce((sum, { cases }) => sum + cases, 0),
      unreached,
      findings: findings.length,
      byFlow: results.map(({ flow, points, cases }) => ({ flow, points, cases })),
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}

function inProcess(name: string, stride: string, double: string): Promise<CutResult> {
  const script = fileURLToPath(new URL('./flowProcess.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, name, stride, double], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(said.trim().split('\n').at(-1) ?? '')) : reject(new Error(`${name}: ended with ${code}`)),
    );
  });
}
