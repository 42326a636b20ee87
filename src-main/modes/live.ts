import { instant } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';
import type { Runtime } from './runtime.ts';

/**
 * Live: the system clock wakes the engine, adapters deliver by themselves. Watches the clock for jumps (sleep, NTP): a wake-up
 * that comes much later, or a clock that went backwards, is told to the engine before anything else is.
 */
export function driveLive(parts: {
  readonly clock: Clock;
  readonly runtime: () => Runtime;
  readonly jumpMs: number;
  readonly heartbeatMs: number;
}) {
  let cancelWake: Cancel = () => {};
  let cancelBeat: Cancel = () => {};
  let lastBeat = parts.clock.now();
  let stopped = false;

  function armWake(): void {
    cancelWake();
    const next = parts.runtime().nextWakeAt();
    if (stopped || next === null) return;
    cancelWake = parts.clock.wakeAt(next, () => {
      checkJump();
      parts.runtime().fireDue(parts.clock.now());
      armWake();
    });
  }

  function checkJump(): void {
    const now = parts.clock.now();
    const drift = now - lastBeat;
    if (drift > parts.heartbeatMs + parts.jumpMs || drift < -1_000)
      parts.runtime().post({ kind: 'clockJumped', at: now, from: lastBeat });
    lastBeat = now;
  }

  function beat(): void {
    if (stopped) return;
    checkJump();
    cancelBeat = parts.clock.wakeAt(instant(parts.clock.now() + parts.heartbeatMs), beat);
  }

  return {
    start(): void {
      beat();
      armWake();
    },
    /** Give this to the runtime as `onAgendaChanged`. */
    agendaChanged: armWake,
    stop(): void {
      stopped = true;
      cancelWake();
      cancelBeat();
    },
  };
}
