import { describe, expect, it } from 'vitest';
import { type Instant, instant } from '#domain/units';
import { createAgenda } from '#modes/agenda';
import { driveLive } from '#modes/live';
import type { Runtime } from '#modes/runtime';
import type { Clock } from '#ports/clock';
import type { EngineEvent } from '#ports/engine';

const HOUR = 3_600_000;

/** A system clock that a story sets, and timers that fire by elapsed time, as an operating system's do. */
function settableClock(start: number) {
  let now = start;
  let elapsed = 0;
  const timers: { readonly due: number; wake: (() => void) | null }[] = [];
  const clock: Clock = {
    now: () => instant(now),
    wakeAt(at, wake) {
      const timer = { due: elapsed + Math.max(0, at - now), wake: wake as (() => void) | null };
      timers.push(timer);
      return () => {
        timer.wake = null;
      };
    },
  };
  return {
    clock,
    set(to: number): void {
      now = to;
    },
    /** Time passes; `asleep` passes it without timers, as a closed lid does. */
    pass(ms: number, asleep = false): void {
      const step = asleep ? ms : 100;
      for (let done = 0; done < ms; done += step) {
        elapsed += step;
        now += step;
        if (asleep) continue;
        for (const timer of timers.filter(({ due, wake }) => wake !== null && due <= elapsed)) {
          const { wake } = timer;
          timer.wake = null;
          wake?.();
        }
      }
    },
  };
}

/** The live driver over an agenda, with what was posted in order. */
function story() {
  const start = Date.UTC(2026, 2, 10, 15, 0);
  const system = settableClock(start);
  const agenda = createAgenda();
  const posted: { readonly kind: string; readonly at: Instant; readonly from?: Instant }[] = [];
  const runtime: Pick<Runtime, 'nextWakeAt' | 'fireDue' | 'post'> = {
    nextWakeAt: agenda.nextAt,
    fireDue(now) {
      for (let due = agenda.takeDue(now); due; due = agenda.takeDue(now)) posted.push({ kind: due.kind, at: now });
    },
    post(event: EngineEvent) {
      posted.push(event);
      if (event.kind === 'clockJumped' && event.at < event.from) agenda.shift(event.at - event.from);
    },
  };
  const live = driveLive({ clock: system.clock, runtime: () => runtime as Runtime, jumpMs: 30_000, heartbeatMs: 1_000 });
  live.start();
  const plan = (inMs: number): void => {
    agenda.add(instant(system.clock.now() + inMs), { kind: 'manage', subject: '' });
    live.agendaChanged();
  };
  return { system, posted, plan, kinds: () => posted.map(({ kind }) => kind) };
}

describe('the live driver', () => {
  it('wakes the engine on time while the clock goes as it should', () => {
    const { system, plan, kinds } = story();
    plan(60_000);
    system.pass(59_000);
    expect(kinds()).toEqual([]);
    system.pass(2_000);
    expect(kinds()).toEqual(['manage']);
  });

  it.each([
    ['a night’s sleep', 8 * HOUR],
    ['a leap to the next day', 24 * HOUR],
    ['a clock set an hour ahead', HOUR],
  ])('tells of %s before anything that had become due', (_name, ms) => {
    const { system, plan, kinds, posted } = story();
    plan(60_000);
    system.pass(1_500);
    const from = system.clock.now();
    system.pass(ms, true);
    system.pass(1_500);
    expect(kinds()).toEqual(['clockJumped', 'manage']);
    expect(posted[0]?.from).toBeLessThanOrEqual(from);
  });

  it('looks at what is held within its minute after the clock was set back an hour', () => {
    const { system, plan, kinds } = story();
    plan(60_000);
    system.pass(10_000);
    system.set(system.clock.now() - HOUR);
    system.pass(2_000);
    expect(kinds()).toEqual(['clockJumped']);
    system.pass(50_000);
    expect(kinds()).toEqual(['clockJumped', 'manage']);
  });
});
