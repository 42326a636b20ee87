import { cents } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { notify, type Turn } from '../turn.ts';

/** Journals what the broker reports beside orders, once each, with the position it belongs to where one is open. */
export function bookActivities(turn: Turn, activities: readonly BrokerActivity[]): readonly Difference[] {
  for (const activity of activities) {
    if (turn.state.bookedActivities.has(activity.activityId)) continue;
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
  }
  return [];
}
