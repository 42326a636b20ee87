import { civilDate, previousTradingDay } from '#domain/market/calendar';
import { cents } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { clearingOf, type FoundClearing } from '../state/applyClearings.ts';
import { notify, type Turn } from '../turn.ts';
import { dollars, escalate, explainLater } from './cash.ts';

/**
 * Journals what the broker reports beside orders, once each, with the position it belongs to where one is open. What the
 * positions showed (a leg expired, assigned, exercised) is confirmed or contradicted by it, as a rule on the next day.
 */
export function bookActivities(turn: Turn, activities: readonly BrokerActivity[]): readonly Difference[] {
  const differences: Difference[] = [];
  for (const activity of activities) {
    const known = turn.state.bookedActivities.has(activity.activityId);
    if (activity.cancelled) takeBack(turn, activity, known);
    if (activity.cancelled || known) continue;
    const isKnownMoney = turn.state.cashBook !== null && movesCash(activity);
    const wasUnknown = isKnownMoney && explainLater(turn, activity);
    const position = [...turn.state.positions.values()].find((candidate) =>
      candidate.legs.some((leg) => leg.symbol === activity.symbol),
    );
    const how = clearingOf(activity);
    const found = how === null ? null : (turn.state.unconfirmedClearings.get(activity.symbol ?? '')?.how ?? null);
    turn.emit({
      kind: 'ActivityBooked',
      activity,
      positionId: position?.positionId ?? null,
      ...(found === null ? {} : { confirms: found === how }),
    });
    if (activity.kind === 'dividend' && position)
      turn.emit({
        kind: 'PositionChanged',
        position: { ...position, cashFlow: cents(position.cashFlow + activity.netCash) },
        why: 'dividend',
      });
    if (how !== null && found !== null && how !== found) differences.push(contradicted(turn, activity, how, found));
    else if (how === 'assigned') tellAssigned(turn, activity, found !== null);
    if (isKnownMoney) differences.push(booked(activity, wasUnknown));
  }
  tellOverdue(turn);
  return differences;
}

/** Put on record and told once; what was booked before stays booked until the cash or the holdings speak. */
function takeBack(turn: Turn, activity: BrokerActivity, known: boolean): void {
  const { activityId, code, symbol } = activity;
  if (turn.state.cancelledActivities.has(activityId)) return;
  turn.emit({ kind: 'ActivityBooked', activity, positionId: null });
  const what = symbol === null ? code : `${code} of ${symbol}`;
  const text = known
    ? 'It was booked before: compare the account with the statement.'
    : 'It was not booked, and confirms nothing.';
  notify(turn, 'breach', `The broker cancelled an activity: ${what}`, text, true);
}

/** Money that no order and no contract of ours explains; the broker's word is booked as it stands. */
function movesCash({ kind, netCash }: BrokerActivity): boolean {
  return netCash !== 0 && (kind === 'dividend' || kind === 'interest' || kind === 'transfer' || kind === 'other');
}

function booked(activity: BrokerActivity, wasUnknown: boolean): Difference {
  const { kind, code, symbol, netCash } = activity;
  const transfer = netCash > 0 ? 'deposit' : 'withdrawal';
  return {
    kind: 'activity',
    subject: symbol ?? code,
    ours: dollars(0),
    theirs: dollars(netCash),
    classification: wasUnknown ? 'explainedLater' : kind === 'transfer' ? transfer : kind === 'other' ? 'adjustment' : kind,
    resolved: true,
    ended: 'booked',
  };
}

/** The trade was booked as something that it was not: entries stop until the owner has compared it with the statement. */
function contradicted(
  turn: Turn,
  { symbol }: BrokerActivity,
  theirs: FoundClearing['how'],
  ours: FoundClearing['how'],
): Difference {
  const subject = symbol ?? '';
  const text = `The positions showed ${ours}, its record says ${theirs}. Compare the trade with the statement.`;
  notify(turn, 'assignment', `The broker contradicts: ${subject}`, text, true);
  escalate(turn, subject, null, `${subject}: the positions showed ${ours}, the broker’s record says ${theirs}`);
  return { kind: 'activity', subject, ours, theirs, classification: 'clearingDiffers', resolved: true, ended: 'escalated' };
}

function tellAssigned(turn: Turn, { symbol, quantity }: BrokerActivity, confirmed: boolean): void {
  const contracts = `${Math.abs(quantity)} contracts`;
  notify(turn, 'assignment', `Assigned: ${symbol ?? ''}`, confirmed ? `${contracts}, confirmed` : contracts, !confirmed);
}

/** Two sessions on, the record of a broker that keeps one should have spoken of it. Told once for each process. */
function tellOverdue(turn: Turn): void {
  if (turn.state.activitiesThrough === null) return;
  const due = previousTradingDay(previousTradingDay(civilDate(turn.now)));
  for (const [symbol, { how, on }] of turn.state.unconfirmedClearings) {
    if (on >= due || turn.present.overdueTold.has(symbol)) continue;
    turn.present.overdueTold.add(symbol);
    notify(turn, 'assignment', `Not confirmed: ${symbol}`, `Found ${how} on ${on}; no activity of the broker says so yet.`, true);
  }
}
