import '#adapters/runtime/runtimeCheck';
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Mutant, mutantsOfTheGate } from './mutations.ts';
import { takeTests } from './quickTest.ts';

/**
 * Judges mutants by the gate's own stories. Arguments: the numbers of the mutants, joined by commas (-1: the text as it is).
 * One line of JSON a mutant; the text is changed while it is loaded, in this process only.
 */
const root = join(import.meta.dirname, '../../..');
const runner = pathToFileURL(join(import.meta.dirname, 'quickTest.ts')).href;
const GATE = pathToFileURL(join(root, 'src-main/engine/risk/')).href;
const STORIES = pathToFileURL(join(root, 'tests/engine/risk/')).href;
/** Random worlds come on top of the stories in `npm test`; here the stories alone must tell every mutant. */
const files = readdirSync(fileURLToPath(STORIES)).filter((file) => file.endsWith('.test.ts') && file !== 'properties.test.ts');

const all = mutantsOfTheGate(root);
let current = { number: -1, mutant: undefined as Mutant | undefined };

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'vitest' && context.parentURL?.startsWith(STORIES)) return { url: runner, shortCircuit: true };
    const resolved = next(specifier, context);
    const mine = resolved.url.startsWith(GATE) || resolved.url.startsWith(STORIES);
    return mine ? { ...resolved, url: `${resolved.url.split('?')[0]}?mutant=${current.number}` } : resolved;
  },
  load(url, context, next) {
    const { mutant } = current;
    if (!url.startsWith(GATE) || !mutant || fileURLToPath(url.split('?')[0] ?? url) !== join(root, mutant.file))
      return next(url, context);
    const text = readFileSync(join(root, mutant.file), 'utf8');
    const source = text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});

/** What told it: the first story that failed, or null when none did. */
async function toldBy(): Promise<string | null> {
  for (const file of files) {
    try {
      await import(`${STORIES}${file}?mutant=${current.number}`);
    } catch (error) {
      return `${file}: ${error instanceof Error ? error.message : String(error)}`;
    }
    for (const test of takeTests()) {
      try {
        await test.run();
      } catch {
        return `${file}: ${test.name}`;
      }
    }
  }
  return null;
}

for (const number of (process.argv[2] ?? '').split(',').map(Number)) {
  current = { number, mutant: all[number] };
  takeTests();
  const told = await toldBy();
  takeTests();
  process.stdout.write(`${JSON.stringify({ number, told })}\n`);
}
