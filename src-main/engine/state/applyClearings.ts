import { civilDate, daysBetween } from '#domain/market/calendar';
import type { Instant, IsoDate } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import type { EngineState } from './engineState.ts';

/** A leg that went away by itself, as the positions showed it. */
export interface FoundClearing {
  readonly how: 'expired' | 'assigned' | 'exercised';
  /** Day on which it was found. */
  readonly on: IsoDate;
}

/** An activity speaks of what was found within so many days of it. */
const SAME_EVENT_DAYS = 5;
const KEPT_DAYS = 30;

/** What an activity says of a leg; null for everything else. */
export function clearingOf({ kind }: Pick<BrokerActivity, 'kind'>): FoundClearing['how'] | null {
  if (kind === 'expiration') return 'expired';
  if (kind === 'assignment') return 'assigned';
  return kind === 'exercise' ? 'exercised' : null;
}

export function isClearing(classification: string): classification is FoundClearing['how'] {
  return classification === 'expired' || classification === 'assigned' || classification === 'exercised';
}

/** Follows what was found gone until the broker's own record speaks of it. */
export function applyClearings(state: EngineState, fact: JournalFact, at: Instant): void {
  if (fact.kind === 'ActivityBooked') {
    const { symbol, date } = fact.activity;
    if (symbol === null || clearingOf(fact.activity) === null) return;
    state.unconfirmedClearings.delete(symbol);
    state.clearedOn.set(symbol, date);
    return;
  }
  if (fact.kind !== 'Reconciled') return;
  const on = civilDate(at);
  for (const { subject, classification, resolved } of fact.differences) {
    if (!resolved || !isClearing(classification)) continue;
    const spokenOf = state.clearedOn.get(subject);
    if (spokenOf === undefined || daysBetween(spokenOf, on) > SAME_EVENT_DAYS)
      state.unconfirmedClearings.set(subject, { how: classification, on });
  }
  for (const [symbol, found] of state.unconfirmedClearings)
    if (daysBetween(found.on, on) > KEPT_DAYS) state.unconfirmedClearings.delete(symbol);
  for (const [symbol, date] of state.clearedOn) if (daysBetween(date, on) > KEPT_DAYS) state.clearedOn.delete(symbol);
}
