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

function over(gate: string, value: number, limit: number, unit: string): GateResult {
  return { gate, passed: false, value, limit, unit };
}
