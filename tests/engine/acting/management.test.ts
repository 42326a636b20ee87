import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT } from './spread.ts';

describe('a position', () => {
  it('sold for 1.20 is bought back at half its profit and becomes a trade with its numbers', () => {
    const desk = holdingSpread();
    desk.price(SHORT, 0.9).price(LONG, 0.32);
    desk.pass(61);
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', netLimit: -0.58 });
    desk.fills(close);
    const [closed] = desk.factsOf('PositionClosed');
    const fees = closed?.trade.execution.fees ?? 0;
    expect(fees).toBeGreaterThan(0);
    expect(closed?.trade).toMatchObject({
      tradeId: 't1',
      campaignId: 'c1',
      outcome: { pnl: 12_000 - 5_800 - fees, exitReason: 'takeProfit' },
      execution: { fillCredit: 1.2, exitCredit: -0.58 },
      risk: { units: 1, maxLoss: 38_000 },
    });
    expect(desk.engine.view().positions).toHaveLength(0);
    expect(desk.engine.view().day?.realised).toBe(6_200 - fees);
  });

  it('is stopped at twice its credit, and the exit is tried again until it fills', () => {
    const desk = holdingSpread();
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
    desk.pass(61);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({ reason: 'stopLoss' });
    desk.pass(240);
    expect(desk.factsOf('OrderWorkEnded').at(-1)?.outcome).toBe('notFilled');
    desk.pass(120);
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('stopLoss');
  });

  it('is left at no more than it can ever be worth: in a market as wide as its strikes the exit ends there, and rests', () => {
    const desk = holdingSpread();
    desk.price(SHORT, 6, 3).price(LONG, 1.5, 2);
    desk.pass(62);
    expect(desk.factsOf('ExitTriggered')).toEqual([]);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    for (let second = 0; second < 50; second += 5) {
      desk.price(SHORT, 6, 3).price(LONG, 1.5, 2);
      desk.pass(5);
    }
    const prices = desk
      .factsOf('OrderIntended')
      .flatMap(({ request }) => (request.purpose === 'close' ? [request.netLimit] : []));
    expect(prices.length).toBeGreaterThan(1);
    expect(Math.min(...prices)).toBe(-5);
    expect(desk.only().request.netLimit).toBe(-5);
    expect(desk.factsOf('OrderWorkEnded').filter(({ outcome }) => outcome === 'abandoned')).toEqual([]);
  });

  it('is stopped to its last unit, also when the fill of one was never heard of and only the cancel tells of it', () => {
    const desk = holdingSpread(2);
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
    desk.pass(61);
    desk.fill(desk.only(), 1);
    desk.pass(6);
    expect(onlyPosition(desk).units).toBe(1);
    const [first] = desk.resting();
    expect(first?.request).toMatchObject({ purpose: 'close', contracts: 1 });
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('stopLoss');
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('is as open as before when the owner’s close is refused: nothing was triggered, nothing is being closed', () => {
    const desk = holdingSpread();
    desk.pass(10);
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'lunch' });
    const outcome = desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(outcome).toMatchObject({ kind: 'refused', reasons: [{ gate: 'killSwitch' }] });
    expect(desk.factsOf('ExitTriggered')).toEqual([]);
    expect(onlyPosition(desk)).toMatchObject({ status: 'open', exitReason: null });
  });

  it('is stopped by what is left of it: two of four units were closed for nothing, the other two lose twice their credit', () => {
    const desk = holdingSpread(4);
    desk.pass(10);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: 2, netLimit: null });
    desk.fills();
    expect(onlyPosition(desk)).toMatchObject({ units: 2, openedUnits: 4 });
    desk.price('XYZ', 93.5).price(SHORT, 4.7).price(LONG, 1.15);
    desk.pass(61);
    const stops = () => desk.factsOf('ExitTriggered').filter(({ reason }) => reason === 'stopLoss');
    expect(stops()).toEqual([]);
    desk.price('XYZ', 93.3).price(SHORT, 4.8).price(LONG, 1.15);
    desk.pass(61);
    expect(stops()).toMatchObject([{ rule: { limit: 48_000 } }]);
    desk.fills();
    expect(desk.engine.view().positions).toHaveLength(0);
  });

  it('is stopped all the same when the program died between two prices of its exit', () => {
    const desk = holdingSpread();
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
    desk.pass(61);
    expect(desk.only().request.purpose).toBe('close');
    desk.quoting = false;
    desk.pass(6);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('OrderWorkEnded').filter(({ reason }) => reason.includes('exit'))).toHaveLength(0);
    desk.start();
    desk.quoting = true;
    desk.pass(120);
    desk.fills();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('stopLoss');
  });

  it('is left alone while its market is too wide to believe', () => {
    const desk = holdingSpread();
    desk.price(SHORT, 0.9, 1.2).price(LONG, 0.32, 0.6);
    desk.pass(300);
    expect(desk.factsOf('ExitTriggered')).toHaveLength(0);
    expect(onlyPosition(desk).highWaterProfit).toBe(0);
  });

  it('writes nothing in an uneventful hour but what a sweep may say', () => {
    const desk = holdingSpread();
    desk.pass(5);
    const before = desk.facts.length;
    desk.pass(3600);
    expect(desk.facts.length - before).toBeLessThanOrEqual(1);
  });

  it('has no short option left after three o’clock on its last day', () => {
    const desk = holdingSpread();
    desk.quoting = false;
    desk.now = atNewYork(isoDate('2026-04-17'), '14:58');
    desk.quoting = true;
    desk.start();
    desk.pass(60);
    expect(desk.factsOf('ExitTriggered')).toHaveLength(0);
    desk.pass(62);
    expect(desk.factsOf('ExitTriggered')[0]?.reason).toBe('expiryGuard');
    expect(desk.only().request.purpose).toBe('close');
  });
});

describe('the account', () => {
  const PUT = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'put', strike: 95 });

  function shortPut(): EngineDesk {
    const desk = new EngineDesk().price('XYZ', 100).price(PUT, 2.1).start();
    desk.command({
      kind: 'openStructure',
      legs: [{ symbol: PUT, ratio: -1 }],
      contracts: 1,
      netLimit: 2.1,
      note: '',
    });
    desk.fills();
    return desk;
  }

  it('that had its short put assigned holds 100 shares at 95 in the same campaign, and the put’s story is told', () => {
    const desk = shortPut();
    desk.hold(PUT, 1);
    desk.hold('XYZ', 100);
    desk.pass(61);
    const [put] = desk.factsOf('PositionClosed');
    const fees = put?.trade.execution.fees ?? 0;
    expect(put?.trade).toMatchObject({ campaignId: 'c1', outcome: { exitReason: 'assigned', pnl: 21_000 - fees } });
    expect(onlyPosition(desk)).toMatchObject({ campaignId: 'c1', structure: 'longStock', cashFlow: -950_000, units: 1 });
    expect(desk.book()).toEqual({ XYZ: 100 });
    desk.start().pass(61);
    expect(desk.book()).toEqual({ XYZ: 100 });
  });

  it('whose put expired worthless books the whole credit', () => {
    const desk = shortPut();
    desk.now = atNewYork(isoDate('2026-04-17'), '16:45');
    desk.hold(PUT, 1);
    desk.start();
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('expired');
    expect(desk.book()).toEqual({});
  });

  it('that shows a trade from elsewhere twice has it adopted and counted', () => {
    const desk = quietDesk();
    desk.hold(LONG, 2);
    desk.pass(51);
    expect(desk.book()).toEqual({});
    desk.pass(121);
    expect(onlyPosition(desk)).toMatchObject({ strategyId: 'external', tags: ['external'] });
    expect(desk.book()).toEqual({ [LONG]: 2 });
  });

  it('that cannot be asked is unknown, never flat', () => {
    const desk = holdingSpread();
    desk.snapshots = 'failing';
    desk.holdings.clear();
    desk.pass(200);
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1 });
  });

  it('whose fill was never reported has it booked by the next sweep', () => {
    const desk = quietDesk();
    desk.command({
      kind: 'openStructure',
      legs: [
        { symbol: SHORT, ratio: -1 },
        { symbol: LONG, ratio: 1 },
      ],
      contracts: 2,
      netLimit: 1.2,
      note: '',
    });
    desk.fill(desk.only());
    desk.pass(61);
    expect(onlyPosition(desk)).toMatchObject({ units: 2, cashFlow: 24_000 });
  });
});
