import type { GateResult } from '#domain/decisions/decision';
import type { Instant } from '#domain/units';
import type { RiskBook, RiskRequest } from './book.ts';
import { atLeast, atMost } from './gates.ts';
import type { OpenCase } from './openCase.ts';
import { sendKeyOf } from './sendKey.ts';

const DAY_MS = 86_400_000;

/** How much is sent, how often, and whether this was sent just now. */
export function activityGates({ request, book, limits }: OpenCase): GateResult[] {
  const gates = [
    atMost('ordersPerDay', book.ordersToday + 1, limits.maxOrdersPerDay, 'orders'),
    atMost('ordersPerMinute', book.ordersLastMinute + 1, limits.maxOrdersPerMinute, 'orders'),
  ];
  if (request.replacing === true) return gates;
  const entries = book.entriesTodayBySymbol.get(request.underlying) ?? 0;
  gates.push(duplicateGate(request, book, limits.duplicateWindowSeconds));
  gates.push(atMost('entriesPerSymbol', entries + 1, limits.maxEntriesPerSymbolPerDay, 'entries', request.underlying));
  const last = book.lastEntryAt.get(`${request.strategyId}:${request.underlying}`);
  if (last !== undefined && limits.minDaysBetweenSameSymbolEntries > 0) {
    gates.push(atLeast('daysBetweenEntries', (book.now - last) / DAY_MS, limits.minDaysBetweenSameSymbolEntries, 'days'));
  }
  return gates;
}

/** Seconds since the same legs were last sent for the same purpose, against the window; passes when never sent. */
function duplicateGate(request: RiskRequest, book: RiskBook, windowSeconds: number): GateResult {
  const key = sendKeyOf(request.legs, request.purpose);
  let last: Instant | null = null;
  for (const send of book.recentSends) if (send.key === key && (last === null || send.at > last)) last = send.at;
  if (last === null) return { gate: 'duplicate', passed: true, value: null, limit: windowSeconds, unit: 'seconds' };
  return atLeast('duplicate', (book.now - last) / 1000, windowSeconds, 'seconds');
}
