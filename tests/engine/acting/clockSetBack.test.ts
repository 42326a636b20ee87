import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

const MONTHS_LATER = atNewYork(isoDate('2027-02-03'), '20:00');
const MONDAY = atNewYork(isoDate('2026-03-09'), '11:00');
const HOUR = 3_600_000;

/** The last row of the journal is of next year: another market went 60 times as fast. */
function aheadOfTime() {
  const desk = holdingSpread();
  desk.facts.push({ at: MONTHS_LATER, fact: { kind: 'SessionEnded', reason: 'quit' } });
  return desk;
}

describe('a journal that goes on to a later instant than the clock', () => {
  it('leaves what is held managed: the price falls, and the stop fires within a minute, on record and told', () => {
    const desk = aheadOfTime().start();
    expect(desk.factsOf('ClockJumped')).toEqual([{ kind: 'ClockJumped', from: MONTHS_LATER, to: desk.now }]);
    expect(desk.notes).toContain('The clock was set back');
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4).pass(61);
    expect(desk.factsOf('ExitTriggered')[0]).toMatchObject({ reason: 'stopLoss' });
    expect(desk.only().request.purpose).toBe('close');
  });

  it('lets the owner close: the market is open by the clock that is', () => {
    const desk = aheadOfTime().start();
    const { positionId } = onlyPosition(desk);
    expect(desk.command({ kind: 'closePosition', positionId, contracts: 1, netLimit: null }).kind).toBe('done');
  });

  it('is told once: the next start goes on from there', () => {
    const desk = aheadOfTime().start().pass(60);
    desk.start().pass(60);
    expect(desk.factsOf('ClockJumped')).toHaveLength(1);
    expect(desk.folded().view().positions).toHaveLength(1);
  });

  it('keeps an order that works from being forgotten: what the account does not show is looked up in its time', () => {
    const desk = quietDesk();
    desk.submission = 'silent';
    sellSpread(desk);
    desk.orders.clear();
    desk.now = MONDAY;
    desk.start().pass(300);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
  });

  it('makes no duplicate young enough, no day’s count smaller and no breaker of the day go away', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.fills();
    const { ordersToday } = desk.engine.riskBook();
    const gate = { gate: 'errors', passed: false, value: 5, limit: 5, unit: 'count' } as const;
    desk.facts.push({
      at: desk.now,
      fact: { kind: 'BreakerTripped', breaker: 'errors', severity: 'high', gate, action: 'stop' },
    });
    desk.now = MONDAY;
    desk.start().pass(5);
    const book = desk.engine.riskBook();
    expect(desk.factsOf('DayOpened').at(-1)).toMatchObject({ date: '2026-03-09' });
    expect(ordersToday).toBeGreaterThan(0);
    expect(book.ordersToday).toBe(ordersToday);
    expect(book.recentSends.every(({ at }) => at <= desk.now)).toBe(true);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toContain('errors');
    const again = sellSpread(desk);
    expect(again.kind === 'refused' ? again.reasons.map((reason) => reason.gate) : []).toContain('duplicate');
  });

  it.each([
    ['was over', -1],
    ['had an hour left', 1],
  ])('ends the owner’s leave that %s: it is asked for anew', (_, hours) => {
    const desk = quietDesk({ mode: 'live' });
    const arming = { account: 'PA1', build: 'test', ceilingDollars: 1_000, at: desk.now, until: plusMs(desk.now, hours * HOUR) };
    const armed: JournalFact = { kind: 'LiveArmed', arming: { ...arming, by: 'owner' }, evidence: [] };
    desk.facts.push({ at: desk.now, fact: armed });
    desk.now = plusMs(desk.now, -2 * HOUR);
    desk.start();
    expect(desk.factsOf('LiveDisarmed')).toMatchObject([{ reason: 'the clock was set back', by: 'engine' }]);
    expect(desk.engine.view().arming).toBeNull();
  });

  it('by less than a second is no set-back', () => {
    const desk = holdingSpread();
    desk.now = plusMs(desk.now, -900);
    desk.start();
    expect(desk.factsOf('ClockJumped')).toEqual([]);
  });
});
