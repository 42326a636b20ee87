import { describe, expect, it } from 'vitest';
import { holdingSpread, quietDesk, sellSpread } from './spread.ts';

describe('an end in order', () => {
  it('takes entries back, opens nothing more, and is confirmed by the account', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.post({ kind: 'stopAsked', at: desk.now });
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().standingDown).toEqual({ confirmed: true, entriesLeft: 0 });
    const again = sellSpread(desk);
    expect(again.kind === 'refused' && again.reasons.map(({ gate }) => gate)).toContain('entriesBlocked');
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });

  it('leaves exits resting', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.05 });
    desk.post({ kind: 'stopAsked', at: desk.now });
    desk.pass(5);
    expect(desk.only().request.purpose).toBe('close');
    expect(desk.engine.view().standingDown?.confirmed).toBe(true);
  });

  it('is not confirmed while a cancel is not, and asks again', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.cancels = 'lost';
    desk.post({ kind: 'stopAsked', at: desk.now });
    expect(desk.engine.view().standingDown).toEqual({ confirmed: false, entriesLeft: 1 });
    desk.cancels = 'confirmed';
    desk.pass(5);
    expect(desk.engine.view().standingDown).toEqual({ confirmed: true, entriesLeft: 0 });
  });

  it('is not confirmed by an account that cannot be asked', () => {
    const desk = quietDesk();
    desk.snapshots = 'failing';
    desk.post({ kind: 'stopAsked', at: desk.now });
    desk.pass(3);
    expect(desk.engine.view().standingDown).toEqual({ confirmed: false, entriesLeft: 0 });
  });

  it('is forgotten by the next start: a quit is no thrown switch', () => {
    const desk = quietDesk();
    desk.post({ kind: 'stopAsked', at: desk.now });
    desk.start();
    expect(sellSpread(desk).kind).toBe('done');
  });
});
