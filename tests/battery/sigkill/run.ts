import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulateSeparately } from '#app/simulation/separateEngine';
import { isoDate } from '#domain/units';
import { killDays } from './killDays.ts';

/**
 * SIGKILL on the real process and the real database: `--n` processes are killed and what they left is held against the wire;
 * besides, `--sessions` processes that trade over the wire are killed `--kills` times each and go on to their end.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      sessions: { type: 'string', default: '1' },
      kills: { type: 'string', default: '25' },
      json: { type: 'boolean', default: false },
    },
  });
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
