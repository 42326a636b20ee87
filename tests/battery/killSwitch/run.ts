import { optionsOf } from '../optionsOf.ts';
import { killLatchWriters } from './latchKills.ts';
import { runSessionsIn, type SessionsResult } from './sessions.ts';
import { measureWallClock, type WallClock } from './wallClock.ts';

/** Local block and cancel acknowledgement: 99 of 100 within these times. */
const LOCAL_BLOCK_MS = 50;
const CANCEL_ACK_MS = 2_000;
/** Each way and each verb must have been met in at least this share of the sessions. */
const LEAST_SHARE = 0.1;

/**
 * The kill switch: thrown at a random instant or call of `--n` sessions; against the wall's clock over the wire `--throws` times;
 * and against SIGKILL of the process that writes the latch, `--kills` times.
 */
export async function run(args: readonly string[]): Promise<number> {
  const values = optionsOf(args, { n: '10000', 'from-seed': '1', workers: '2', throws: '100', kills: '1000' });
  const started = performance.now();
  const seed = Number(values['from-seed']);
  const workers = Number(values.workers);
  const sessions = await runSessionsIn(workers, seed, Number(values.n));
  const wallClock = Number(values.throws) > 0 ? await measureWallClock(Number(values.throws)) : null;
  const latch = await killLatchWriters(Number(values.kills), seed, workers);
  const ok = stopped(sessions) && (wallClock === null || inTime(wallClock)) && latch.latchesLost === 0;
  console.log(JSON.stringify({ ok, ...sessions, ...wallClock, ...latch, wallMs: Math.round(performance.now() - started) }));
  return ok ? 0 : 1;
}

function stopped(result: SessionsResult): boolean {
  const met = [...Object.values(result.byWay), ...Object.values(result.byVerb)];
  const isMeaningful =
    result.sessions < 100 || (met.every((count) => count >= result.sessions * LEAST_SHARE) && result.withOpenEntries > 0);
  return isMeaningful && result.sentAfterLatch === 0 && result.createdAfterLatch === 0 && result.entriesLeft === 0;
}

function inTime({ localBlockMs, cancelAckMs, entriesLeft }: WallClock): boolean {
  return localBlockMs.p99 <= LOCAL_BLOCK_MS && cancelAckMs.p99 <= CANCEL_ACK_MS && entriesLeft === 0;
}
