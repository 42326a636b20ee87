import { describe, expect, it } from 'vitest';
import { instant } from '#domain/units';
import { holdingSpread } from './spread.ts';

const thrownBy = (by: string) => ({ state: 'REDUCING', reason: 'The program died', by, at: instant(0) }) as const;

describe('a switch that a death has thrown', () => {
  it('is no longer the death’s once a breaker trips under it: the full disk keeps it thrown', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('restart');
    desk.snapshots = 'failing';
    desk.start();
    desk.post({ kind: 'machineObserved', at: desk.now, observation: { kind: 'diskFree', value: 10 } });
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    desk.snapshots = 'answered';
    desk.pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    expect(desk.latchRecord.reason).toMatch(/^diskSpace: /);
  });

  it('stays while a breaker from before the death is still set, and ends by itself when the owner has reset it', () => {
    const desk = holdingSpread();
    desk.post({ kind: 'machineObserved', at: desk.now, observation: { kind: 'diskFree', value: 10 } });
    desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'looked' });
    desk.latchRecord = thrownBy('restart');
    desk.start().pass(120);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'restart' });
    desk.command({ kind: 'resetBreaker', breaker: 'diskSpace', reason: 'there is room again' });
    desk.pass(120);
    expect(desk.latchRecord).toMatchObject({ state: 'ACTIVE', by: 'engine' });
  });

  it('of which the owner was told while the engine lived outlasts an orderly restart', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('watchdog');
    desk.post({ kind: 'latchMoved', at: desk.now });
    desk.facts.push({ at: desk.now, fact: { kind: 'SessionEnded', reason: 'quit' } });
    desk.start().pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
  });

  it('over a hang that the engine outlived waits for the owner, through a death of the program hours later', () => {
    const desk = holdingSpread();
    desk.latchRecord = { ...thrownBy('watchdog'), reason: 'No sign of life for 5.0 s' };
    desk.post({ kind: 'latchMoved', at: desk.now });
    desk.pass(3_600);
    desk.start().pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine', reason: 'No sign of life for 5.0 s' });
    expect(desk.factsOf('KillStateChanged')).toMatchObject([
      { from: 'ACTIVE', to: 'REDUCING', by: 'watchdog' },
      { from: 'REDUCING', to: 'REDUCING', by: 'engine' },
    ]);
    expect(desk.notes.filter((note) => note === 'Kill switch: REDUCING')).toHaveLength(1);
  });

  it('over a hang that a breaker judged stays thrown after whatever end of the session', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('watchdog');
    desk.post({ kind: 'latchMoved', at: desk.now });
    desk.post({ kind: 'machineObserved', at: desk.now, observation: { kind: 'loopLag', value: 30_000 } });
    desk.start().pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
  });

  it('by the watchdog while the next engine still waits for its first agreement is not the death’s', () => {
    const desk = holdingSpread();
    desk.snapshots = 'failing';
    desk.start();
    desk.latchRecord = thrownBy('watchdog');
    desk.post({ kind: 'latchMoved', at: desk.now });
    desk.snapshots = 'answered';
    desk.pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
  });

  it('ends by itself after a death over which nothing else happened', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('watchdog');
    desk.start().pass(120);
    expect(desk.latchRecord).toMatchObject({ state: 'ACTIVE', by: 'engine' });
  });
});
