import { type Instant, instant, invariant } from '#domain/units';
import type { Deliverable } from '#ports/deliverable';
import type { Runtime } from './runtime.ts';

/** An exchange (or tape) whose clock waits for us; in another process it answers with a promise. */
export interface SteppedTime {
  now(): Instant;
  /** Runs forward to `target`, or to the first instant before it at which something was said to us. */
  advanceTo(target: Instant): Instant | Promise<Instant>;
}

/** More rounds at one instant than any story needs: beyond it somebody asks in a circle. */
const MOST_ROUNDS = 2_000;

export interface SimulatedSession {
  readonly runtime: Runtime;
  readonly time: SteppedTime;
  readonly adapters: readonly Deliverable[];
  /** Called whenever time moved, before anything is delivered at the new instant. */
  onTime(now: Instant): void;
}

/**
 * Lets everything that was asked be answered, until nobody has anything left to say at this instant. In rounds: first everybody
 * falls silent, then all that was said is handed over, adapter by adapter. What is asked meanwhile belongs to the next round, so
 * that an answer over a wire and one in the same process arrive at the same point of the story.
 */
export async function settle(session: Pick<SimulatedSession, 'adapters'>): Promise<void> {
  for (let rounds = 0; ; rounds += 1) {
    invariant(rounds < MOST_ROUNDS, `${MOST_ROUNDS} rounds of questions at one instant: two parts ask each other without end`);
    for (const adapter of session.adapters) if (!adapter.settled) await adapter.idle();
    const round = session.adapters.flatMap((adapter) => adapter.take());
    if (round.length === 0) return;
    for (const hand of round) hand();
  }
}

/**
 * Drives an engine through simulated time until `until`: settle, move to the next wake-up or market event, settle, fire.
 * Speed changes nothing: time moves only when everything at the present instant has been said.
 */
export async function runUntil(session: SimulatedSession, until: Instant): Promise<void> {
  await settle(session);
  while (session.time.now() < until && !session.runtime.isHalted()) {
    const wake = session.runtime.nextWakeAt();
    const target = wake === null ? until : instant(Math.min(Math.max(wake, session.time.now()), until));
    const stepped = target > session.time.now() ? session.time.advanceTo(target) : target;
    const reached = typeof stepped === 'number' ? stepped : await stepped;
    session.onTime(reached);
    await settle(session);
    session.runtime.fireDue(reached);
    await settle(session);
  }
}
