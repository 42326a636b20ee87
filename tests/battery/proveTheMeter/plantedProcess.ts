import '#adapters/runtime/runtimeCheck';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLANTS } from './plants.ts';

/**
 * Runs seeds on a program with one planted fault until the battery notices. Arguments: the plant's name, first seed, most seeds.
 * The text is changed while it is loaded, in this process only.
 */
const [name = '', from = '1', most = '200'] = process.argv.slice(2);
const plant = PLANTS.find((each) => each.name === name);
if (!plant) throw new Error(`there is no plant '${name}'`);
const root = join(import.meta.dirname, '../../..');
const edits = plant.edits.map((edit) => ({ ...edit, url: pathToFileURL(join(root, edit.file)).href, done: false }));

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const mine = edits.filter((edit) => edit.url === url);
    if (mine.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
    let text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    for (const edit of mine) {
      const parts = text.split(edit.find);
      if (parts.length !== 2) throw new Error(`${edit.file}: '${edit.find}' stands there ${parts.length - 1} times, not once`);
      text = parts.join(edit.replace);
      edit.done = true;
    }
    return { ...loaded, source: text };
  },
});

const { planOf } = await import('../swarm/plan.ts');
const { storyOf } = await import('../swarm/stories.ts');
const { runSession } = await import('../swarm/session.ts');
const { judgeSession } = await import('../swarm/judge.ts');
const unplanted = edits.filter((edit) => !edit.done).map((edit) => edit.file);
if (unplanted.length > 0) throw new Error(`not planted, because never loaded: ${unplanted.join(', ')}`);

let found: { readonly seed: number; readonly finding: string } | null = null;
let seeds = 0;
for (let seed = Number(from); found === null && seeds < Number(most); seed += 1, seeds += 1) {
  try {
    const { findings } = judgeSession(await runSession(plant.story ? storyOf(plant.story, seed) : planOf(seed)));
    const [finding] = findings;
    if (finding !== undefined) found = { seed, finding };
  } catch (error) {
    found = { seed, finding: `the session ended: ${error instanceof Error ? error.message : String(error)}` };
  }
}
process.stdout.write(`${JSON.stringify({ name, story: plant.story ?? null, seeds, found })}\n`);
