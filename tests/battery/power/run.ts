import { optionsOf } from '../optionsOf.ts';
import { losePower } from './losePower.ts';

/** The power fails at `--cuts` places of a morning's trading: nothing is lost with FULL, and the same check must fail with NORMAL. */
export function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { cuts: '1000', seed: '7', minutes: '60' });
  const common = { seed: Number(values.seed), cuts: Number(values.cuts), minutes: Number(values.minutes) };
  const full = losePower({ ...common, durability: 'full' });
  const normal = losePower({ ...common, durability: 'normal' });
  if (typeof full === 'string' || typeof normal === 'string') {
    console.log(JSON.stringify({ skipped: full }));
    return Promise.resolve(0);
  }
  const holds = full.lostIntents === 0 && full.refusedJournals === 0 && full.ordersOnTheWire > 0;
  const canFail = normal.badCuts > 0;
  console.log(JSON.stringify({ ok: holds && canFail, full, normal }));
  return Promise.resolve(holds && canFail ? 0 : 1);
}
