import type { GateResult } from '#domain/decisions/decision';
import type { Leg } from '#domain/structures/leg';
import type { Instant } from '#domain/units';
import type { RiskSettings } from '#ports/settings/settings';
import type { RiskBook, RiskRequest } from './book.ts';
import { above, atLeast, atMost, below } from './gates.ts';
import type { OpenCase } from './openCase.ts';
import { sendKeyOf } from './sendKey.ts';

const DAY_MS = 86_400_000;

/** How much is sent, how often, and whether this was sent just now. */
export function activityGates({ request, book, limits, completes }: OpenCase): GateResult[] {
  const gates = [
    atMost('ordersPerDay', book.ordersToday + 1, limits.maxOrdersPerDay, 'orders'),
    atMost('ordersPerMinute', book.ordersLastMinute + 1, limits.maxOrdersPerMinute, 'orders'),
    atMost('ordersPerSecond', book.ordersLastSecond + 1, limits.maxOrdersPerSecond, 'orders'),
    lastOrdersGate(request, book, limits),
  ];
  if (request.replacing === true) return gates;
  const entries = book.entriesTodayBySymbol.get(request.underlying) ?? 0;
  gates.push(duplicateGate(request, book, limits.duplicateWindowSeconds));
  // The call under which shares were just bought is no second entry: refused as one, it would leave half a structure.
  if (completes) return gates;
  gates.push(atMost('entriesPerSymbol', entries + 1, limits.maxEntriesPerSymbolPerDay, 'entries', request.underlying));
  const roundTrips = book.roundTripsToday.get(request.underlying) ?? 0;
  gates.push(below('roundTrips', roundTrips, limits.maxRoundTripsPerSymbolPerDay, 'round trips', request.underlying));
  if (limits.maxDayTradesPerFiveDays > 0)
    gates.push(below('dayTrades', book.dayTrades, limits.maxDayTradesPerFiveDays, 'round trips', 'five sessions'));
  gates.push(washSaleGate(request, book, limits));
  const last = book.lastEntryAt.get(`${request.strategyId}:${request.underlying}`);
  if (last !== undefined && limits.minDaysBetweenSameSymbolEntries > 0) {
    gates.push(atLeast('daysBetweenEntries', (book.now - last) / DAY_MS, limits.minDaysBetweenSameSymbolEntries, 'days'));
  }
  return gates;
}

/** Seconds since the same legs were last sent for the same purpose, against the window; passes when never sent. */
function duplicateGate(request: RiskRequest, book: RiskBook, windowSeconds: number): GateResult {
  const key = sendKeyOf(sentFirst(request.legs), request.purpose);
  let last: Instant | null = null;
  for (const send of book.recentSends) if (send.key === key && (last === null || send.at > last)) last = send.at;
  if (last === null) return { gate: 'duplicate', passed: true, value: null, limit: windowSeconds, unit: 'seconds' };
  return atLeast('duplicate', (book.now - last) / 1000, windowSeconds, 'seconds');
}

/** The legs of the first order: shares go out alone, and by the share. */
function sentFirst(legs: readonly Leg[]): readonly Leg[] {
  const stock = legs.find((leg) => leg.kind === 'stock');
  return stock ? [{ ...stock, shares: Math.sign(stock.shares) }] : legs;
}

/** The limit against the average of the last limits for the same legs: a flipped sign or a slipped point stands out. */
function lastOrdersGate(request: RiskRequest, book: RiskBook, limits: RiskSettings): GateResult {
  const key = sendKeyOf(request.legs, request.purpose);
  const last = book.recentSends
    .filter((send) => send.key === key && book.now - send.at <= limits.lastOrdersSeconds * 1000)
    .slice(-limits.lastOrdersCounted);
  const [first] = last;
  if (!first) return { gate: 'lastOrders', passed: true, value: null, limit: null, unit: 'dollars' };
  const average = last.reduce((sum, { netLimit }) => sum + netLimit, 0) / last.length;
  const room = Math.abs(average) * limits.lastOrdersCollarFraction + limits.lastOrdersCollarDollars;
  return atMost(
    'lastOrders',
    rounded(Math.abs(request.netLimit - average)),
    rounded(room),
    'dollars',
    `${last.length} before it`,
  );
}

/** IRC section 1091: a loss is deferred when the same is bought within 30 days. */
const WASH_SALE_DAYS = 30;

/** Tells that an entry follows a loss in the same underlying; refuses it only where the owner wants that. */
function washSaleGate(request: RiskRequest, book: RiskBook, limits: RiskSettings): GateResult {
  const lostAt = book.lastLossAt.get(request.underlying);
  if (lostAt === undefined) return { gate: 'washSale', passed: true, value: null, limit: WASH_SALE_DAYS, unit: 'days' };
  const after = above('washSale', (book.now - lostAt) / DAY_MS, WASH_SALE_DAYS, 'days');
  if (after.passed) return after;
  return { ...after, passed: !limits.blockWashSales, note: `loss in ${request.underlying}: it may be deferred for tax` };
}

/** Distances of prices to a hundredth of a cent, so that sums of cents compare as cents. */
function rounded(dollars: number): number {
  return Math.round(dollars * 1e4) / 1e4;
}
