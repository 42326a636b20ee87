/**
 * `npm run -s bench -- <name> [--json] [--quick]`: runs one benchmark of this folder. Each prints a table of ratios (or, with
 * --json, nothing but its result) and ends with one JSON object on the last line.
 */
import type { BenchOptions } from './timing.ts';

const benches: Record<string, () => Promise<{ run: (options: BenchOptions) => Promise<object> }>> = {
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
  console.log(JSON.stringify({ bench: name, ...(await run(options)) }));
}
