import { optionsOf } from '../optionsOf.ts';
import { losePower } from '../power/losePower.ts';
import { plantAll } from './plantAll.ts';

/** The battery on a program that is broken on purpose: every planted fault must be noticed. */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { seeds: '800', 'from-seed': '1', workers: '2' });
  const results = await plantAll({
    from: Number(values['from-seed']),
    seeds: Number(values.seeds),
    workers: Number(values.workers),
  });
  const power = losePower({ seed: 7, cuts: 60, minutes: 30, durability: 'normal' });
  const all = [
    ...results,
    {
      name: 'the journal is synced as NORMAL, not FULL',
      seeds: 1,
      found: typeof power !== 'string' && power.badCuts > 0 ? { seed: 7, finding: power.firstLoss ?? '' } : null,
    },
  ];
  const missed = all.filter(({ found }) => found === null).map(({ name }) => name);
  console.log(
    JSON.stringify({ ok: missed.length === 0, planted: all.length, found: all.length - missed.length, missed, plants: all }),
  );
  return missed.length === 0 ? 0 : 1;
}
