import { optionsOf, tellFinding } from '../optionsOf.ts';
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
  const isStopped = stopped(sessions);
  const isInTime = wallClock === null || inTime(wallClock);
  const none = { n: 0, throws: 0, kills: 0 };
  for (const failing of sessions.failures)
    tellFinding(`seed ${failing}: an order left after the throw, or an entry stayed`, 'kill-switch', {
      ...none,
      n: 1,
      'from-seed': failing,
      workers: 1,
    });
  if (!isStopped && sessions.failures.length === 0)
    tellFinding('a way, a verb or an open entry was met too seldom', 'kill-switch', { ...none, n: values.n, 'from-seed': seed });
  if (!isInTime)
    tellFinding('too late over the wire, or not every entry was cancelled', 'kill-switch', { ...none, throws: values.throws });
  if (latch.latchesLost > 0)
    tellFinding('a thrown latch was lost', 'kill-switch', { ...none, kills: values.kills, 'from-seed': seed, workers });
  const ok = isStopped && isInTime && latch.latchesLost === 0;
  console.log(JSON.stringify({ ok, ...sessions, ...wallClock, ...latch, wallMs: Math.round(performance.now() - started) }));
  return ok ? 0 : 1;
}

function stopped(result: SessionsResult): boolean {
  const met = [...Object.values(result.byWay), ...Object.values(result.byVerb)];
  const isMeaningful =
    result.sessions < 100 || (met.every((count) => count >= result.sessions * LEAST_SHARE) && result.withOpenEntries > 0);
  return isMeaningful && result.sentAfterLatch === 0 && result.createdAfterLatch === 0 && result.entriesLeft === 0;
}

function inTime({ localBlockMs, cancelAckMs, ...entries }: WallClock): boolean {
  // An entry that filled is gone too, and was not taken back.
  const isTakenBack = entries.entriesLeft === 0 && entries.entriesCancelled === entries.entriesThrownAt;
  return isTakenBack && localBlockMs.p99 <= LOCAL_BLOCK_MS && cancelAckMs.p99 <= CANCEL_ACK_MS;
}
