import { type Instant, instant, plusMs } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';

/** What may never wait behind what: a cancel and an exit go before an entry, an entry before looking around. */
export type Lane = 'cancel' | 'exit' | 'entry' | 'account' | 'market';
/** Who is asked: the trading API and the data API have a budget each, and refuse each for itself. */
export type Host = 'trading' | 'data';

const HOSTS: readonly Host[] = ['trading', 'data'];
const LANES: readonly Lane[] = ['cancel', 'exit', 'entry', 'account', 'market'];

export interface SchedulerSettings {
  /** Requests a minute of one key at each host; null = neither limited nor paused (the embedded exchange in simulated time). */
  readonly perMinute: number | null;
  /** Requests of the budget that only cancels and exits may use. */
  readonly reserved: number;
  /** Requests under way at once at each host. */
  readonly maxConcurrent: number;
  /** Of these, so many that only cancels and exits may use: a slow chain never holds up a cancel. */
  readonly reservedConcurrent: number;
}

/** Raised for a request that was given up before it was sent: proof that nothing reached the broker. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  /** Whether the same wish may be sent another time. */
  readonly retryable: boolean;

  constructor(message: string, retryable = false) {
    super(message);
    this.retryable = retryable;
  }
}

interface Waiting {
  /** Whose request it is, when it may be taken back while it waits. */
  readonly key: string | null;
  readonly host: Host;
  readonly run: () => void;
  readonly giveUp: (error: Error) => void;
}

/** Nothing before `urgent`; nothing but cancels and exits before `rest`. */
interface Pause {
  urgent: Instant;
  rest: Instant;
  refusals: number;
}

function noPause(): Pause {
  return { urgent: instant(0), rest: instant(0), refusals: 0 };
}

/** A request under a `key` can be withdrawn while it waits. */
export interface Errand {
  readonly key?: string | null;
  readonly host?: Host;
}

const MINUTE_MS = 60_000;
/** First pause after a 429 that names no reset; doubled with each further one, up to a minute. */
const FIRST_PAUSE_MS = 1_000;
/** What is not urgent returns later than a reset by a chance part of this, at least; a fifth of a longer pause. */
const LEAST_SPREAD_MS = 1_000;

/**
 * One key has a budget a minute, and lines, at each host, cancels included: what was asked of one counts nothing at the other.
 * Requests wait in lanes; the reset that a host names after a 429 is honoured for every lane that asks this host: cancels and exits go
 * again at that moment, everything else a chance time later, so that they find room and several programs with one key do not return
 * as one. Quotes, refused, slow or many, hold up no cancel. Nothing is ever sent twice from here.
 */
export function createScheduler(clock: Clock, settings: SchedulerSettings, jitter: () => number) {
  const lanes = new Map<Lane, Waiting[]>(LANES.map((lane) => [lane, []]));
  const { perMinute } = settings;
  const sent: Record<Host, Instant[]> = { trading: [], data: [] };
  const running: Record<Host, number> = { trading: 0, data: 0 };
  const pauses: Readonly<Record<Host, Pause>> = { trading: noPause(), data: noPause() };
  let cancelWake: Cancel = () => {};

  const isUrgent = (lane: Lane): boolean => lane === 'cancel' || lane === 'exit';

  /** When the budget lets a request of this lane go; now or earlier = at once. */
  function budgetAt(lane: Lane, limit: number, host: Host): Instant {
    const cap = Math.max(1, limit - (isUrgent(lane) ? 0 : settings.reserved));
    const paused = isUrgent(lane) ? pauses[host].urgent : pauses[host].rest;
    const blocking = sent[host].at(-cap);
    return instant(Math.max(paused, blocking === undefined ? 0 : blocking + MINUTE_MS));
  }

  function pump(): void {
    cancelWake();
    const now = clock.now();
    for (const host of HOSTS) sent[host] = sent[host].filter((at) => now - at < MINUTE_MS);
    let next = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const queue = lanes.get(lane) ?? [];
      const lines = settings.maxConcurrent - (isUrgent(lane) ? 0 : settings.reservedConcurrent);
      let blocked = 0;
      // A request that ends pumps again: only the budget needs a clock. What waits for one host holds up nothing of the other.
      for (let head = queue[0]; head; head = queue[blocked]) {
        const { host } = head;
        const at = perMinute === null ? now : budgetAt(lane, perMinute, host);
        if (at > now || running[host] >= lines) {
          if (at > now) next = Math.min(next, at);
          blocked += 1;
          continue;
        }
        if (perMinute !== null) sent[host].push(now);
        running[host] += 1;
        queue.splice(blocked, 1);
        head.run();
      }
    }
    cancelWake = Number.isFinite(next) ? clock.wakeAt(instant(next), pump) : () => {};
  }

  return {
    /** Runs `request` when its turn comes. */
    submit<Result>(lane: Lane, request: () => Promise<Result>, { key = null, host = 'trading' }: Errand = {}): Promise<Result> {
      return new Promise<Result>((resolve, reject) => {
        const run = (): void => {
          request()
            .then(resolve, reject)
            .finally(() => {
              running[host] -= 1;
              pump();
            });
        };
        lanes.get(lane)?.push({ key, host, run, giveUp: reject });
        pump();
      });
    },
    /** The host said 429 and, perhaps, when it will answer again. */
    refused(host: Host, reset: Instant | null): void {
      const pause = pauses[host];
      pause.refusals += 1;
      const now = clock.now();
      const own = plusMs(now, Math.min(MINUTE_MS, FIRST_PAUSE_MS * 2 ** (pause.refusals - 1)));
      // Their clock may be ahead of ours: no reset is further away than the minute it belongs to.
      const named = reset !== null && reset > now ? Math.min(reset, plusMs(now, MINUTE_MS)) : own;
      const urgent = instant(Math.max(pause.urgent, named));
      const spread = Math.max(LEAST_SPREAD_MS, (urgent - now) / 5);
      pause.urgent = urgent;
      pause.rest = instant(Math.max(pause.rest, urgent + Math.ceil(jitter() * spread)));
      pump();
    },
    /**
     * The host answered, and said how much of the budget is left until when. Less than the reserve means that another program
     * uses the key too: what is left is kept for cancels and exits.
     */
    answered(host: Host, left: { readonly remaining: number; readonly reset: Instant } | null): void {
      const pause = pauses[host];
      pause.refusals = 0;
      if (left === null || left.remaining >= settings.reserved || left.reset <= clock.now()) return;
      pause.rest = instant(Math.max(pause.rest, Math.min(left.reset, clock.now() + MINUTE_MS)));
    },
    /** Gives up what waits in a lane: after an outage nothing old is sent. */
    drop(lane: Lane, reason: string): void {
      for (const waiting of lanes.get(lane)?.splice(0) ?? []) waiting.giveUp(new NotSentError(reason));
    },
    /** Takes one request back that waits; false when none of this key does: it has left, or was never here. */
    withdraw(key: string, reason: string): boolean {
      for (const queue of lanes.values()) {
        const index = queue.findIndex((waiting) => waiting.key === key);
        const [waiting] = index < 0 ? [] : queue.splice(index, 1);
        if (!waiting) continue;
        waiting.giveUp(new NotSentError(reason, true));
        return true;
      }
      return false;
    },
  };
}

export type Scheduler = ReturnType<typeof createScheduler>;
