import type { GateResult } from '#domain/decisions/decision';
import type { Fault } from '#ports/broker';
import type { Severity } from '#ports/settings/protectionSettings';
import type { Turn } from '../turn.ts';
import { raiseAlert, trip } from './protect.ts';

/** Journals a fault; hard ones (high, critical) count towards the failsafe. */
export function recordFault(turn: Turn, where: string, severity: Severity, fault: Fault): void {
  turn.emit({ kind: 'FaultRecorded', where, severity, fault });
  if (severity === 'critical') raiseAlert(turn, `Critical: ${where}`, fault.message);
  checkErrors(turn);
}

/** Too many hard errors or rejections: stop entries until the owner has looked. */
export function checkErrors(turn: Turn): void {
  const { state, settings } = turn;
  const { maxConsecutiveErrors, maxErrorsPerDay, maxRejectsPerDay } = settings.failsafe;
  const { maxRejectFraction, rejectFractionMinOrders } = settings.protection;
  const orders = state.day?.orders ?? 0;
  const errors = state.day?.errors ?? 0;
  const rejects = state.day?.rejects ?? 0;
  if (state.consecutiveErrors >= maxConsecutiveErrors)
    trip(
      turn,
      'errors',
      over('consecutiveErrors', state.consecutiveErrors, maxConsecutiveErrors, 'errors'),
      `${state.consecutiveErrors} hard errors in a row: no new entries`,
    );
  if (errors > maxErrorsPerDay)
    trip(turn, 'errors', over('errorsToday', errors, maxErrorsPerDay, 'errors'), `${errors} hard errors today: no new entries`);
  if (rejects > maxRejectsPerDay)
    trip(
      turn,
      'rejects',
      over('rejectsToday', rejects, maxRejectsPerDay, 'orders'),
      `${rejects} orders refused by the broker today: no new entries`,
    );
  if (orders >= rejectFractionMinOrders && rejects / orders > maxRejectFraction)
    trip(
      turn,
      'rejects',
      over('rejectFraction', rejects / orders, maxRejectFraction, 'fraction'),
      `${rejects} of ${orders} orders refused by the broker today: no new entries`,
    );
}

/** The loss limits of day, week and peak, seen at a reconciled equity: a breach is journalled and told. */
export function checkLosses(turn: Turn): void {
  const { state, settings } = turn;
  const equity = state.lastEquity?.equity;
  const day = state.day;
  if (equity === undefined || !day) return;
  const { maxDailyLossFraction, maxDailyLossDollars, maxWeeklyLossFraction, maxDrawdownFraction } = settings.risk;
  const lost = day.startEquity - equity;
  const allowed = Math.min(day.startEquity * maxDailyLossFraction, maxDailyLossDollars * 100);
  if (lost > allowed)
    trip(
      turn,
      'dailyLoss',
      over('dailyLoss', lost, allowed, 'cents'),
      `${dollars(lost)} lost today, ${dollars(allowed)} allowed: no new entries today`,
    );
  const week = state.weekStart;
  if (week && week.equity - equity > week.equity * maxWeeklyLossFraction)
    trip(
      turn,
      'weeklyLoss',
      over('weeklyLoss', week.equity - equity, week.equity * maxWeeklyLossFraction, 'cents'),
      `${dollars(week.equity - equity)} lost this week: no new entries until the owner resets it`,
    );
  const peak = state.peakEquity;
  if (peak !== null && peak - equity > peak * maxDrawdownFraction)
    trip(
      turn,
      'drawdown',
      over('drawdown', peak - equity, peak * maxDrawdownFraction, 'cents'),
      `${dollars(peak - equity)} below the highest equity: no new entries until the owner resets it`,
    );
}

function over(gate: string, value: number, limit: number, unit: string): GateResult {
  return { gate, passed: false, value, limit, unit };
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
