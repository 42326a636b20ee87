import { type Instant, instant } from '#domain/units';
import type { Clock } from '#ports/clock';

/** What may never wait behind what: a cancel and an exit go before an entry, an entry before looking around. */
export type Lane = 'cancel' | 'exit' | 'entry' | 'account' | 'market';
const LANES: readonly Lane[] = ['cancel', 'exit', 'entry', 'account', 'market'];

export interface SchedulerSettings {
  /** Requests a minute for one key; null = not limited (the embedded exchange). */
  readonly perMinute: number | null;
  /** Requests of the budget that only cancels and exits may use. */
  readonly reserved: number;
  readonly maxConcurrent: number;
}

/** Raised for a request that was given up before it was sent: proof that nothing reached the broker. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

interface Waiting {
  readonly lane: Lane;
  readonly run: () => void;
  readonly giveUp: (error: Error) => void;
}

/**
 * One budget for one key. Requests wait in lanes; the reset that the broker names after a 429 is honoured for every lane.
 * Nothing is ever sent twice from here.
 */
export function createScheduler(clock: Clock, settings: SchedulerSettings) {
  const lanes = new Map<Lane, Waiting[]>(LANES.map((lane) => [lane, []]));
  let sent: Instant[] = [];
  let running = 0;
  let pausedUntil: Instant = instant(0);
  let armed = false;

  function room(lane: Lane): boolean {
    if (running >= settings.maxConcurrent) return false;
    if (settings.perMinute === null) return true;
    const now = clock.now();
    if (now < pausedUntil) return false;
    sent = sent.filter((at) => now - at < 60_000);
    const reserve = lane === 'cancel' || lane === 'exit' ? 0 : settings.reserved;
    return sent.length < settings.perMinute - reserve;
  }

  function pump(): void {
    for (const lane of LANES) {
      const queue = lanes.get(lane) ?? [];
      while (queue.length > 0 && room(lane)) {
        const next = queue.shift();
        if (settings.perMinute !== null) sent.push(clock.now());
        running += 1;
        next?.run();
      }
    }
    if (armed || settings.perMinute === null || [...lanes.values()].every((queue) => queue.length === 0)) return;
    armed = true;
    const first = sent[0];
    const at = Math.max(pausedUntil, first === undefined ? 0 : first + 60_000, clock.now() + 50);
    clock.wakeAt(instant(at), () => {
      armed = false;
      pump();
    });
  }

  return {
    /** Runs `request` when its turn comes. */
    submit<Result>(lane: Lane, request: () => Promise<Result>): Promise<Result> {
      return new Promise<Result>((resolve, reject) => {
        const run = (): void => {
          request()
            .then(resolve, reject)
            .finally(() => {
              running -= 1;
              pump();
            });
        };
        lanes.get(lane)?.push({ lane, run, giveUp: reject });
        pump();
      });
    },
    /** The broker said 429: nobody asks before `until`. */
    pause(until: Instant): void {
      pausedUntil = instant(Math.max(pausedUntil, until));
    },
    /** Gives up what waits in a lane: after an outage nothing old is sent. */
    drop(lane: Lane, reason: string): void {
      for (const waiting of lanes.get(lane)?.splice(0) ?? []) waiting.giveUp(new NotSentError(reason));
    },
    waiting: (): number => [...lanes.values()].reduce((sum, queue) => sum + queue.length, 0),
    running: (): number => running,
  };
}

export type Scheduler = ReturnType<typeof createScheduler>;
