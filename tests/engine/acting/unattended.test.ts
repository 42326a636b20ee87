import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { type Instant, isoDate } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, onlyPosition, quietDesk } from './spread.ts';

const EXPIRES = isoDate('2026-04-17');
const alerts = (desk: EngineDesk): string[] => desk.engine.view().alerts.map(({ title }) => title);

describe('time to danger', () => {
  it('names our cut-off and the broker’s on the expiration day, soonest first', () => {
    const { danger, dangers } = holdingSpread().engine.view();
    expect(dangers.map(({ at }) => at)).toEqual([atNewYork(EXPIRES, '15:00'), atNewYork(EXPIRES, '15:30')]);
    expect(danger).toEqual(dangers[0]);
    expect(quietDesk().engine.view().danger).toBeNull();
  });

  it('names the close of the expiration day where no rule of ours acts before it: assignment is taken', () => {
    const desk = holdingSpread();
    const { exitPlan, positionId } = onlyPosition(desk);
    desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, takeAssignment: true } });
    expect(desk.engine.view().dangers).toEqual([
      { what: 'XYZ bull put spread may be liquidated by the broker', at: atNewYork(EXPIRES, '15:30') },
      { what: 'XYZ bull put spread expires', at: atNewYork(EXPIRES, '16:00') },
    ]);
  });

  it('names the last close before an ex-dividend day, for a short call in the money only', () => {
    const shortCall = (strike: number): EngineDesk => {
      const symbol = occSymbol({ root: 'XYZ', expiration: EXPIRES, right: 'call', strike });
      const desk = quietDesk().price(symbol, 6);
      desk.hold('XYZ', 100);
      desk.hold(symbol, -1);
      desk.pass(200);
      const history = {
        underlying: 'XYZ',
        bars: [],
        earnings: [],
        dividends: [{ underlying: 'XYZ', exDate: isoDate('2026-03-16'), amount: 0.5 }],
      };
      desk.post({
        kind: 'historyArrived',
        at: desk.now,
        answer: { requestId: 'h', at: desk.now, histories: [history], missing: [] },
      });
      return desk;
    };
    // The ex-dividend day is a Monday: the night of danger begins at Friday's close.
    expect(shortCall(95).engine.view().danger?.at).toBe(atNewYork(isoDate('2026-03-13'), '16:00'));
    expect(shortCall(110).engine.view().danger?.at).toBe(atNewYork(EXPIRES, '15:00'));
  });
});

describe('positions that nobody watches', () => {
  it('are told when the data stays away for two minutes, and not while nothing is held', () => {
    const desk = holdingSpread();
    desk.quoting = false;
    desk.pass(100);
    expect(desk.engine.view().unattendedMs).toBeGreaterThan(90_000);
    expect(alerts(desk)).toEqual([]);
    desk.pass(61);
    expect(alerts(desk)).toEqual(['Positions were unattended']);
    const empty = quietDesk();
    empty.quoting = false;
    empty.pass(600);
    expect(empty.engine.view().unattendedMs).toBe(0);
    expect(alerts(empty)).toEqual([]);
  });

  it('are told when no engine ran for an hour of the session; a night does not count', () => {
    const desk = holdingSpread();
    desk.now = (desk.now + 3_600_000) as Instant;
    desk.start();
    expect(alerts(desk)).toEqual(['Positions were unattended']);
    expect(desk.factsOf('AlertRaised')[0]?.body).toContain('no engine ran');
    const overnight = holdingSpread();
    overnight.now = atNewYork(isoDate('2026-03-10'), '15:59');
    overnight.start();
    overnight.command({ kind: 'acknowledgeAlert', alertId: 'a1' });
    overnight.now = atNewYork(isoDate('2026-03-11'), '09:29');
    overnight.start();
    expect(alerts(overnight)).toEqual([]);
  });
});
