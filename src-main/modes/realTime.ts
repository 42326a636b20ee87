import { type Instant, instant, invariant } from '#domain/units';
import type { Clock } from '#ports/clock';
import { type SimulatedSession, settle } from './simulated.ts';

/** More wake-ups at one instant than any story needs. */
const MOST_STEPS = 2_000;

export interface RealTimeOptions {
  /** The wall clock that paces the exchange. */
  readonly wall: Clock;
  /** Market seconds per wall second; 'max' runs as fast as it can. */
  readonly speed: number | 'max';
  /** Wall milliseconds between two steps. */
  readonly stepMs: number;
  /** When the market is closed, jump to this long before the next open instead of waiting the night out; null waits. */
  readonly skipClosedHours: { nextOpenAfter(now: Instant): Instant | null; readonly leadMs: number } | null;
  onError(error: unknown): void;
}

/**
 * Runs the embedded exchange against the wall clock at a chosen speed: the same session as a simulation, only paced.
 * Each step catches up to where the market should be by now, wake-up by wake-up.
 */
export function runPaced(session: SimulatedSession, options: RealTimeOptions) {
  let speed = options.speed;
  let wallOrigin = options.wall.now();
  let marketOrigin = session.time.now();
  let stopped = false;
  let cancel = (): void => {};
  let stepping: Promise<void> = Promise.resolve();

  function rebase(): void {
    wallOrigin = options.wall.now();
    marketOrigin = session.time.now();
  }

  function targetNow(): Instant {
    if (speed === 'max') return instant(session.time.now() + 60_000);
    return instant(Math.round(marketOrigin + (options.wall.now() - wallOrigin) * speed));
  }

  async function step(): Promise<void> {
    const skip = options.skipClosedHours;
    const opensAt = skip?.nextOpenAfter(session.time.now()) ?? null;
    if (skip && opensAt !== null && opensAt - skip.leadMs > session.time.now()) {
      await runTo(instant(opensAt - skip.leadMs));
      rebase();
    }
    const deadline = options.wall.now() + options.stepMs * 4;
    const target = targetNow();
    await runTo(target, deadline);
    // A machine that cannot keep up falls behind honestly: the market waits for the engine, never the other way round.
    if (session.time.now() < target) rebase();
  }

  async function runTo(target: Instant, deadline?: Instant | number): Promise<void> {
    await settle(session);
    let before = session.time.now();
    let still = 0;
    while (session.time.now() < target && !stopped && !session.runtime.isHalted()) {
      still = session.time.now() === before ? still + 1 : 0;
      before = session.time.now();
      invariant(still < MOST_STEPS, `${MOST_STEPS} wake-ups at one instant: the market stands still`);
      const wake = session.runtime.nextWakeAt();
      const goal = wake === null ? target : instant(Math.min(Math.max(wake, session.time.now()), target));
      const reached = goal > session.time.now() ? await session.time.advanceTo(goal) : goal;
      session.onTime(reached);
      await settle(session);
      session.runtime.fireDue(reached);
      await settle(session);
      if (deadline !== undefined && options.wall.now() >= deadline) return;
    }
  }

  function arm(): void {
    if (stopped) return;
    cancel = options.wall.wakeAt(instant(options.wall.now() + (speed === 'max' ? 1 : options.stepMs)), () => {
      stepping = step().catch(options.onError).then(arm);
    });
  }

  arm();
  return {
    speed: (): number | 'max' => speed,
    setSpeed(next: number | 'max'): void {
      rebase();
      speed = next;
    },
    async stop(): Promise<void> {
      stopped = true;
      cancel();
      await stepping;
    },
  };
}

export type PacedSession = ReturnType<typeof runPaced>;
