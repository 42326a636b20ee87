import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { type Instant, instant } from '#domain/units';
import type { Fault } from '#ports/broker';
import type { Clock } from '#ports/clock';
import { createScheduler, type Lane, NotSentError, type Scheduler, type SchedulerSettings } from './scheduler.ts';
import { type AlpacaVenue, redirected } from './venue.ts';

/** A request that failed, with what is known of whether it reached the broker. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly fault: Fault;
  /** True when it is proved that the broker did not act on it. */
  readonly notDone: boolean;

  constructor(fault: Fault, notDone: boolean) {
    super(fault.message);
    this.fault = fault;
    this.notDone = notDone;
  }
}

export interface GatewaySettings {
  readonly timeoutMs: number;
  readonly scheduler: SchedulerSettings;
}

/** A raw answer of the SDK: the body is read here, because its decoders drop fields (`ratio_qty`) and slow big chains down. */
interface RawAnswer {
  readonly raw: Response;
}

/**
 * The SDK behind one door: base addresses redirected, its own retry and limiter off, ours on. Answers are the parsed JSON
 * bodies; failures are {@link GatewayError}. A request is sent at most once.
 */
export function createGateway(parts: {
  readonly venue: AlpacaVenue;
  readonly keyId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly settings: GatewaySettings;
  /** Chance in [0, 1) that spreads returns after a 429. */
  readonly jitter: () => number;
}) {
  const { venue, clock, settings } = parts;
  const scheduler: Scheduler = createScheduler(clock, settings.scheduler, parts.jitter);
  const sdk = new Alpaca({
    keyId: parts.keyId,
    secret: parts.secret,
    paper: !venue.isLive,
    timeoutMs: settings.timeoutMs,
    retry: false,
    rateLimit: false,
    fetchApi: (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
      fetch(redirected(venue, input instanceof Request ? input.url : String(input)), init),
  });
  let underWay = 0;

  async function call(lane: Lane, request: (api: typeof sdk) => Promise<RawAnswer>): Promise<unknown> {
    underWay += 1;
    try {
      return await scheduler.submit(lane, async () => {
        const { raw } = await request(sdk);
        scheduler.answered(budgetLeft(raw.headers));
        return bodyOf(raw);
      });
    } catch (error) {
      throw await classified(error);
    } finally {
      underWay -= 1;
    }
  }

  async function classified(error: unknown): Promise<GatewayError> {
    if (error instanceof GatewayError) return error;
    if (error instanceof NotSentError)
      return new GatewayError({ code: 'notSent', message: error.message, retryable: false }, true);
    const status = numberField(error, 'status');
    const message = error instanceof Error ? error.message : String(error);
    if (status === null) return new GatewayError({ code: 'network', message, retryable: true }, false);
    const code = String(numberField(error, 'code') ?? status);
    if (status === 429) {
      scheduler.refused(resetOf(error));
      return new GatewayError({ code, message, retryable: true, status }, true);
    }
    // A refusal (4xx) was not acted on; after a 5xx nobody knows.
    return new GatewayError({ code, message, retryable: status >= 500, status }, status >= 400 && status < 500);
  }

  return {
    sdk,
    call,
    dropEntries: (reason: string): void => scheduler.drop('entry', reason),
    /** Requests not answered yet, waiting ones included. */
    underWay: (): number => underWay,
  };
}

export type Gateway = ReturnType<typeof createGateway>;

/** Reads a body as JSON; an empty one (204) is null. A body that is not JSON (a proxy's HTML page) is a failure in doubt. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError(
      { code: 'malformed', message: `the answer was not JSON: ${text.slice(0, 80)}`, retryable: true, status: response.status },
      false,
    );
  }
}

function numberField(error: unknown, name: 'status' | 'code'): number | null {
  if (typeof error !== 'object' || error === null || !(name in error)) return null;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'number' ? value : null;
}

/** `X-RateLimit-Reset` in epoch seconds, as the SDK carries it. */
function resetOf(error: unknown): Instant | null {
  if (typeof error !== 'object' || error === null) return null;
  const rateLimit: unknown = Reflect.get(error, 'rateLimit');
  if (typeof rateLimit !== 'object' || rateLimit === null) return null;
  const reset: unknown = Reflect.get(rateLimit, 'reset');
  return typeof reset === 'number' && Number.isFinite(reset) ? instant(reset * 1000) : null;
}

function budgetLeft(headers: Headers): { readonly remaining: number; readonly reset: Instant } | null {
  const remaining = Number(headers.get('X-RateLimit-Remaining') ?? Number.NaN);
  const reset = Number(headers.get('X-RateLimit-Reset') ?? Number.NaN);
  return Number.isFinite(remaining) && Number.isFinite(reset) ? { remaining, reset: instant(reset * 1000) } : null;
}
