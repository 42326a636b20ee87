import type { GateResult } from '#domain/decisions/decision';
import { daysToExpiration } from '#domain/market/calendar';
import { optionLegs } from '#domain/structures/anatomy';
import type { Instant, IsoDate } from '#domain/units';
import { combinationTick } from './combinationQuote.ts';
import { atLeast, atMost, holds } from './gates.ts';
import type { OpenCase } from './openCase.ts';

const MINUTE_MS = 60_000;

/** The session and its edges. */
export function hoursGates({ book, limits }: OpenCase): GateResult[] {
  const { session, now } = book;
  const sinceOpen = session === null ? null : (now - session.open) / MINUTE_MS;
  const toClose = session === null ? null : (session.close - now) / MINUTE_MS;
  return [
    holds('marketHours', session !== null && now >= session.open && now < session.close),
    atLeast('firstMinutes', sinceOpen, limits.noEntriesFirstMinutes, 'minutes'),
    atLeast('lastMinutes', toClose, limits.noEntriesLastMinutes, 'minutes'),
  ];
}

/** No contract is opened after its day, nor late on it. */
export function expiryGates({ request, book, limits }: OpenCase): GateResult[] {
  const expirations = optionLegs(request.legs).map((leg) => leg.contract.expiration);
  const nearest = expirations.sort()[0];
  if (nearest === undefined) return [];
  const days = daysToExpiration(book.today, nearest);
  const gates = [atLeast('expired', days, 0, 'days')];
  if (days === 0) gates.push(expiryDayGate(book.session, book.now, limits.expiryDayEntryCutoffMinutes, nearest));
  return gates;
}

function expiryDayGate(
  session: { readonly close: Instant } | null,
  now: Instant,
  cutoffMinutes: number,
  date: IsoDate,
): GateResult {
  const toClose = session === null ? null : (session.close - now) / MINUTE_MS;
  return atLeast('expiryDay', toClose, cutoffMinutes, 'minutes', date);
}

/** Which underlyings may be touched at all, and which not just now. */
export function instrumentGates({ request, book, limits }: OpenCase): GateResult[] {
  const { underlying } = request;
  const allowed = limits.allowedUnderlyings.length === 0 || limits.allowedUnderlyings.includes(underlying);
  return [
    holds('allowList', allowed && !limits.blockedUnderlyings.includes(underlying), underlying),
    holds('symbolPaused', !book.pausedSymbols.has(underlying), underlying),
    holds('symbolHalted', !book.haltedSymbols.has(underlying), underlying),
    holds('orderInDoubt', !book.underlyingsInDoubt.has(underlying), underlying),
  ];
}

/** Fresh, sane quotes for every leg and the underlying, and a limit near the mid that they make. */
export function priceGates({ request, book, limits, scanner, quote, spot }: OpenCase): GateResult[] {
  const spotAt = book.quoteOf(request.underlying)?.at ?? null;
  const oldest = quote === null || spotAt === null ? null : Math.min(quote.oldestAt, spotAt);
  const tick = combinationTick(request.legs, request.netLimit);
  const room = quote === null ? null : limits.priceCollarFraction * quote.width + tick;
  return [
    holds('legQuotes', quote !== null && spot !== null),
    atMost('quoteAge', oldest === null ? null : Math.abs(book.now - oldest) / 1000, scanner.maxQuoteAgeSeconds, 'seconds'),
    atMost(
      'priceCollar',
      quote === null ? null : rounded(Math.abs(request.netLimit - quote.mid)),
      room === null ? null : rounded(room),
      'dollars',
    ),
  ];
}

/** Distances of prices to a hundredth of a cent, so that sums of cents compare as cents. */
function rounded(dollars: number): number {
  return Math.round(dollars * 1e4) / 1e4;
}
