import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateSeparately } from '#app/simulation/separateEngine';
import { isoDate } from '#domain/units';
import { optionsOf } from '../optionsOf.ts';
import { killDays } from './killDays.ts';

/**
 * SIGKILL on the real process and the real database: `--n` processes are killed and what they left is held against the wire;
 * besides, `--sessions` processes that trade over the wire are killed `--kills` times each and go on to their end.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '500', seed: '1', workers: '2', sessions: '1', kills: '25' });
  const started = performance.now();
  const seed = Number(values.seed);
  const killed = await killDays(Number(values.n), { seed, workers: Number(values.workers) });
  const resumed = [];
  for (let session = 0; session < Number(values.sessions); session += 1)
    resumed.push(await resume(seed + session, Number(values.kills)));
  const ok =
    killed.lostIntents === 0 &&
    killed.refusedJournals === 0 &&
    (killed.ordersOnTheWire > 0 || killed.kills === 0) &&
    resumed.every((session) => session.ok);
  console.log(JSON.stringify({ ok, ...killed, resumed, wallMs: Math.round(performance.now() - started) }));
  return ok ? 0 : 1;
}

async function resume(seed: number, crash: number) {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-kill-'));
  try {
    const options = { seed, days: 1, start: isoDate('2026-01-05'), wire: false, crash, journal: null, faults: [], json: true };
    const { result, ok } = await simulateSeparately(options, join(folder, 'journal.db'));
    const { duplicateOrders, lostOrders, positionMismatches, unintendedOrders } = result.audit;
    return {
      ok,
      seed,
      crashes: crash,
      orders: result.ordersSubmitted,
      duplicateOrders,
      lostOrders,
      positionMismatches,
      unintendedOrders,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
