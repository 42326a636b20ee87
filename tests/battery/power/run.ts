import { optionsOf } from '../optionsOf.ts';
import { losePower } from './losePower.ts';

/** Exit code where the recording disk cannot be had. */
const NOT_TRIED = 2;

/** The power fails at `--cuts` places of a morning's trading: nothing is lost with FULL, and the same check must fail with NORMAL. */
export function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { cuts: '1000', seed: '7', minutes: '60' });
  const common = { seed: Number(values.seed), cuts: Number(values.cuts), minutes: Number(values.minutes) };
  const full = losePower({ ...common, durability: 'full' });
  const normal = losePower({ ...common, durability: 'normal' });
  if (typeof full === 'string' || typeof normal === 'string') {
    const skipped = typeof full === 'string' ? full : normal;
    console.error(`not tried: ${String(skipped)}`);
    console.log(JSON.stringify({ ok: false, skipped }));
    return Promise.resolve(NOT_TRIED);
  }
  const holds = full.lostIntents === 0 && full.refusedJournals === 0 && full.ordersOnTheWire > 0;
  const canFail = normal.badCuts > 0;
  if (full.firstLoss !== null) console.error(full.firstLoss);
  if (!canFail) console.error('nothing was lost without the sync: the check cannot see a loss');
  console.log(JSON.stringify({ ok: holds && canFail, full, normal }));
  return Promise.resolve(holds && canFail ? 0 : 1);
}
