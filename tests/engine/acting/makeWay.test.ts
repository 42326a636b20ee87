import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, quietDesk, SHORT, sellSpread } from './spread.ts';

/** The spread that was sold for 1.20, and the owner's own order to buy it back for 0.05, which rests for the day. */
function restingClose(contracts = 1) {
  const desk = holdingSpread(contracts);
  desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.05 });
  expect(desk.only().request.netLimit).toBe(-0.05);
  return desk;
}

/** XYZ falls to 93: the spread costs 3.80, a loss of more than twice the credit. */
function fall(desk: EngineDesk): EngineDesk {
  return desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
}

describe("the owner's own close rests at the broker", () => {
  it('flatten takes it back, says so, and works the position out', () => {
    const desk = restingClose();
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(1);
    expect(desk.only().request.netLimit).toBeLessThan(-1);
    expect(desk.notes).toContain('XYZ: your closing order is taken back');
    desk.fills();
    desk.pass(1);
    expect(desk.latchRecord.state).toBe('HALTED');
    expect(desk.book()).toEqual({});
  });

  it('flatten waits for the confirm, and never has two closes at the broker', () => {
    const desk = restingClose();
    desk.cancels = 'lost';
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(20);
    expect(desk.only().request.netLimit).toBe(-0.05);
    desk.cancels = 'confirmed';
    desk.pass(20);
    expect(desk.only().request.netLimit).toBeLessThan(-1);
  });

  it('a fill that wins against the cancel closes the position once', () => {
    const desk = restingClose();
    desk.cancels = 'lost';
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.fills();
    desk.pass(60);
    expect(desk.factsOf('OrderIntended')).toHaveLength(2);
    expect(desk.latchRecord.state).toBe('HALTED');
    expect(desk.book()).toEqual({});
  });

  it('a stop loss takes it back within a round and reaches natural within the next minute', () => {
    const desk = fall(restingClose());
    desk.pass(61);
    desk.pass(20);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('stopLoss');
    expect(desk.only().request.netLimit).toBeLessThanOrEqual(-3.8);
    expect(desk.notes).toContain('XYZ: your closing order is taken back');
  });

  it('flatten takes back what is left of one that was filled in part, and closes the rest', () => {
    const desk = restingClose(3);
    desk.fills(desk.only(), 1);
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(1);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('a profit target leaves it alone: it can wait', () => {
    const desk = restingClose();
    desk.price(SHORT, 0.4).price(LONG, 0.2);
    desk.pass(600);
    expect(desk.only().request.netLimit).toBe(-0.05);
  });

  it('the expiry guard takes it back: at 15:01 of the last day the short is being bought back', () => {
    const day = isoDate('2026-03-10');
    const short = occSymbol({ root: 'XYZ', expiration: day, right: 'put', strike: 95 });
    const long = occSymbol({ root: 'XYZ', expiration: day, right: 'put', strike: 90 });
    const desk = new EngineDesk({ at: atNewYork(day, '10:00'), settings: { risk: { expiryDayEntryCutoffMinutes: 0 } } });
    desk.price('XYZ', 100).price(short, 2.1).price(long, 0.88).start();
    desk.command({
      kind: 'openStructure',
      legs: [
        { symbol: short, ratio: -1 },
        { symbol: long, ratio: 1 },
      ],
      contracts: 1,
      netLimit: 1.2,
      note: '',
    });
    desk.fills();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.05 });
    desk.pass((atNewYork(day, '14:59') - desk.now) / 1000);
    expect(desk.only().request.netLimit).toBe(-0.05);
    desk.pass(120);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('expiryGuard');
    expect(desk.only().request.netLimit).toBeLessThan(-1);
  });
});

describe('an entry that is still adding to a position', () => {
  it('is taken back by a stop of what it filled already', () => {
    const desk = quietDesk();
    sellSpread(desk, 4);
    desk.fills(desk.only(), 2);
    desk.pass(5);
    expect(desk.only().request).toMatchObject({ purpose: 'open', contracts: 4 });
    fall(desk).pass(61);
    desk.pass(20);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });
});

describe('flatten over an exit that can wait', () => {
  it('takes it back and goes all the way', () => {
    const desk = holdingSpread();
    desk.price(SHORT, 0.9, 0.1).price(LONG, 0.32, 0.1);
    desk.pass(61);
    expect(desk.only().request.netLimit).toBe(-0.58);
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    desk.pass(60);
    const worst = Math.min(...desk.factsOf('OrderIntended').map(({ request }) => request.netLimit));
    expect(worst).toBeLessThanOrEqual(-0.68);
  });
});
