import type { GateResult } from '#domain/decisions/decision';
import { type Instant, plusMs } from '#domain/units';
import type { KillVerb } from '#ports/commands';
import type { BreakerScope } from '#ports/facts';
import type { Severity, Trigger } from '#ports/settings/protectionSettings';
import { throwKillSwitch } from '../kill-switch/killSwitch.ts';
import { notify, type Turn } from '../turn.ts';

/** Trips a breaker of the whole portfolio or system once, as bad as the settings say. */
export function trip(turn: Turn, trigger: Trigger, gate: GateResult, action: string): void {
  if (turn.state.breakers.has(trigger)) return;
  const severity = turn.settings.protection.severities[trigger];
  turn.emit({ kind: 'BreakerTripped', breaker: trigger, severity, gate, action });
  notify(turn, 'breach', `Breaker: ${trigger}`, action, isHard(severity));
  if (severity === 'critical') raiseAlert(turn, `Breaker: ${trigger}`, action);
  protect(turn, severity, `${trigger}: ${action}`);
}

/** What had tripped is over: a breaker that only paused entries ends with it; a thrown switch waits for a hand. */
export function untrip(turn: Turn, trigger: Trigger): void {
  const breaker = turn.state.breakers.get(trigger);
  if (breaker?.severity !== 'high' || turn.settings.protection.onHigh !== 'pause') return;
  turn.emit({ kind: 'BreakerReset', breaker: trigger, by: 'engine', reason: 'it is over' });
}

/** Holds back one underlying or one strategy for a while; everything else goes on. */
export function coolDown(
  turn: Turn,
  breaker: string,
  scope: BreakerScope,
  until: Instant,
  gate: GateResult,
  action: string,
): void {
  const known = turn.state.breakers.get(breaker);
  if (known?.until && known.until > turn.now) return;
  if (until <= turn.now) return;
  turn.emit({ kind: 'BreakerTripped', breaker, severity: 'medium', gate, action, scope, until });
  notify(turn, 'breach', `Cooling down: ${breaker}`, action);
}

/** What a severity does: LOW is journalled, MEDIUM told, HIGH stops entries, CRITICAL halts. The switch is never loosened. */
function protect(turn: Turn, severity: Severity, reason: string): void {
  const verb = verbFor(turn, severity);
  if (verb !== null) throwKillSwitch(turn, verb, reason, 'engine');
}

function verbFor({ settings }: Turn, severity: Severity): KillVerb | null {
  const { onHigh, onCritical } = settings.protection;
  if (severity === 'critical') return onCritical;
  if (severity === 'high' && onHigh !== 'pause') return onHigh;
  return null;
}

function isHard(severity: Severity): boolean {
  return severity === 'high' || severity === 'critical';
}

/** An alert that the owner must acknowledge; when he does not in time, entries stop. */
export function raiseAlert(turn: Turn, title: string, body: string): void {
  for (const open of turn.state.alerts.values()) if (open.title === title) return;
  const alertId = `a${turn.state.counters.alert + 1}`;
  turn.emit({ kind: 'AlertRaised', alertId, title, body });
  wakeForAlert(turn, alertId, turn.now);
}

/** Asks to be woken when an alert's time is over; after a restart for those that were open then. */
export function wakeForAlert(turn: Turn, alertId: string, raisedAt: Instant): void {
  const due = plusMs(raisedAt, turn.settings.protection.alertAcknowledgeSeconds * 1000);
  turn.act({ kind: 'wakeAt', at: due > turn.now ? due : turn.now, reason: { kind: 'alert', subject: alertId } });
}

/** An alert's time is over: nobody has looked, so nothing new is opened. */
export function alertDue(turn: Turn, alertId: string): void {
  const alert = turn.state.alerts.get(alertId);
  if (!alert) return;
  const seconds = turn.settings.protection.alertAcknowledgeSeconds;
  const waited = (turn.now - alert.at) / 1000;
  // The owner has given himself more time since.
  if (waited < seconds) return wakeForAlert(turn, alertId, alert.at);
  const gate: GateResult = { gate: 'alertAcknowledged', passed: false, value: waited, limit: seconds, unit: 'seconds' };
  trip(turn, 'alertUnseen', gate, `“${alert.title}” was not acknowledged for ${seconds} s: no new entries`);
}
