import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { cleaned, withoutSecrets } from '#adapters/secrets/withoutSecrets';
import { type Instant, instant } from '#domain/units';
import type { Fault } from '#ports/broker';
import type { Clock } from '#ports/clock';
import {
  createScheduler,
  type Errand,
  type Host,
  type Lane,
  NotSentError,
  type Scheduler,
  type SchedulerSettings,
} from './scheduler.ts';
import { type AlpacaVenue, redirected } from './venue.ts';

/** A request that failed, with what is known of whether it reached the broker. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly fault: Fault;
  /** True when it is proved that the broker did not act on it. */
  readonly notDone: boolean;
  /** True when the refusal is in the broker's own form: a proxy's page that says 404 or 422 is no word of the broker. */
  readonly isBrokersWord: boolean;

  constructor(fault: Fault, notDone: boolean, isBrokersWord = false) {
    super(fault.message);
    this.fault = fault;
    this.notDone = notDone;
    this.isBrokersWord = isBrokersWord;
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
    // One deadline for the head and the body, which is read out here and may come drop by drop. A redirection is not followed: it
    // would send an order a second time.
    fetchApi: (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
      const deadline = AbortSignal.timeout(settings.timeoutMs);
      const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
      return fetch(redirected(venue, input instanceof Request ? input.url : String(input)), {
        ...init,
        signal,
        redirect: 'error',
      });
    },
  });
  const keys = [parts.secret, parts.keyId];
  let underWay = 0;

  type Request = (api: typeof sdk) => Promise<RawAnswer>;

  async function asked(lane: Lane, request: Request, errand: Errand & { readonly host: Host }): Promise<unknown> {
    underWay += 1;
    try {
      const sent = async (): Promise<unknown> => {
        const { raw } = await request(sdk);
        scheduler.answered(errand.host, budgetLeft(raw.headers));
        return bodyOf(raw);
      };
      return await scheduler.submit(lane, sent, errand);
    } catch (error) {
      const { fault, notDone, isBrokersWord } = await classified(error, errand.host);
      throw new GatewayError({ ...fault, message: withoutSecrets(fault.message, keys) }, notDone, isBrokersWord);
    } finally {
      underWay -= 1;
    }
  }

  async function classified(error: unknown, host: Host): Promise<GatewayError> {
    if (error instanceof GatewayError) return error;
    if (error instanceof NotSentError)
      return new GatewayError({ code: 'notSent', message: error.message, retryable: error.retryable }, true);
    const status = statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    if (status === null) return new GatewayError({ code: 'network', message, retryable: true }, false);
    const told = codeOf(error);
    const code = told ?? String(status);
    if (status === 429) {
      scheduler.refused(host, resetOf(error));
      return new GatewayError({ code, message, retryable: true, status }, true, told !== null);
    }
    const isBrokersWord = told !== null || saysJson(error);
    const notDone = REFUSED_AT_THE_DOOR.has(status) || (REFUSALS.has(status) && isBrokersWord);
    return new GatewayError({ code, message, retryable: status >= 500, status }, notDone, isBrokersWord);
  }

  return {
    sdk,
    /** A request of the trading API; under a key it can be withdrawn while it waits. */
    call: (lane: Lane, request: Request, key: string | null = null) => asked(lane, request, { host: 'trading', key }),
    /** A request of the market data API. */
    data: (lane: Lane, request: Request) => asked(lane, request, { host: 'data' }),
    /** An answer on its way out, without the key wherever the other side wrote it. */
    withoutKey: <Answer extends object>(answer: Answer): Answer => cleaned(answer, keys),
    /** Takes a request back that still waits here; false when it has left. */
    withdraw: (key: string, reason: string): boolean => scheduler.withdraw(key, reason),
    dropEntries: (reason: string): void => scheduler.drop('entry', reason),
    /** Requests not answered yet, waiting ones included. */
    underWay: (): number => underWay,
  };
}

/** Nobody who answers with these has passed the request on. */
const REFUSED_AT_THE_DOOR: ReadonlySet<number> = new Set([401, 403]);
/** The broker's own no; from a proxy, and after any other status (a time-out, a conflict, a 5xx), nobody knows. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 422]);

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

function statusOf(error: unknown): number | null {
  const status = fieldOf(error, 'status');
  return typeof status === 'number' ? status : null;
}

/** The code of the broker's envelope `{code, message}`. */
function codeOf(error: unknown): string | null {
  const code = fieldOf(error, 'code');
  return typeof code === 'number' || (typeof code === 'string' && code !== '') ? String(code) : null;
}

function saysJson(error: unknown): boolean {
  const response = fieldOf(error, 'response');
  return response instanceof Response && /json/i.test(response.headers.get('Content-Type') ?? '');
}

function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** `X-RateLimit-Reset`, as the SDK carries it. */
function resetOf(error: unknown): Instant | null {
  const reset = fieldOf(fieldOf(error, 'rateLimit'), 'reset');
  return reset instanceof Date && !Number.isNaN(reset.getTime()) ? instant(reset.getTime()) : null;
}

function budgetLeft(headers: Headers): { readonly remaining: number; readonly reset: Instant } | null {
  const remaining = Number(headers.get('X-RateLimit-Remaining') ?? Number.NaN);
  const reset = Number(headers.get('X-RateLimit-Reset') ?? Number.NaN);
  const at = Math.round(reset * 1000);
  return Number.isFinite(remaining) && Number.isSafeInteger(at) ? { remaining, reset: instant(at) } : null;
}
