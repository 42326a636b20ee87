import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { instant, isoDate, plusMs } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';
import { trustDesk } from './trustDesk.ts';

const WEDNESDAY = isoDate('2026-03-11');
const HOUR = 3_600;

/** The desk stops and starts with an account that has nothing but cash; answers with the way back to the one it leaves. */
function moveTo(desk: EngineDesk, account: string, dollars: number): () => EngineDesk {
  const { cash, equity, lastEquity, mode } = desk;
  const left = desk.account;
  const held = [...desk.holdings];
  const orders = [...desk.orders];
  const told = desk.activities.splice(0);
  desk.holdings.clear();
  desk.orders.clear();
  Object.assign(desk, { account, mode: account.startsWith('PA') ? 'paper' : 'live' });
  Object.assign(desk, { cash: dollars * 100, equity: dollars * 100, lastEquity: dollars * 100 });
  desk.start().pass(10);
  return () => {
    for (const [symbol, quantity] of held) desk.holdings.set(symbol, quantity);
    for (const [id, order] of orders) desk.orders.set(id, order);
    desk.activities.splice(0, desk.activities.length, ...told);
    Object.assign(desk, { account: left, mode, cash, equity, lastEquity });
    return desk.start().pass(10);
  };
}

describe('a start with another account on the same journal', () => {
  it('counts its losses from its own marks: paper closed at 100,000, real money falls from 125,000 to 99,000 on Wednesday', () => {
    const desk = quietDesk();
    desk.pass(6.6 * HOUR);
    expect(desk.factsOf('DayClosed')).toMatchObject([{ equity: 10_000_000 }]);
    desk.now = atNewYork(WEDNESDAY, '10:30');
    moveTo(desk, '847LIVE', 125_000);
    expect(desk.factsOf('DayOpened').at(-1)).toMatchObject({ startEquity: 12_500_000, countedFrom: 'brokerClose' });
    desk.cash = desk.equity = 9_900_000;
    desk.pass(61);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toEqual(
      expect.arrayContaining(['dailyLoss', 'weeklyLoss', 'drawdown']),
    );
  });

  it('does not take an account of 10,000 for one that lost 90,000', () => {
    const desk = quietDesk();
    desk.pass(6.6 * HOUR);
    desk.now = atNewYork(WEDNESDAY, '10:30');
    moveTo(desk, '847LIVE', 10_000);
    desk.pass(10 * 60);
    expect(desk.engine.view().breakers).toEqual([]);
    expect(desk.factsOf('CashBooked')).toEqual([]);
    expect(desk.engine.view().cashBook?.cash).toBe(1_000_000);
  });

  it('leaves what the other holds alone, tells of it, and finds it again on the way back, with its cash, marks and record', () => {
    const desk = holdingSpread();
    desk.pass(61);
    const before = desk.engine.view();
    const newest = instant(Math.max(...desk.activities.map(({ at }) => at)));
    desk.now = atNewYork(isoDate('2026-03-20'), '10:30');
    const back = moveTo(desk, '847LIVE', 125_000);
    desk.pass(10 * 60);
    expect(desk.engine.view().positions).toEqual([]);
    expect(desk.factsOf('PositionClosed')).toEqual([]);
    expect(desk.notes).toContain('Left in account PA1: 1 position');
    expect(desk.folded().view().positions).toEqual([]);
    // Nothing of the paper account's record is asked of the live one.
    const liveLooks = desk.askedAfter.slice(-3);
    expect(liveLooks.every((since) => since === null)).toBe(true);
    expect(desk.engine.view().results.size).toBe(0);

    desk.now = atNewYork(isoDate('2026-03-31'), '10:30');
    const looks = desk.askedAfter.length;
    back();
    expect(onlyPosition(desk)).toEqual(before.positions[0]?.position);
    expect(desk.askedAfter[looks]).toBe(plusMs(newest, -3 * 86_400_000));
    // The first look goes back to where the paper session was left, not to the live one's end.
    expect(desk.askedSince[looks]).toBeLessThanOrEqual(before.now);
    expect(desk.engine.view().cashBook?.cash).toBe(before.cashBook?.cash);
    expect(desk.engine.view().breakers).toEqual([]);
    expect(desk.factsOf('PositionOpened')).toHaveLength(1);
  });

  it('states the account that held the position in its trade', () => {
    const desk = holdingSpread();
    desk.pass(61);
    const back = moveTo(desk, '847LIVE', 125_000);
    back();
    const { positionId } = onlyPosition(desk);
    desk.price(SHORT, 1.0).price(LONG, 0.4).tick();
    desk.command({ kind: 'closePosition', positionId, contracts: null, netLimit: null });
    desk.fills(desk.only(), 1, -0.6);
    expect(desk.factsOf('PositionClosed')).toMatchObject([{ trade: { account: 'PA1', mode: 'paper' } }]);
    expect(desk.engine.view().results.get('manual')?.trades).toBe(1);
  });

  it('keeps identifiers going: no order, position or trade of the two is called by one name', () => {
    const desk = holdingSpread();
    moveTo(desk, 'PA2', 100_000);
    desk.trades({ symbol: LONG, contracts: 1, price: 0.88 });
    desk.cash -= 5;
    desk.pass(120);
    const [first, second] = desk.factsOf('PositionOpened').map(({ position }) => position.positionId);
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  it('takes a death of the other account’s session for nothing that this account could answer for', () => {
    const desk = holdingSpread();
    desk.pass(61);
    desk.latchRecord = { state: 'REDUCING', reason: 'it died', by: 'restart', at: desk.now };
    moveTo(desk, '847LIVE', 125_000);
    desk.pass(120);
    expect(desk.latchRecord.state).toBe('REDUCING');
  });
});

describe('an account left under a clock that was three weeks ahead', () => {
  it('is put right when it is taken up again, though the other account’s session had told of the clock by then', () => {
    const desk = holdingSpread(1, { at: atNewYork(isoDate('2026-04-01'), '11:00') });
    desk.pass(120);
    desk.command({ kind: 'closePosition', positionId: onlyPosition(desk).positionId, contracts: null, netLimit: -1.25 });
    desk.fills();
    const aheadAt = desk.now;
    desk.now = atNewYork(WEDNESDAY, '11:00');
    const back = moveTo(desk, 'PA2', 100_000);
    desk.pass(60);
    expect(desk.factsOf('ClockJumped')).toHaveLength(1);
    back();
    expect(desk.factsOf('ClockJumped').at(-1)).toEqual({ kind: 'ClockJumped', from: aheadAt, to: plusMs(desk.now, -10_000) });
    expect(desk.engine.riskBook().recentSends.every(({ at }) => at <= desk.now)).toBe(true);
    desk.pass(3 * HOUR);
    desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).tick();
    expect(sellSpread(desk).kind).toBe('done');
    // Put right once: the next change of accounts has nothing to tell.
    desk.fills();
    moveTo(desk, 'PA2', 100_000)();
    expect(desk.factsOf('ClockJumped')).toHaveLength(2);
  });
});

describe('trust', () => {
  const standing = (desk: EngineDesk) => desk.engine.view().trust.get('manual')?.rung;
  const move = (desk: EngineDesk, rung: 'observe' | 'propose' | 'autoSmall') =>
    desk.command({ kind: 'setTrust', strategyId: 'manual', rung, reason: 'looked' });

  it('earned on paper is not trust with real money, and is there again on paper', () => {
    const desk = trustDesk();
    expect(move(desk, 'autoSmall').kind).toBe('done');
    const back = moveTo(desk, '847LIVE', 125_000);
    expect(standing(desk)).toBe('propose');
    expect(desk.engine.view().book.leaveOf('manual')?.mode).toBe('approve');
    back();
    expect(standing(desk)).toBe('autoSmall');
  });

  it('lost on paper is not won back by going live', () => {
    const desk = trustDesk();
    move(desk, 'observe');
    moveTo(desk, '847LIVE', 125_000);
    expect(standing(desk)).toBe('observe');
  });
});
