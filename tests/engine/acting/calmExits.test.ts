import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import { holdingSpread, LONG, onlyPosition, SHORT } from './spread.ts';

/** At 0.90 and 0.32, each 0.10 wide, the spread that was sold for 1.20 costs 0.58 at mid and 0.68 at natural. */
function halfEarned() {
  const desk = holdingSpread();
  desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
  desk.pass(61);
  return desk;
}

describe('an exit that can wait', () => {
  it('takes a profit at mid, goes half of the way to natural at most, and pauses for a quarter of an hour', () => {
    const desk = halfEarned();
    expect(desk.only().request.netLimit).toBe(-0.58);
    desk.pass(170);
    expect(desk.resting()).toHaveLength(0);
    const prices = desk.factsOf('RungEnded').map(({ limit }) => limit);
    expect(Math.min(...prices)).toBe(-0.63);
    desk.pass(600);
    expect(desk.resting()).toHaveLength(0);
    desk.pass(200);
    expect(desk.only().request.purpose).toBe('close');
    expect(desk.only().request.netLimit).toBeGreaterThanOrEqual(-0.63);
  });

  it('is taken back when a stop fires, and the stop goes all the way to natural', () => {
    const desk = halfEarned();
    desk.price('XYZ', 93).price(SHORT, 5.2, 0.1).price(LONG, 1.4, 0.1);
    desk.pass(61);
    desk.pass(61);
    expect(desk.factsOf('OrderWorkEnded')[1]?.outcome).toBe('notFilled');
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('stopLoss');
    expect(desk.resting()).toHaveLength(1);
    desk.pass(15);
    expect(desk.only().request.netLimit).toBe(-3.9);
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('stopLoss');
  });

  it('pauses for no stop: one that fires between two calm tries is worked at once', () => {
    const desk = halfEarned();
    desk.pass(200);
    expect(desk.resting()).toHaveLength(0);
    desk.price('XYZ', 93).price(SHORT, 5.2, 0.1).price(LONG, 1.4, 0.1);
    desk.pass(61);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('stopLoss');
    desk.fills();
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('ends: a time stop that did not fill for three days is worked to natural', () => {
    const desk = holdingSpread();
    desk.price(SHORT, 1.6, 0.1).price(LONG, 0.7, 0.1);
    const { positionId, exitPlan } = onlyPosition(desk);
    desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, timeStopDays: 21 } });
    const calm = timeStopOn('2026-03-27');
    expect(Math.min(...calm)).toBe(-0.95);
    const overdue = timeStopOn('2026-03-30');
    expect(Math.min(...overdue)).toBe(-1);

    /** Prices that were tried on a day without a fill. */
    function timeStopOn(date: string): readonly number[] {
      const before = desk.factsOf('RungEnded').length;
      desk.quoting = false;
      desk.now = atNewYork(isoDate(date), '11:00');
      desk.quoting = true;
      desk.start();
      desk.pass(300);
      expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('timeStop');
      return desk
        .factsOf('RungEnded')
        .slice(before)
        .map(({ limit }) => limit);
    }
  });
});
