import { describe, expect, it } from 'vitest';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, SHORT } from './spread.ts';

/**
 * Two spreads whose stop fired: the first closing order was not acknowledged and proved absent, the second of two rests at the
 * broker. `late` is the first one, which is there after all.
 */
function twoClosesOut(units = 2) {
  const desk = holdingSpread(units);
  desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
  desk.submission = 'timesOutBeforeAcceptance';
  for (let n = 0; n < 90 && desk.factsOf('OrderIntended').length < 2; n += 1) desk.pass(1);
  const { request } = desk.factsOf('OrderIntended')[1]!;
  desk.submission = 'works';
  for (let n = 0; n < 90 && desk.resting().length === 0; n += 1) desk.pass(1);
  const second = desk.only();
  expect(second.request).toMatchObject({ intentId: request.intentId, attempt: 2, contracts: units });
  const id = desk.idOf(request.intentId, 1);
  const late = { id, request, filled: 0, value: 0, executed: [], status: 'working' as const };
  desk.orders.set(id, late);
  return { desk, late: desk.orders.get(id)!, second };
}

/** The broker has filled `units` of an order that was believed absent: its acknowledgement comes with the fill. */
function fillsLate(desk: EngineDesk, late: ReturnType<typeof twoClosesOut>['late'], units: number): void {
  const report = desk.fill(late, units);
  desk.report(report);
}

describe('an exit whose first order came late and filled', () => {
  it('takes the second one back at once: the two are closed once', () => {
    const { desk, late, second } = twoClosesOut();
    fillsLate(desk, late, 2);
    expect(second.status).toBe('cancelled');
    expect(desk.resting()).toEqual([]);
    desk.pass(300);
    expect(desk.book()).toEqual({});
    expect(desk.holdings.size).toBe(0);
    expect(desk.factsOf('OrderIntended')).toHaveLength(3);
  });

  it('in part: the second goes on with the one that is left, at the same price', () => {
    const { desk, late, second } = twoClosesOut();
    desk.cancels = 'lost';
    fillsLate(desk, late, 1);
    late.status = 'cancelled';
    desk.cancels = 'confirmed';
    expect(desk.factsOf('FaultRecorded').map(({ fault }) => fault.code)).toContain('lateAcknowledgement');
    desk.pass(6);
    expect(second.status).toBe('cancelled');
    expect(desk.only().request).toMatchObject({ attempt: 3, contracts: 1, netLimit: second.request.netLimit });
    desk.fills();
    desk.pass(300);
    expect(desk.holdings.size).toBe(0);
    expect(desk.resting()).toEqual([]);
  });

  it('in part, what is left of the late one is taken back, too', () => {
    const { desk, late } = twoClosesOut();
    fillsLate(desk, late, 1);
    expect(late.status).toBe('cancelled');
    desk.pass(1);
    desk.fills();
    desk.pass(60);
    expect(desk.holdings.size).toBe(0);
  });

  it('when another wish to close works by now: that one is taken back, and the position is closed once', () => {
    const { desk, late, second } = twoClosesOut();
    desk.command({ kind: 'cancelOrder', intentId: second.request.intentId });
    desk.pass(61);
    const third = desk.only();
    expect(third.request.intentId).not.toBe(second.request.intentId);
    fillsLate(desk, late, 2);
    expect(third.status).toBe('cancelled');
    desk.pass(300);
    expect(desk.holdings.size).toBe(0);
    expect(desk.engine.view().positions).toEqual([]);
    expect([...desk.engine.view().works.values()].filter(({ outcome }) => outcome === null)).toEqual([]);
  });

  it('when both fill, no work is left open and the account is taken over as it is', () => {
    const { desk, late, second } = twoClosesOut();
    desk.command({ kind: 'cancelOrder', intentId: second.request.intentId });
    desk.pass(61);
    const third = desk.only();
    desk.cancels = 'lost';
    fillsLate(desk, late, 2);
    desk.fills(third);
    expect([...desk.engine.view().works.values()].filter(({ outcome }) => outcome === null)).toEqual([]);
    expect(desk.notes).toContain('A closing order filled late');
    desk.pass(120);
    expect(desk.book()).toEqual({ [SHORT]: 2, [LONG]: -2 });
  });

  it('of four, reduced by two: the second order is taken back and two stay', () => {
    const desk = holdingSpread(4);
    desk.submission = 'timesOutBeforeAcceptance';
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 2, netLimit: -1 });
    const { request } = desk.factsOf('OrderIntended')[1]!;
    desk.submission = 'works';
    desk.pass(40);
    const second = desk.only();
    const id = desk.idOf(request.intentId, 1);
    desk.orders.set(id, { id, request, filled: 0, value: 0, executed: [], status: 'working' });
    desk.fills(desk.orders.get(id));
    expect(second.status).toBe('cancelled');
    desk.pass(300);
    expect(onlyPosition(desk).units).toBe(2);
    expect(desk.holdings.get(SHORT)).toBe(-2);
  });
});
