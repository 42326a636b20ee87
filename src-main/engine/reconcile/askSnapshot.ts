import { type Instant, instant } from '#domain/units';
import { nextRequestId, type Turn, wakeIn } from '../turn.ts';

/** How far back closed orders are asked for: longer than any gap that a sweep must heal. */
const CLOSED_SINCE_MS = 2 * 86_400_000;
const DAY_MS = 86_400_000;

/** Asks the broker for its whole truth. One request at a time; a newer reason replaces the trigger, not the request. */
export function askSnapshot(turn: Turn, trigger: 'start' | 'sweep' | 'gap' | 'fill' | 'endOfDay'): void {
  const requestId = nextRequestId(turn, 'snapshot');
  turn.present.snapshotAsked = { requestId, trigger };
  turn.act({
    kind: 'requestSnapshot',
    request: {
      requestId,
      activitiesSince: activitiesSince(turn),
      closedSince: closedSince(turn),
    },
  });
}

/** Some days before the newest that is known: a row may be published after a later one. What is booked already is left out. */
function activitiesSince({ now, settings, state }: Turn): Instant | null {
  if (state.activitiesThrough === null) return null;
  const overlap = settings.failsafe.activityOverlapDays * DAY_MS;
  return instant(Math.max(0, Math.min(now, state.activitiesThrough) - overlap));
}

/** The first look at a start goes back to the journal's end: an older copy shows by what the broker has done since. */
function closedSince({ now, present }: Turn): Instant {
  return instant(Math.max(0, Math.min(now - CLOSED_SINCE_MS, present.journalEndedAt ?? now)));
}

/** Timer subject of the look at the account that follows our own fills. */
export const AFTER_FILL = 'fill';

/** Timer subject of the look that asks whether a difference that healed by itself stays away. */
export const HEALED = 'healed';

/** A fill is confirmed by the account itself, soon and once for all fills of the same moments. */
export function confirmFill(turn: Turn): void {
  if (turn.present.fillToConfirm) return;
  turn.present.fillToConfirm = true;
  wakeIn(turn, turn.settings.failsafe.confirmFillSeconds * 1000, 'sweep', AFTER_FILL);
}
