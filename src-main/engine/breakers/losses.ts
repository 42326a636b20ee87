import type { GateResult } from '#domain/decisions/decision';
import { civilDate, sessionAt } from '#domain/market/calendar';
import { type Cents, plusMs } from '#domain/units';
import { markedEquity, unmarkedPositions } from '../positions/markedEquity.ts';
import type { Turn } from '../turn.ts';
import { trip, untrip } from './protect.ts';

/** The loss limits of day, week and peak against one figure of the equity: a breach is journalled, told, and stops entries. */
export function checkLosses(turn: Turn, equity: Cents | null, note: string): void {
  const { state, settings } = turn;
  const day = state.day;
  if (equity === null || !day) return;
  const { maxDailyLossFraction, maxDailyLossDollars, maxWeeklyLossFraction, maxDrawdownFraction } = settings.risk;
  const lost = day.startEquity - equity;
  const allowed = Math.min(day.startEquity * maxDailyLossFraction, maxDailyLossDollars * 100);
  if (lost > allowed && day.date === civilDate(turn.now))
    trip(
      turn,
      'dailyLoss',
      over('dailyLoss', lost, allowed, note),
      `${dollars(lost)} lost today, ${dollars(allowed)} allowed: no new entries today`,
    );
  const week = state.weekStart;
  if (week && week.equity - equity > week.equity * maxWeeklyLossFraction)
    trip(
      turn,
      'weeklyLoss',
      over('weeklyLoss', week.equity - equity, week.equity * maxWeeklyLossFraction, note),
      `${dollars(week.equity - equity)} lost this week: no new entries until the owner resets it`,
    );
  const peak = state.peak?.equity ?? null;
  if (peak !== null && peak - equity > peak * maxDrawdownFraction)
    trip(
      turn,
      'drawdown',
      over('drawdown', peak - equity, peak * maxDrawdownFraction, note),
      `${dollars(peak - equity)} below the highest equity: no new entries until the owner resets it`,
    );
}

/**
 * The losses at conservative marks, at every round over the positions; and marks that stay unknown, which count as a breach.
 * In the first minutes, in which nothing may be opened anyway, quotes are still being made: neither is asked. A line that is
 * down has triggers of its own, and a tape is as silent as it was recorded.
 */
export function checkMarks(turn: Turn): void {
  const { present, settings, now } = turn;
  const session = sessionAt(now);
  const settled = session !== null && now >= plusMs(session.open, settings.risk.noEntriesFirstMinutes * 60_000);
  if (!settled || !isHeard(turn)) return present.unmarkedSince.clear();
  checkLosses(turn, markedEquity(turn), 'at conservative marks');
  if (turn.parts.feedCapabilities.quality !== 'recorded') checkUnmarked(turn);
}

/** Market data come, and no connection of theirs is known to be down. */
function isHeard({ present, settings, now }: Turn): boolean {
  const line = present.connections.get('data') ?? 'connected';
  const silentMs = present.dataAt === null ? Number.POSITIVE_INFINITY : now - present.dataAt;
  return line === 'connected' && silentMs <= settings.failsafe.staleDataSeconds * 1000;
}

function checkUnmarked(turn: Turn): void {
  const { present, settings, now } = turn;
  const unmarked = unmarkedPositions(turn);
  const ids = new Set(unmarked.map(({ positionId }) => positionId));
  for (const known of present.unmarkedSince.keys()) if (!ids.has(known)) present.unmarkedSince.delete(known);
  for (const positionId of ids) if (!present.unmarkedSince.has(positionId)) present.unmarkedSince.set(positionId, now);
  if (ids.size === 0) return untrip(turn, 'unknownMark');
  const limit = settings.protection.unknownMarkSeconds;
  for (const { positionId, underlying, structure } of unmarked) {
    const seconds = (now - (present.unmarkedSince.get(positionId) ?? now)) / 1000;
    if (seconds <= limit) continue;
    trip(
      turn,
      'unknownMark',
      { gate: 'unknownMark', passed: false, value: seconds, limit, unit: 'seconds', note: positionId },
      `${underlying} ${structure} (${positionId}) could not be valued for ${seconds.toFixed(0)} s, so the loss is not known: no new entries`,
    );
  }
}

function over(gate: string, value: number, limit: number, note: string): GateResult {
  return { gate, passed: false, value, limit, unit: 'cents', note };
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
