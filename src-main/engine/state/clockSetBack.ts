import { type Instant, instant } from '#domain/units';
import type { EngineState } from './engineState.ts';
import type { Holds } from './marks.ts';

/**
 * The clock was set back from `from` to `to`. What bears a later instant than `to` could not be told in age: it counts as of now, so
 * that every pause, throttle and look-up that had begun takes its full time from here, never none of it and never until the old
 * clock comes round again. What was to end at an instant keeps the time it had left; the owner's leave to open is the engine's
 * business (`arming.ts`), and days and weeks go by their own dates. Books of other accounts wait with their own
 * time, and are counted so when they are taken up.
 */
export function countFromNow(state: EngineState, from: Instant, to: Instant): void {
  const past = (at: Instant): Instant => (at > to ? to : at);
  for (const times of [state.lastEntryAt, state.lastLossAt, state.haltedAt, state.toldFillAt])
    for (const [key, at] of times) times.set(key, past(at));
  replaceEach(state.orders, (order) => ({ ...order, createdAt: past(order.createdAt), updatedAt: past(order.updatedAt) }));
  replaceEach(state.works, (work) => ({ ...work, startedAt: past(work.startedAt) }));
  replaceEach(state.alerts, (alert) => ({ ...alert, at: past(alert.at) }));
  replaceEach(state.toldHalts, (halt) => ({ ...halt, at: past(halt.at) }));
  replaceEach(state.breakers, (breaker) => ({
    ...breaker,
    at: past(breaker.at),
    until: breaker.until === null ? null : instant(breaker.until > to ? to + Math.max(0, breaker.until - from) : breaker.until),
  }));
  // A proposal was made on prices of another time: it is as old as can be, and the next sweep declines it.
  replaceEach(state.awaiting, (waiting) => (waiting.at > to ? { ...waiting, at: instant(0) } : waiting));
  state.sendTimes = state.sendTimes.map(past);
  state.recentSends = state.recentSends.map((send) => ({ ...send, at: past(send.at) }));
  const held = (holds: Holds): Holds => (holds.by === 'look' ? { ...holds, at: past(holds.at) } : holds);
  // Money that lands from now on has to move every mark that was taken before it.
  if (state.day) state.day = { ...state.day, startHolds: held(state.day.startHolds) };
  if (state.weekStart) state.weekStart = { ...state.weekStart, holds: held(state.weekStart.holds) };
  if (state.peak) state.peak = { ...state.peak, at: past(state.peak.at) };
  if (state.lastClose) state.lastClose = { ...state.lastClose, at: past(state.lastClose.at) };
  if (state.cashBook?.waiting)
    state.cashBook = { ...state.cashBook, waiting: { ...state.cashBook.waiting, since: past(state.cashBook.waiting.since) } };
  if (state.lastEquity) state.lastEquity = { ...state.lastEquity, at: past(state.lastEquity.at) };
}

function replaceEach<Key, Value>(map: Map<Key, Value>, by: (value: Value) => Value): void {
  for (const [key, value] of map) map.set(key, by(value));
}
