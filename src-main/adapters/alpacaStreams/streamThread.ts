import { Worker } from 'node:worker_threads';
import { plusMs } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';
import { ALIVE_MS, type FromStream, type StreamOrder, type ToStream } from './messages.ts';

/** Signs of life that may be missed before a thread is replaced. */
const MISSED_SIGNS = 5;
/** Pause before a thread that ended is started again. */
const RESTART_MS = 2_000;

export interface StreamThread {
  /** The complete set wanted from now on; kept here and told again to every thread that follows. */
  watch(symbols: readonly string[]): void;
  stop(): void;
}

/**
 * A stream on a thread of its own: bursts of quotes are decoded and conflated there, never on the engine's thread. A thread that
 * ends or falls silent is replaced, without end, and told what was wanted.
 */
export function openStreamThread(parts: {
  readonly order: StreamOrder;
  readonly clock: Clock;
  onMessage(message: Exclude<FromStream, { kind: 'alive' }>): void;
}): StreamThread {
  const { order, clock } = parts;
  let wanted: readonly string[] | null = null;
  let heardAt = clock.now();
  let stopped = false;
  let cancelWatch: Cancel = () => {};
  let worker = start();
  watchLife();

  function start(): Worker {
    // The sources run as they are under Node; the build lays the thread's file beside this one.
    const file = import.meta.url.endsWith('.ts') ? 'streamWorker.ts' : 'streamWorker.js';
    const thread = new Worker(new URL(`./${file}`, import.meta.url), { workerData: order });
    heardAt = clock.now();
    thread.on('message', (message: FromStream) => {
      if (thread !== worker || stopped) return;
      heardAt = clock.now();
      if (message.kind !== 'alive') parts.onMessage(message);
    });
    thread.on('error', (error) => ended(thread, error instanceof Error ? error.message : String(error)));
    thread.on('exit', () => ended(thread, 'its thread ended'));
    if (wanted !== null) tell(thread, { kind: 'watch', symbols: wanted });
    return thread;
  }

  function ended(thread: Worker, detail: string): void {
    if (stopped || thread !== worker) return;
    parts.onMessage({ kind: 'state', state: 'disconnected', detail: `${order.stream.kind}: ${detail}` });
    replace();
  }

  function replace(): void {
    const old = worker;
    const next = plusMs(clock.now(), RESTART_MS);
    heardAt = plusMs(next, ALIVE_MS);
    clock.wakeAt(next, () => {
      if (stopped || worker !== old) return;
      worker = start();
    });
    void old.terminate();
  }

  function watchLife(): void {
    cancelWatch = clock.wakeAt(plusMs(clock.now(), ALIVE_MS), () => {
      if (stopped) return;
      if (clock.now() - heardAt > ALIVE_MS * MISSED_SIGNS) {
        parts.onMessage({ kind: 'state', state: 'stale', detail: `${order.stream.kind}: its thread does not answer` });
        replace();
      }
      watchLife();
    });
  }

  return {
    watch(symbols) {
      wanted = symbols;
      tell(worker, { kind: 'watch', symbols });
    },
    stop() {
      stopped = true;
      cancelWatch();
      tell(worker, { kind: 'stop' });
      void worker.terminate();
    },
  };
}

function tell(worker: Worker, message: ToStream): void {
  worker.postMessage(message);
}
