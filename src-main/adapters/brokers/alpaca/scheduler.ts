import { type Instant, instant, plusMs } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';

/** What may never wait behind what: a cancel and an exit go before an entry, an entry before looking around. */
export type Lane = 'cancel' | 'exit' | 'entry' | 'account' | 'market';
const LANES: readonly Lane[] = ['cancel', 'exit', 'entry', 'account', 'market'];

export interface SchedulerSettings {
  /** Requests a minute for one key; null = neither limited nor paused (the embedded exchange in simulated time). */
  readonly perMinute: number | null;
  /** Requests of the budget that only cancels and exits may use. */
  readonly reserved: number;
  readonly maxConcurrent: number;
  /** Of these, so many that only cancels and exits may use: a slow chain never holds up a cancel. */
  readonly reservedConcurrent: number;
}

/** Raised for a request that was given up before it was sent: proof that nothing reached the broker. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
}

interface Waiting {
  readonly run: () => void;
  readonly giveUp: (error: Error) => void;
}

const MINUTE_MS = 60_000;
/** First pause after a 429 that names no reset; doubled with each further one, up to a minute. */
const FIRST_PAUSE_MS = 1_000;
/** What is not urgent returns later than a reset by a chance part of this, at least; a fifth of a longer pause. */
const LEAST_SPREAD_MS = 1_000;

/**
 * One budget for one key, cancels included. Requests wait in lanes; the reset that the broker names after a 429 is honoured for
 * every lane: cancels and exits go again at that moment, everything else a chance time later, so that they find room and several
 * programs with one key do not return as one. Nothing is ever sent twice from here.
 */
export function createScheduler(clock: Clock, settings: SchedulerSettings, jitter: () => number) {
  const lanes = new Map<Lane, Waiting[]>(LANES.map((lane) => [lane, []]));
  const { perMinute } = settings;
  let sent: Instant[] = [];
  let running = 0;
  let refusals = 0;
  /** Nothing before `urgent`; nothing but cancels and exits before `rest`. */
  const pausedUntil: { urgent: Instant; rest: Instant } = { urgent: instant(0), rest: instant(0) };
  let cancelWake: Cancel = () => {};

  const isUrgent = (lane: Lane): boolean => lane === 'cancel' || lane === 'exit';

  /** When the budget lets a request of this lane go; now or earlier = at once. */
  function budgetAt(lane: Lane, limit: number): Instant {
    const cap = Math.max(1, limit - (isUrgent(lane) ? 0 : settings.reserved));
    const paused = isUrgent(lane) ? pausedUntil.urgent : pausedUntil.rest;
    const blocking = sent[sent.length - cap];
    return instant(Math.max(paused, blocking === undefined ? 0 : blocking + MINUTE_MS));
  }

  function pump(): void {
    cancelWake();
    const now = clock.now();
    sent = sent.filter((at) => now - at < MINUTE_MS);
    let next = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const queue = lanes.get(lane) ?? [];
      const lines = settings.maxConcurrent - (isUrgent(lane) ? 0 : settings.reservedConcurrent);
      // A request that ends pumps again: only the budget needs a clock.
      while (queue.length > 0 && running < lines) {
        const at = perMinute === null ? now : budgetAt(lane, perMinute);
        if (at > now) {
          next = Math.min(next, at);
          break;
        }
        if (perMinute !== null) sent.push(now);
        running += 1;
        queue.shift()?.run();
      }
    }
    cancelWake = Number.isFinite(next) ? clock.wakeAt(instant(next), pump) : () => {};
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
        lanes.get(lane)?.push({ run, giveUp: reject });
        pump();
      });
    },
    /** The broker said 429 and, perhaps, when it will answer again. */
    refused(reset: Instant | null): void {
      refusals += 1;
      const now = clock.now();
      const own = plusMs(now, Math.min(MINUTE_MS, FIRST_PAUSE_MS * 2 ** (refusals - 1)));
      // Their clock may be ahead of ours: no reset is further away than the minute it belongs to.
      const named = reset !== null && reset > now ? Math.min(reset, plusMs(now, MINUTE_MS)) : own;
      const urgent = instant(Math.max(pausedUntil.urgent, named));
      const spread = Math.max(LEAST_SPREAD_MS, (urgent - now) / 5);
      pausedUntil.urgent = urgent;
      pausedUntil.rest = instant(Math.max(pausedUntil.rest, urgent + Math.ceil(jitter() * spread)));
      pump();
    },
    /**
     * The broker answered, and said how much of the budget is left until when. Less than the reserve means that another program
     * uses the key too: what is left is kept for cancels and exits.
     */
    answered(left: { readonly remaining: number; readonly reset: Instant } | null): void {
      refusals = 0;
      if (left === null || left.remaining >= settings.reserved || left.reset <= clock.now()) return;
      pausedUntil.rest = instant(Math.max(pausedUntil.rest, Math.min(left.reset, clock.now() + MINUTE_MS)));
    },
    /** Gives up what waits in a lane: after an outage nothing old is sent. */
    drop(lane: Lane, reason: string): void {
      for (const waiting of lanes.get(lane)?.splice(0) ?? []) waiting.giveUp(new NotSentError(reason));
    },
  };
}

export type Scheduler = ReturnType<typeof createScheduler>;
