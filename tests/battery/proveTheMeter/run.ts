import { UsageError } from '#app/commandLine';
import { optionsOf, tellFinding } from '../optionsOf.ts';
import { losePower } from '../power/losePower.ts';
import { controlsOf, plantAll } from './plantAll.ts';
import { PLANTS } from './plants.ts';

/** What a disk without its syncs loses, and the same disk with them as its control. */
const POWER = { seed: 7, cuts: 60, minutes: 30 } as const;

/**
 * The battery on a program that is broken on purpose: every planted fault must be noticed, and the same sessions of the program as
 * it is must hold. `--plant 4` plants the fourth alone.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { seeds: '800', 'from-seed': '1', workers: '2', plant: '' });
  const { seeds, 'from-seed': from } = values;
  const workers = Number(values.workers);
  const chosen = values.plant === '' ? PLANTS : PLANTS.slice(Number(values.plant) - 1, Number(values.plant));
  if (chosen.length === 0) throw new UsageError(`there are ${PLANTS.length} plants, and no ${values.plant}`);
  const results = await plantAll({ from: Number(from), seeds: Number(seeds), workers }, chosen);
  const controls = await controlsOf(results, workers);
  const power = values.plant === '' ? powerPlant() : null;
  const all = [...results, ...(power === null ? [] : [power.plant])];
  const missed = all.filter(({ found }) => found === null).map(({ name }) => name);
  const failing = controls.filter(({ findings }) => findings.length > 0);
  const plantOf = (name: string): number | '' => PLANTS.findIndex((plant) => plant.name === name) + 1 || '';
  for (const name of missed)
    tellFinding(`not noticed: ${name}`, 'prove-the-meter', { seeds, 'from-seed': from, plant: plantOf(name) });
  for (const { story, seed, findings } of failing) {
    const found = results.find((result) => result.story === story && result.found?.seed === seed);
    const again = { seeds, 'from-seed': seed, plant: plantOf(found?.name ?? '') };
    tellFinding(`${story ?? 'mixed'}, seed ${seed}, nothing planted: ${findings.join('; ')}`, 'prove-the-meter', again);
  }
  if (power !== null && !power.controlHeld) console.error('the power check finds a loss with the syncs too, or could not be run');
  const ok = missed.length === 0 && failing.length === 0 && power?.controlHeld !== false;
  console.log(
    JSON.stringify({
      ok,
      planted: all.length,
      found: all.length - missed.length,
      missed,
      controls: controls.length + (power === null ? 0 : 1),
      controlsHeld: controls.length - failing.length + (power?.controlHeld ? 1 : 0),
      failingControls: failing,
      plants: all,
    }),
  );
  return ok ? 0 : 1;
}

function powerPlant() {
  const planted = losePower({ ...POWER, durability: 'normal' });
  const control = losePower({ ...POWER, durability: 'full' });
  if (typeof planted === 'string') console.error(planted);
  const isFound = typeof planted !== 'string' && planted.badCuts > 0;
  return {
    plant: {
      name: 'the journal is synced as NORMAL, not FULL',
      seeds: 1,
      found: isFound ? { seed: POWER.seed, finding: planted.firstLoss ?? '' } : null,
    },
    controlHeld: typeof control !== 'string' && control.badCuts === 0 && control.refusedJournals === 0,
  };
}
