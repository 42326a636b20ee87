/**
 * `npm run -s bench -- <name> [--json] [--quick]`: runs one benchmark of this folder. Each prints a table of ratios (or, with
 * --json, nothing but its result) and ends with one JSON object on the last line. The exit code is 0 only when every claim held
 * that could be judged here: results agree with the peers', and times reach the goals (with --quick times are not judged).
 */
import '#adapters/runtime/runtimeCheck';
import { commandLine, endWith } from '#app/commandLine';
import { allHold, type BenchOptions, type BenchResult } from './timing.ts';

const benches: Record<string, () => Promise<{ run: (options: BenchOptions) => Promise<BenchResult> }>> = {
  pricing: () => import('./pricing.ts'),
  exactness: () => import('./exactness.ts'),
  scanner: () => import('./scanner.ts'),
  'monte-carlo': () => import('./monteCarlo.ts'),
};

const USAGE = `npm run -s bench -- <${Object.keys(benches).join('|')}> [--json] [--quick]
  Prints a table of ratios and one JSON object on the last line. --quick: results are compared, times are not judged.`;

const { values: options, positionals } = commandLine(USAGE, {
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const [name = ''] = positionals;
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (!bench) endWith(`${name === '' ? 'Name a benchmark.' : `There is no benchmark '${name}'.`}\n${USAGE}`);
else {
  const { run } = await bench();
  const result = await run(options);
  const ok = allHold(options.quick ? result.agreement : [...result.agreement, ...result.goals]);
  console.log(JSON.stringify({ bench: name, ok, ...result }));
  process.exitCode = ok ? 0 : 1;
}
