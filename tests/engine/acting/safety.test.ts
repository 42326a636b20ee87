import { describe, expect, it } from 'vitest';
import { addDays, atNewYork } from '#domain/market/calendar';
import { cents, isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

const MONDAY = isoDate('2026-03-02');
const thrown = (desk: EngineDesk, verb: 'stopEntries' | 'freeze' | 'flatten') =>
  desk.command({ kind: 'throwKillSwitch', verb, reason: 'test' });
const gatesOf = (outcome: ReturnType<typeof sellSpread>): string[] =>
  outcome.kind === 'refused' ? outcome.reasons.map((gate) => gate.gate) : [];

describe('the kill switch', () => {
  it('stop entries: what would open is taken back and refused, exits go on', () => {
    const desk = holdingSpread();
    desk.pass(400);
    sellSpread(desk);
    expect(desk.resting()).toHaveLength(1);
    thrown(desk, 'stopEntries');
    expect(desk.latchRecord.state).toBe('REDUCING');
    expect(desk.resting()).toHaveLength(0);
    desk.pass(400);
    expect(gatesOf(sellSpread(desk))).toContain('killSwitch');
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null }).kind).toBe('done');
    desk.fills();
    expect(desk.engine.view().positions).toHaveLength(0);
    expect(desk.latchRecord.state).toBe('REDUCING');
  });

  it('freeze: everything that works is cancelled and nothing is sent, not even an exit', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    thrown(desk, 'freeze');
    const sent = desk.factsOf('OrderIntended').length;
    expect(desk.resting()).toHaveLength(0);
    desk.pass(600);
    desk.start().pass(600);
    expect(desk.factsOf('OrderIntended')).toHaveLength(sent);
    expect(desk.latchRecord.state).toBe('HALTED');
  });

  it('flatten: closes what is held, then stays halted, with nothing opened in between', () => {
    const desk = holdingSpread(2);
    thrown(desk, 'flatten');
    expect(desk.latchRecord.state).toBe('FLATTENING');
    expect(desk.engine.view().killProgress).toBe('1 left, 1 working, 0 without a bid');
    desk.fills();
    desk.pass(70);
    expect(desk.engine.view().positions).toHaveLength(0);
    expect(desk.latchRecord).toMatchObject({ state: 'HALTED', by: 'engine' });
    desk.start().pass(600);
    expect(desk.latchRecord.state).toBe('HALTED');
    expect(desk.resting()).toHaveLength(0);
  });

  it('flatten with nothing held is halted at once', () => {
    const desk = quietDesk();
    thrown(desk, 'flatten');
    desk.pass(61);
    expect(desk.latchRecord.state).toBe('HALTED');
  });

  it('flatten tries again what did not fill, and does not flood the journal meanwhile', () => {
    const desk = holdingSpread();
    thrown(desk, 'flatten');
    desk.pass(600);
    expect(desk.factsOf('ExitTriggered').length).toBeGreaterThan(1);
    expect(desk.factsOf('ExitTriggered').length).toBeLessThan(10);
    desk.pass(10);
    while (desk.resting().length === 0) desk.pass(5);
    desk.fills();
    desk.pass(5);
    expect(desk.latchRecord.state).toBe('HALTED');
  });

  it('is released only by the word, the hold and a reason', () => {
    const desk = quietDesk();
    thrown(desk, 'freeze');
    const release = (word: string, heldMs: number, reason: string) =>
      desk.command({ kind: 'releaseKillSwitch', word, heldMs, reason }).kind;
    expect(release('resume', 4000, 'fine')).toBe('refused');
    expect(release('RESUME', 2999, 'fine')).toBe('refused');
    expect(release('RESUME', 3000, ' ')).toBe('refused');
    expect(desk.latchRecord.state).toBe('HALTED');
    expect(release('RESUME', 3000, 'fine')).toBe('done');
    expect(desk.latchRecord.state).toBe('ACTIVE');
  });

  it('is not weakened by a milder verb', () => {
    const desk = quietDesk();
    thrown(desk, 'freeze');
    thrown(desk, 'stopEntries');
    expect(desk.latchRecord.state).toBe('HALTED');
  });
});

describe('the failsafe', () => {
  it('five hard errors in a row stop entries, also after a restart, until the owner resets it', () => {
    const desk = quietDesk();
    desk.snapshots = 'failing';
    for (let n = 0; n < 5; n += 1) desk.pass(61);
    expect(desk.engine.view().breakers.map((breaker) => breaker.breaker)).toContain('errors');
    desk.snapshots = 'answered';
    desk.start();
    desk.pass(61);
    expect(gatesOf(sellSpread(desk))).toContain('entriesBlocked');
    desk.command({ kind: 'resetBreaker', breaker: 'errors', reason: 'looked' });
    expect(gatesOf(sellSpread(desk))).toContain('killSwitch');
    desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'looked' });
    expect(sellSpread(desk).kind).toBe('done');
  });

  it('four errors and a good answer are forgotten', () => {
    const desk = quietDesk({ settings: { failsafe: { maxConsecutiveErrors: 3 } } });
    desk.snapshots = 'failing';
    desk.post({ kind: 'timerFired', at: desk.now, reason: { kind: 'sweep', subject: '' } });
    desk.post({ kind: 'timerFired', at: desk.now, reason: { kind: 'sweep', subject: '' } });
    desk.snapshots = 'answered';
    desk.pass(61);
    desk.snapshots = 'failing';
    desk.post({ kind: 'timerFired', at: desk.now, reason: { kind: 'sweep', subject: '' } });
    expect(desk.engine.view().breakers).toHaveLength(0);
  });

  it('a daily loss beyond 5 % stops entries and is told', () => {
    const desk = quietDesk();
    desk.equity = 9_499_999;
    desk.pass(61);
    expect(desk.engine.view().breakers.map((breaker) => breaker.breaker)).toEqual(['dailyLoss']);
    expect(gatesOf(sellSpread(desk))).toEqual(expect.arrayContaining(['entriesBlocked', 'dailyLoss']));
  });

  it('a fall of 6 % overnight counts though the program starts at 14:00 and never saw yesterday', () => {
    const desk = new EngineDesk({ at: atNewYork(MONDAY, '14:00') });
    desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88);
    desk.lastEquity = 10_000_000;
    desk.equity = 9_400_000;
    desk.start();
    expect(desk.factsOf('DayOpened')).toMatchObject([{ startEquity: 10_000_000, countedFrom: 'brokerClose' }]);
    expect(desk.engine.view().breakers.map((breaker) => breaker.breaker)).toEqual(['dailyLoss']);
    expect(gatesOf(sellSpread(desk))).toEqual(expect.arrayContaining(['entriesBlocked', 'dailyLoss']));
  });

  it('counts from our own close, which a withdrawal in the night moves along, whatever older close the broker still tells', () => {
    const desk = new EngineDesk({ at: atNewYork(MONDAY, '15:30') });
    desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).start();
    desk.pass(7_200);
    expect(desk.factsOf('DayClosed')).toMatchObject([{ equity: 10_000_000 }]);
    desk.now = atNewYork(addDays(MONDAY, 1), '14:00');
    desk.lastEquity = 7_000_000;
    desk.cash -= 2_000_000;
    desk.equity = 7_500_000;
    desk.tells({ kind: 'transfer', code: 'CSW', netCash: cents(-2_000_000) });
    desk.start();
    expect(desk.factsOf('DayOpened').at(-1)).toMatchObject({ startEquity: 8_000_000, countedFrom: 'ownClose' });
    expect(desk.engine.view().breakers.map((breaker) => breaker.breaker)).toContain('dailyLoss');
  });

  it('adds a deposit of this morning to the broker’s close: money paid in hides no loss', () => {
    const desk = new EngineDesk({ at: atNewYork(MONDAY, '11:00') });
    desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).start();
    desk.now = atNewYork(addDays(MONDAY, 2), '14:00');
    desk.lastEquity = 10_000_000;
    desk.cash += 1_000_000;
    desk.equity = 10_300_000;
    desk.tells({ kind: 'transfer', code: 'CSD', netCash: cents(1_000_000) });
    desk.start();
    expect(desk.factsOf('DayOpened').at(-1)).toMatchObject({ startEquity: 11_000_000, countedFrom: 'brokerClose' });
    expect(desk.engine.view().breakers.map((breaker) => breaker.breaker)).toContain('dailyLoss');
  });

  it('after days away, without the broker’s word, takes the higher of its last close and the account', () => {
    const away = (equity: number) => {
      const desk = new EngineDesk({ at: atNewYork(MONDAY, '15:30') });
      desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).start();
      desk.pass(7_200);
      desk.now = atNewYork(addDays(MONDAY, 3), '14:00');
      desk.equity = equity;
      desk.start();
      return desk.factsOf('DayOpened').at(-1);
    };
    expect(away(9_000_000)).toMatchObject({ startEquity: 10_000_000, countedFrom: 'ownClose' });
    expect(away(12_000_000)).toMatchObject({ startEquity: 12_000_000, countedFrom: 'firstLook' });
  });

  it('stale market data stops entries', () => {
    const desk = quietDesk();
    desk.quoting = false;
    desk.pass(120);
    expect(gatesOf(sellSpread(desk))).toEqual(expect.arrayContaining(['entriesBlocked', 'quoteAge']));
  });

  it('a jump of the clock takes back what works and asks for the account before anything else', () => {
    const desk = holdingSpread();
    desk.pass(400);
    sellSpread(desk);
    const from = desk.now;
    desk.now = (desk.now + 3_600_000) as typeof desk.now;
    desk.post({ kind: 'clockJumped', at: desk.now, from });
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('ClockJumped')).toHaveLength(1);
    expect(onlyPosition(desk).units).toBe(1);
  });

  it('a clock set back an hour leaves nothing held unwatched: the stop fires within a minute, not within an hour', () => {
    const desk = holdingSpread();
    desk.pass(30);
    const from = desk.now;
    desk.now = (desk.now - 3_600_000) as typeof desk.now;
    desk.post({ kind: 'clockJumped', at: desk.now, from });
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
    desk.pass(61);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({ reason: 'stopLoss' });
    expect(desk.only().request.purpose).toBe('close');
  });

  it('quotes from before the clock was set back do not pass for fresh ones', () => {
    const desk = quietDesk();
    desk.pass(61);
    const from = desk.now;
    desk.quoting = false;
    desk.now = (desk.now - 3_600_000) as typeof desk.now;
    desk.post({ kind: 'clockJumped', at: desk.now, from });
    expect(sellSpread(desk).kind).toBe('refused');
    desk.quoting = true;
    desk.pass(61);
    desk.tick();
    expect(sellSpread(desk).kind).toBe('done');
  });

  it('a strategy switched off is not asked any more, from that moment on', () => {
    const desk = quietDesk({ catalog: [QUIET_STRATEGY] });
    desk.pass(60);
    const before = desk.chainRequests.length;
    expect(before).toBeGreaterThan(0);
    expect(desk.command({ kind: 'setStrategyMode', strategyId: 'quiet', mode: 'off' }).kind).toBe('done');
    desk.pass(120);
    desk.start().pass(120);
    expect(desk.chainRequests).toHaveLength(before);
    desk.command({ kind: 'setStrategyMode', strategyId: 'quiet', mode: 'auto' });
    desk.pass(60);
    expect(desk.chainRequests.length).toBeGreaterThan(before);
    expect(desk.command({ kind: 'setStrategyMode', strategyId: 'nobody', mode: 'off' }).kind).toBe('refused');
  });
});
