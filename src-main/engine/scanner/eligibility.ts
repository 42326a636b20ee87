import type { GateResult } from '#domain/decisions/decision';
import { addDays, sessionOn } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import type { UnderlyingView } from '#ports/strategy';
import { atLeast, atMost, holds } from '../risk/gates.ts';
import type { ScanInput, ScannedStrategy } from './scanInput.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The first cheap rule that keeps every strategy from opening anything now; null when there is none. */
export function closedForAll({ capacity, settings, now, today }: ScanInput): string | null {
  const session = sessionOn(today);
  if (session === null || now < session.open || now >= session.close) return 'marketHours';
  if (now - session.open < settings.risk.noEntriesFirstMinutes * MINUTE_MS) return 'firstMinutes';
  if (session.close - now < settings.risk.noEntriesLastMinutes * MINUTE_MS) return 'lastMinutes';
  if (capacity.entriesBlockedBy.length > 0) return 'entriesBlocked';
  return capacity.positions >= settings.risk.maxPositions ? 'positions' : null;
}

/** The first cheap rule that keeps every strategy out of an underlying; null when there is none. */
export function closedFor(view: UnderlyingView, input: ScanInput): string | null {
  const { capacity, settings } = input;
  const { risk, scanner } = settings;
  const { underlying, sector } = view;
  if (capacity.pausedSymbols.has(underlying)) return 'symbolPaused';
  if (capacity.haltedSymbols.has(underlying)) return 'symbolHalted';
  if (capacity.underlyingsInDoubt.has(underlying)) return 'orderInDoubt';
  if (risk.blockedUnderlyings.includes(underlying)) return 'allowList';
  if (risk.allowedUnderlyings.length > 0 && !risk.allowedUnderlyings.includes(underlying)) return 'allowList';
  if ((capacity.bySymbol.get(underlying) ?? 0) >= risk.maxPositionsPerSymbol) return 'symbolPositions';
  if ((capacity.bySector.get(sector) ?? 0) >= risk.maxPositionsPerSector) return 'sectorPositions';
  if ((capacity.entriesTodayBySymbol.get(underlying) ?? 0) >= risk.maxEntriesPerSymbolPerDay) return 'entriesPerSymbol';
  return hasNoHistory(view, input) || earningsAhead(view, input.today, scanner.earningsBlackoutDays) ? 'earnings' : null;
}

/** The first cheap rule that keeps one strategy out of an underlying; null when there is none. */
export function closedForStrategy(
  { strategy, maxPositions }: ScannedStrategy,
  view: UnderlyingView,
  input: ScanInput,
): string | null {
  const { capacity, settings, now } = input;
  const key = `${strategy.id}:${view.underlying}`;
  if ((capacity.byStrategy.get(strategy.id) ?? 0) >= Math.min(maxPositions, settings.risk.maxPositionsPerStrategy))
    return 'strategyPositions';
  if (!settings.scanner.repeatInSameSymbol && capacity.heldByStrategy.has(key)) return 'alreadyHeld';
  const last = capacity.lastEntryAt.get(key);
  const pause = settings.risk.minDaysBetweenSameSymbolEntries * DAY_MS;
  if (last !== undefined && now - last < pause) return 'daysBetweenEntries';
  const least = strategy.parameters['ivRankMin'];
  if (typeof least === 'number' && least > 0 && !(view.ivRank !== null && view.ivRank >= least)) return 'ivRank';
  return null;
}

/** Nobody knows whether earnings are due (asked only where their days are). */
function hasNoHistory({ underlying }: UnderlyingView, { histories, settings }: ScanInput): boolean {
  return settings.scanner.earningsBlackoutDays > 0 && !histories.has(underlying);
}

/** True when earnings fall on a day from today through `days` days ahead (0 = the test is off). */
export function earningsAhead(view: UnderlyingView, today: IsoDate, days: number): boolean {
  if (days === 0) return false;
  const until = addDays(today, days);
  return view.earnings.some(({ date }) => date >= today && date <= until);
}

/** The same rules as gates with their numbers, for 'why not?'. */
export function eligibilityGates(scanned: ScannedStrategy, view: UnderlyingView, input: ScanInput): GateResult[] {
  const { capacity, settings, today } = input;
  const { risk, scanner } = settings;
  const { underlying, sector } = view;
  const { id } = scanned.strategy;
  const allowed = risk.allowedUnderlyings.length === 0 || risk.allowedUnderlyings.includes(underlying);
  const room = (gate: string, used: number, limit: number, note: string): GateResult =>
    atMost(gate, used + 1, limit, 'positions', note);
  return [
    holds('entriesBlocked', capacity.entriesBlockedBy.length === 0, capacity.entriesBlockedBy.join(', ')),
    holds('allowList', allowed && !risk.blockedUnderlyings.includes(underlying), underlying),
    holds('symbolPaused', !capacity.pausedSymbols.has(underlying), underlying),
    holds('symbolHalted', !capacity.haltedSymbols.has(underlying), underlying),
    holds('orderInDoubt', !capacity.underlyingsInDoubt.has(underlying), underlying),
    room('positions', capacity.positions, risk.maxPositions, 'all'),
    room('sectorPositions', capacity.bySector.get(sector) ?? 0, risk.maxPositionsPerSector, sector),
    room('symbolPositions', capacity.bySymbol.get(underlying) ?? 0, risk.maxPositionsPerSymbol, underlying),
    room('strategyPositions', capacity.byStrategy.get(id) ?? 0, Math.min(scanned.maxPositions, risk.maxPositionsPerStrategy), id),
    atMost(
      'entriesPerSymbol',
      (capacity.entriesTodayBySymbol.get(underlying) ?? 0) + 1,
      risk.maxEntriesPerSymbolPerDay,
      'entries',
      underlying,
    ),
    holds('alreadyHeld', scanner.repeatInSameSymbol || !capacity.heldByStrategy.has(`${id}:${underlying}`), underlying),
    hasNoHistory(view, input)
      ? holds('earnings', false, `${underlying}: its history has not come`)
      : holds('earnings', !earningsAhead(view, today, scanner.earningsBlackoutDays), underlying),
    ...rankGate(scanned, view),
  ];
}

function rankGate({ strategy }: ScannedStrategy, view: UnderlyingView): GateResult[] {
  const least = strategy.parameters['ivRankMin'];
  return typeof least === 'number'
    ? [atLeast('ivRank', least > 0 ? view.ivRank : (view.ivRank ?? 0), least, 'fraction', view.ivRankBasis ?? 'none')]
    : [];
}
