/**
 * `npm run -s bench -- <name> [--json] [--quick]`: runs one benchmark of this folder. Each prints a table of ratios (or, with
 * --json, nothing but its result) and ends with one JSON object on the last line. The exit code is 0 only when every claim held
 * that could be judged here: results agree with the peers', and times reach the goals (with --quick times are not judged).
 */
import '#adapters/runtime/runtimeCheck';
import { allHold, type BenchOptions, type BenchResult } from './timing.ts';

const benches: Record<string, () => Promise<{ run: (options: BenchOptions) => Promise<BenchResult> }>> = {
  pricing: () => import('./pricing.ts'),
  exactness: () => import('./exactness.ts'),
  scanner: () => import('./scanner.ts'),
  'monte-carlo': () => import('./monteCarlo.ts'),
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  console.error(`which benchmark? One of: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  const options = { json: flags.includes('--json'), quick: flags.includes('--quick') };
  const { run } = await bench();
  const result = await run(options);
  const ok = allHold(options.quick ? result.agreement : [...result.agreement, ...result.goals]);
  console.log(JSON.stringify({ bench: name, ok, ...result }));
  process.exitCode = ok ? 0 : 1;
}
