import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateSeparately } from '#app/simulation/separateEngine';
import { isoDate } from '#domain/units';
import { optionsOf, tellFinding } from '../optionsOf.ts';
import { killDays } from './killDays.ts';

/** Share of the processes that SIGKILL must have ended: one that was through its day before proves nothing. */
const LEAST_KILLED = 0.9;
/** Findings told one by one; all are counted. */
const MOST_TOLD = 20;

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
  for (const { seed: at, finding } of killed.findings.slice(0, MOST_TOLD))
    tellFinding(`seed ${at}: ${finding}`, 'sigkill', { seed: at, n: 1, sessions: 0 });
  for (const session of resumed)
    if (!session.ok)
      tellFinding(`the session of seed ${session.seed} did not hold`, 'sigkill', {
        seed: session.seed,
        n: 0,
        kills: values.kills,
      });
  const isEnough = killed.kills >= killed.processes * LEAST_KILLED && (killed.ordersOnTheWire > 0 || killed.processes <= 1);
  if (!isEnough)
    console.error(`${killed.kills} of ${killed.processes} processes were killed, ${killed.ordersOnTheWire} orders left`);
  const ok = killed.findings.length === 0 && isEnough && resumed.every((session) => session.ok);
  console.log(
    JSON.stringify({
      ok,
      ...killed,
      findings: killed.findings.slice(0, MOST_TOLD),
      resumed,
      wallMs: Math.round(performance.now() - started),
    }),
  );
  return ok ? 0 : 1;
}

async function resume(seed: number, crash: number) {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-kill-'));
  try {
    const options = { seed, days: 1, start: isoDate('2026-01-05'), wire: false, crash, journal: null, faults: [], json: true };
    const { result, extra, ok } = await simulateSeparately(options, join(folder, 'journal.db'));
    const { duplicateOrders, lostOrders, positionMismatches, unintendedOrders } = result.audit;
    return {
      ok,
      seed,
      crashes: extra['crashes'],
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
