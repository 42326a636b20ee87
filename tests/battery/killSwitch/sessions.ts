import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { killSession, type SessionResult, WAYS, type Way } from './session.ts';

export interface SessionsResult {
  readonly sessions: number;
  readonly fired: number;
  readonly orders: number;
  /** Sessions in which entries were open at the broker when it was thrown: where there was something to stop. */
  readonly withOpenEntries: number;
  readonly byWay: Readonly<Record<Way, number>>;
  readonly byVerb: Readonly<Record<SessionResult['verb'], number>>;
  readonly sentAfterLatch: number;
  readonly createdAfterLatch: number;
  readonly entriesLeft: number;
  /** Seeds that broke a promise, the first of them. */
  readonly failures: readonly number[];
}

const FAILURES_KEPT = 20;

/** Sessions `from`, `from + step`, ... in this process. */
export async function runSessions(from: number, count: number, step = 1): Promise<SessionsResult> {
  let result = NOTHING;
  for (let index = 0; index < count; index += 1) result = joined(result, ofOne(await killSession(from + index * step)));
  return result;
}

/** The same, shared among processes. */
export async function runSessionsIn(workers: number, from: number, count: number): Promise<SessionsResult> {
  if (workers <= 1) return runSessions(from, count);
  const script = fileURLToPath(new URL('./sessionsProcess.ts', import.meta.url));
  const shares = Array.from({ length: workers }, (_, worker) => {
    const own = Math.floor(count / workers) + (worker < count % workers ? 1 : 0);
    const child = fork(script, [String(from + worker), String(own), String(workers)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Promise<SessionsResult>((resolve, reject) => {
      child.once('message', (message: SessionsResult) => resolve(message));
      child.once('exit', (code) => code !== 0 && reject(new Error(`a worker ended with ${code}`)));
    });
  });
  return (await Promise.all(shares)).reduce(joined, NOTHING);
}

const NOTHING: SessionsResult = {
  sessions: 0,
  fired: 0,
  orders: 0,
  withOpenEntries: 0,
  byWay: { hand: 0, otherProcess: 0, inside: 0, crash: 0 },
  byVerb: { stopEntries: 0, freeze: 0, flatten: 0 },
  sentAfterLatch: 0,
  createdAfterLatch: 0,
  entriesLeft: 0,
  failures: [],
};

function ofOne(session: SessionResult): SessionsResult {
  const fired = session.fired ? 1 : 0;
  const isBad = session.sentAfter + session.createdAfter + session.entriesLeft > 0;
  return {
    ...NOTHING,
    sessions: 1,
    fired,
    orders: session.orders,
    withOpenEntries: session.openWhenFired > 0 ? 1 : 0,
    byWay: { ...NOTHING.byWay, [session.way]: fired },
    byVerb: { ...NOTHING.byVerb, [session.verb]: fired },
    sentAfterLatch: session.sentAfter,
    createdAfterLatch: session.createdAfter,
    entriesLeft: session.entriesLeft,
    failures: isBad ? [session.seed] : [],
  };
}

function joined(a: SessionsResult, b: SessionsResult): SessionsResult {
  const verbs = ['stopEntries', 'freeze', 'flatten'] as const;
  return {
    sessions: a.sessions + b.sessions,
    fired: a.fired + b.fired,
    orders: a.orders + b.orders,
    withOpenEntries: a.withOpenEntries + b.withOpenEntries,
    byWay: { ...a.byWay, ...Object.fromEntries(WAYS.map((way) => [way, a.byWay[way] + b.byWay[way]])) },
    byVerb: { ...a.byVerb, ...Object.fromEntries(verbs.map((verb) => [verb, a.byVerb[verb] + b.byVerb[verb]])) },
    sentAfterLatch: a.sentAfterLatch + b.sentAfterLatch,
    createdAfterLatch: a.createdAfterLatch + b.createdAfterLatch,
    entriesLeft: a.entriesLeft + b.entriesLeft,
    failures: [...a.failures, ...b.failures].sort((one, other) => one - other).slice(0, FAILURES_KEPT),
  };
}
