import { civilDate, nextSession, sessionAt, sessionOn } from '#domain/market/calendar';
import { type IsoDate, plusMs } from '#domain/units';
import { type Turn, wakeIn } from './turn.ts';

/** Wakes for the session: its scans, its end, and the day after. */
export function planDay(turn: Turn): void {
  const { dayCloseDelayMinutes, dayOpenLeadMinutes } = turn.settings.failsafe;
  const closeDelay = dayCloseDelayMinutes * 60_000;
  const lead = dayOpenLeadMinutes * 60_000;
  const session = sessionAt(turn.now) ?? sessionOn(civilDate(turn.now));
  const running = session && turn.now < session.close ? session : null;
  if (running && turn.now >= running.open)
    turn.act({ kind: 'wakeAt', at: plusMs(turn.now, 1000), reason: { kind: 'scan', subject: '' } });
  else if (running) turn.act({ kind: 'wakeAt', at: plusMs(running.open, 1000), reason: { kind: 'scan', subject: '' } });
  if (session && turn.now < session.close + closeDelay)
    turn.act({ kind: 'wakeAt', at: plusMs(session.close, closeDelay), reason: { kind: 'dayClose', subject: '' } });
  const next = running && turn.now < running.open - lead ? running : nextSession(turn.now);
  const opensAt = plusMs(next.open, -lead);
  turn.act({
    kind: 'wakeAt',
    at: opensAt > turn.now ? opensAt : plusMs(nextSession(next.close).open, -lead),
    reason: { kind: 'dayOpen', subject: '' },
  });
}

/** In the session a sweep a minute; outside it nothing changes but clearing, which the day's end and the next open look at. */
export function planSweep(turn: Turn): void {
  if (sessionAt(turn.now)) return wakeIn(turn, turn.settings.failsafe.sweepSeconds * 1000, 'sweep');
  const session = sessionOn(civilDate(turn.now));
  const next = session && turn.now < session.open ? session : nextSession(turn.now);
  turn.act({ kind: 'wakeAt', at: plusMs(next.open, 5_000), reason: { kind: 'sweep', subject: '' } });
}

/** The next round over the positions: each minute, each second for one that expires today. */
export function planManaging(turn: Turn): void {
  const session = sessionAt(turn.now);
  const { checkSeconds, expiryDayCheckSeconds } = turn.settings.positions;
  if (!session) {
    const today = sessionOn(civilDate(turn.now));
    const next = today && turn.now < today.open ? today : nextSession(turn.now);
    return turn.act({ kind: 'wakeAt', at: plusMs(next.open, 2_000), reason: { kind: 'manage', subject: '' } });
  }
  const today = civilDate(turn.now);
  wakeIn(turn, (checksAreOften(turn, today) ? expiryDayCheckSeconds : checkSeconds) * 1000, 'manage');
}

/** On the last day of a position that is to be gone before the close everything held is looked at every second, not every minute. */
export function checksAreOften({ state }: Turn, today: IsoDate): boolean {
  return [...state.positions.values()].some(({ expiration, exitPlan }) => expiration === today && !exitPlan.takeAssignment);
}
