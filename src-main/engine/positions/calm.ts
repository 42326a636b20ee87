import type { GateResult } from '#domain/decisions/decision';
import type { ExitReason } from '#domain/portfolio/position';
import type { KillState } from '#ports/latch';
import type { ExecutionSettings } from '#ports/settings/settings';

/** Reasons whose exits lose nothing by waiting for a fair price; a time stop only while it is fresh. */
const CALM: ReadonlySet<ExitReason> = new Set(['takeProfit', 'scaleOut', 'roll', 'timeStop']);

/** True for an exit that may have been worked calmly: a stop may overtake it. */
export function isCalm(reason: ExitReason | null): boolean {
  return reason !== null && CALM.has(reason);
}

/** True of an exit that goes on by itself once it was triggered; the owner's, a roll and a scale-out are decided anew. */
export function isResumed(reason: ExitReason): boolean {
  return reason !== 'owner' && reason !== 'roll' && reason !== 'scaleOut';
}

/** True of an exit that goes on now: what the switch wanted ends when it no longer flattens, and the rules act again. */
export function goesOn(reason: ExitReason, killState: KillState): boolean {
  return isResumed(reason) && (reason !== 'killSwitch' || killState === 'FLATTENING');
}

/**
 * A profit, a roll or a fresh time stop can wait for a fair price; a stop, a guard and an overdue time stop are worked to the
 * natural price at once.
 */
export function canWait(exit: { readonly reason: ExitReason; readonly rule: GateResult }, settings: ExecutionSettings): boolean {
  if (exit.reason !== 'timeStop') return isCalm(exit.reason);
  const { value, limit } = exit.rule;
  return value !== null && limit !== null && value > limit - settings.calmTimeStopDays;
}
