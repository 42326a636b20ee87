import { cents } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { notify, type Turn } from '../turn.ts';
import { dollars, explainLater } from './cash.ts';

/** Journals what the broker reports beside orders, once each, with the position it belongs to where one is open. */
export function bookActivities(turn: Turn, activities: readonly BrokerActivity[]): readonly Difference[] {
  const differences: Difference[] = [];
  for (const activity of activities) {
    if (turn.state.bookedActivities.has(activity.activityId)) continue;
    const isKnownMoney = turn.state.cashBook !== null && movesCash(activity);
    const wasUnknown = isKnownMoney && explainLater(turn, activity);
    const position = [...turn.state.positions.values()].find((candidate) =>
      candidate.legs.some((leg) => leg.symbol === activity.symbol),
    );
    turn.emit({ kind: 'ActivityBooked', activity, positionId: position?.positionId ?? null });
    if (activity.kind === 'dividend' && position)
      turn.emit({
        kind: 'PositionChanged',
        position: { ...position, cashFlow: cents(position.cashFlow + activity.netCash) },
        why: 'dividend',
      });
    if (activity.kind === 'assignment')
      notify(turn, 'assignment', `Assigned: ${activity.symbol ?? ''}`, `${Math.abs(activity.quantity)} contracts`, true);
    if (isKnownMoney) differences.push(booked(activity, wasUnknown));
  }
  return differences;
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
