import { civilDate } from '#domain/market/calendar';
import type { Trade } from '#domain/portfolio/position';
import { notify, type Turn } from '../turn.ts';
import { trip } from './protect.ts';

/** A loop that wants to send without end is stopped by the throttles again and again: then entries stop for good. */
export function checkRunaway(turn: Turn): void {
  const { present, settings } = turn;
  const limit = settings.risk.maxThrottledPerMinute;
  const refused = present.throttledAt.length;
  if (refused <= limit) return;
  present.throttledAt = [];
  trip(
    turn,
    'runaway',
    { gate: 'throttled', passed: false, value: refused, limit, unit: 'orders' },
    `${refused} entries in a minute were refused by the order throttles: something asks without end`,
  );
}

/** Opened and closed again and again on one day: the underlying is paused until somebody lets it go on. */
export function pauseAfterRoundTrips(turn: Turn, { underlying, enteredAt }: Trade): void {
  const { state, settings, now } = turn;
  const trips = state.roundTripsToday.get(underlying) ?? 0;
  if (civilDate(enteredAt) !== civilDate(now) || trips < settings.risk.maxRoundTripsPerSymbolPerDay) return;
  if (state.pausedSymbols.has(underlying)) return;
  turn.emit({ kind: 'SymbolPauseChanged', underlying, paused: true, by: `engine: ${trips} round trips today` });
  notify(
    turn,
    'breach',
    `${underlying} is paused`,
    `${trips} positions were opened and closed today: let it go on by hand`,
    true,
  );
}
