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
  /** The connection is open but not believed. */
  renew(detail: string): void;
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
  /** Another thread than the stream's own; tests only. */
  spawn?(order: StreamOrder): Worker;
}): StreamThread {
  const { order, clock } = parts;
  let wanted: readonly string[] | null = null;
  let heardAt = clock.now();
  let stopped = false;
  /** Between the end of a thread and the start of the next: its last words count no more. */
  let replacing = false;
  let cancelWatch: Cancel = () => {};
  let worker = start();
  watchLife();

  function start(): Worker {
    const thread = (parts.spawn ?? streamThread)(order);
    replacing = false;
    heardAt = clock.now();
    thread.on('message', (message: FromStream) => {
      if (thread !== worker || stopped || replacing) return;
      heardAt = clock.now();
      if (message.kind !== 'alive') parts.onMessage(message);
    });
    thread.on('error', (error) => ended(thread, error instanceof Error ? error.message : String(error)));
    thread.on('exit', () => ended(thread, 'its thread ended'));
    if (wanted !== null) tell(thread, { kind: 'watch', symbols: wanted });
    return thread;
  }

  function ended(thread: Worker, detail: string): void {
    if (stopped || replacing || thread !== worker) return;
    parts.onMessage({ kind: 'state', state: 'disconnected', detail: `${order.stream.kind}: ${detail}` });
    replace();
  }

  function replace(): void {
    replacing = true;
    const old = worker;
    const next = plusMs(clock.now(), RESTART_MS);
    clock.wakeAt(next, () => {
      if (stopped || worker !== old) return;
      worker = start();
    });
    void old.terminate();
  }

  function watchLife(): void {
    cancelWatch = clock.wakeAt(plusMs(clock.now(), ALIVE_MS), () => {
      if (stopped) return;
      if (!replacing && clock.now() - heardAt > ALIVE_MS * MISSED_SIGNS) {
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
    renew: (detail) => tell(worker, { kind: 'renew', detail }),
    stop() {
      stopped = true;
      cancelWatch();
      tell(worker, { kind: 'stop' });
      void worker.terminate();
    },
  };
}

function streamThread(order: StreamOrder): Worker {
  // The sources run as they are under Node; the build lays the thread's file beside this one.
  const file = import.meta.url.endsWith('.ts') ? 'streamWorker.ts' : 'streamWorker.js';
  return new Worker(new URL(`./${file}`, import.meta.url), { workerData: order });
}

function tell(worker: Worker, message: ToStream): void {
  worker.postMessage(message);
}
