import { describe, expect, it } from 'vitest';
import { instant } from '#domain/units';
import type { Actor } from '#ports/commands';
import { holdingSpread, quietDesk, SHORT, sellSpread } from './spread.ts';

const thrownBy = (by: string) => ({ state: 'REDUCING', reason: 'The program died', by, at: instant(0) }) as const;

describe('the switch after a death', () => {
  it('is released by the first account that agrees with the journal, on record', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('restart');
    desk.start();
    expect(desk.latchRecord).toMatchObject({ state: 'ACTIVE', by: 'engine' });
    expect(desk.factsOf('KillStateChanged')).toMatchObject([
      { from: 'ACTIVE', to: 'REDUCING', by: 'restart' },
      { from: 'REDUCING', to: 'ACTIVE', by: 'engine' },
    ]);
  });

  it('waits while anything differs or is in doubt', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('watchdog');
    desk.hold(SHORT, -1);
    desk.start();
    expect(desk.latchRecord.state).toBe('REDUCING');
    desk.pass(130);
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });

  it.each(['owner (desktop)', 'command line', 'file drop', 'engine'])('stays when it was thrown by %s', (by) => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy(by);
    desk.start().pass(600);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by });
  });

  it('stays when the owner confirmed it meanwhile', () => {
    const desk = holdingSpread();
    desk.latchRecord = thrownBy('restart');
    desk.snapshots = 'failing';
    desk.start();
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'mine' });
    desk.snapshots = 'answered';
    desk.pass(200);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'owner (desktop)' });
  });

  it('thrown by the watchdog while the engine lives stays thrown', () => {
    const desk = quietDesk();
    desk.latchRecord = thrownBy('watchdog');
    desk.post({ kind: 'latchMoved', at: desk.now });
    desk.pass(600);
    expect(desk.latchRecord.state).toBe('REDUCING');
    expect(desk.notes).toContain('Kill switch: REDUCING');
  });
});

describe('the switch against an order that was never heard of', () => {
  it('is proved absent and not sent again', () => {
    const desk = quietDesk();
    desk.submission = 'silent';
    desk.cancels = 'lost';
    sellSpread(desk);
    for (const id of desk.orders.keys()) desk.orders.delete(id);
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' });
    desk.pass(30);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
    desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'looked' });
    desk.pass(300);
    expect(desk.factsOf('OrderIntended')).toHaveLength(1);
    expect(desk.factsOf('OrderWorkEnded')).toMatchObject([{ outcome: 'notFilled' }]);
  });
});

describe('whatever happens to everything else', () => {
  it('a thrown switch outlives an older journal put back, a crash, and a clock that is set back or forth', () => {
    const desk = holdingSpread();
    const older = [...desk.facts];
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'mine' });
    desk.facts.splice(0, desk.facts.length, ...older);
    desk.start();
    expect(desk.latchRecord).toMatchObject({ state: 'HALTED', reason: 'mine' });
    expect(desk.factsOf('KillStateChanged')).toMatchObject([{ from: 'ACTIVE', to: 'HALTED', by: 'owner (desktop)' }]);
    for (const hours of [-3, 7]) {
      const from = desk.now;
      desk.now = instant(desk.now + hours * 3_600_000);
      desk.post({ kind: 'clockJumped', at: desk.now, from });
      desk.start().pass(120);
      expect(desk.latchRecord).toMatchObject({ state: 'HALTED', reason: 'mine' });
    }
    expect(desk.resting()).toHaveLength(0);
  });

  it('is looked after: an entry whose cancel was lost is found in the account, cancelled again and told', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.cancels = 'lost';
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' });
    expect(desk.engine.view().killProgress).toBe('1 entry not yet confirmed as cancelled');
    desk.pass(2);
    expect(desk.notes).toContain('Entries are still open at the broker');
    desk.cancels = 'confirmed';
    desk.pass(5);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().killProgress).toBeNull();
  });

  it('is released by the owner at this machine alone', () => {
    const desk = quietDesk();
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'test' });
    const by = (role: Actor['role'], via: Actor['via']) =>
      desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 9_000, reason: 'let me' }, undefined, {
        role,
        via,
        name: role,
      }).kind;
    for (const role of ['operator', 'viewer', 'system'] as const) expect(by(role, 'desktop')).toBe('refused');
    for (const via of ['telegram', 'watchdog', 'engine', 'tray', 'fileDrop'] as const) expect(by('owner', via)).toBe('refused');
    expect(desk.latchRecord.state).toBe('HALTED');
    expect(by('owner', 'browser')).toBe('done');
  });
});
