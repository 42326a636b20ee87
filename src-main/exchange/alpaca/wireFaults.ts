import type { Exchange } from '../exchangeApi.ts';
import type { FaultKind } from '../faults.ts';
import { failure, type RouteAnswer } from './route.ts';

/** What a fault does to one request. */
export interface WireFault {
  readonly answer: RouteAnswer;
  /** True: the request is never acted on. */
  readonly before: boolean;
  /** The socket is closed without an answer: the client cannot know whether it was acted on. */
  readonly hangUp: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent instead of JSON. */
  readonly malformed?: string;
}

const NOTHING = failure(500, 50010000, 'internal server error occurred');

/** The fault that strikes this request, if any. The subject is 'METHOD /path'; the request's number is the occasion. */
export function wireFaultOf(exchange: Exchange, method: string, path: string, occasion: string): WireFault | null {
  const strikes = (kind: FaultKind): boolean =>
    exchange.faults.has(kind) && exchange.faults.strike(kind, `${method} ${path}`, occasion, exchange.now()) !== null;
  if (strikes('rateLimited')) {
    const reset = String(Math.ceil(exchange.now() / 1000) + 1);
    return {
      answer: failure(429, 42910000, 'rate limit exceeded'),
      before: true,
      hangUp: false,
      headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': reset, 'Retry-After': '1' },
    };
  }
  if (strikes('serverError')) return { answer: NOTHING, before: true, hangUp: false, headers: {} };
  if (strikes('timeoutBeforeAccept') || strikes('connectionReset'))
    return { answer: NOTHING, before: true, hangUp: true, headers: {} };
  if (strikes('timeoutAfterAccept')) return { answer: NOTHING, before: false, hangUp: true, headers: {} };
  if (strikes('malformedBody'))
    return {
      answer: NOTHING,
      before: false,
      hangUp: false,
      headers: {},
      malformed: '<html><body><h1>502 Bad Gateway</h1></body></html>',
    };
  return null;
}
