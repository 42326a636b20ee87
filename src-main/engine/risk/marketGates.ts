import type { GateResult } from '#domain/decisions/decision';
import { daysToExpiration } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import { optionLegs } from '#domain/structures/anatomy';
import type { Instant, IsoDate } from '#domain/units';
import type { RiskBook } from './book.ts';
import { combinationTick, isSane } from './combinationQuote.ts';
import { above, atLeast, atMost, holds } from './gates.ts';
import type { OpenCase } from './openCase.ts';
import { theoryGate } from './theoryCollar.ts';

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
export function instrumentGates({ request, book, limits, scanner }: OpenCase): GateResult[] {
  const { underlying } = request;
  const allowed = limits.allowedUnderlyings.length === 0 || limits.allowedUnderlyings.includes(underlying);
  return [
    holds('allowList', allowed && !limits.blockedUnderlyings.includes(underlying), underlying),
    holds('symbolPaused', !book.pausedSymbols.has(underlying), underlying),
    holds('symbolHalted', !book.haltedSymbols.has(underlying), underlying),
    holds('orderInDoubt', !book.underlyingsInDoubt.has(underlying), underlying),
    ...earningsGates(book, underlying, scanner.earningsBlackoutDays),
  ];
}

/** No entry when a report is due from today through so many days ahead (0: not asked). */
function earningsGates(book: RiskBook, underlying: string, days: number): GateResult[] {
  if (days === 0) return [];
  const known = book.earningsOf(underlying);
  if (known === null) return [holds('earnings', false, 'not known: the history has not come')];
  const [next] = known.filter((date) => date >= book.today).sort();
  if (next === undefined) return [holds('earnings', true, 'none is known')];
  return [above('earnings', daysToExpiration(book.today, next), days, 'days', next)];
}

/** No leg so wide that its mid says nothing, and none sold that nobody bids for. */
function spreadGates({ request, book, limits, scanner }: OpenCase): GateResult[] {
  return optionLegs(request.legs).flatMap((leg) => {
    const quote = book.quoteOf(leg.contract.symbol);
    if (!isSane(quote)) return [];
    const mid = midOf(quote);
    const bid = leg.ratio < 0 ? [above('bidToSell', quote.bid, 0, 'dollars', leg.contract.symbol)] : [];
    if (mid < scanner.cheapLegPrice) return bid;
    return [
      ...bid,
      atMost('legSpread', (quote.ask - quote.bid) / mid, limits.maxLegSpreadFraction, 'fraction', leg.contract.symbol),
    ];
  });
}

/** Fresh, sane quotes for every leg and the underlying, and a limit near the mid that they make. */
export function priceGates(open: OpenCase): GateResult[] {
  const { request, book, limits, scanner, quote, spot } = open;
  const spotAt = book.quoteOf(request.underlying)?.at ?? null;
  const oldest = quote === null || spotAt === null ? null : Math.min(quote.oldestAt, spotAt);
  const tick = combinationTick(request.legs, request.netLimit);
  const room = quote === null ? null : limits.priceCollarFraction * quote.width + tick;
  return [
    holds('legQuotes', quote !== null && spot !== null),
    ...spreadGates(open),
    atMost('quoteAge', oldest === null ? null : Math.abs(book.now - oldest) / 1000, scanner.maxQuoteAgeSeconds, 'seconds'),
    atMost(
      'priceCollar',
      quote === null ? null : rounded(Math.abs(request.netLimit - quote.mid)),
      room === null ? null : rounded(room),
      'dollars',
    ),
    theoryGate(open),
  ];
}

/** Distances of prices to a hundredth of a cent, so that sums of cents compare as cents. */
function rounded(dollars: number): number {
  return Math.round(dollars * 1e4) / 1e4;
}
