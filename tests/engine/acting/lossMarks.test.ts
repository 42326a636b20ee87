import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { cents, isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { quietDesk, sellSpread } from './spread.ts';

const [TUESDAY, FRIDAY, MONDAY, WEDNESDAY] = ['2026-03-10', '2026-03-13', '2026-03-16', '2026-03-18'].map((day) => isoDate(day));
const HOUR = 3_600;

const at = (desk: EngineDesk, day = TUESDAY, time: string): EngineDesk => {
  desk.now = atNewYork(day ?? isoDate('2026-03-10'), time);
  return desk.start().pass(90);
};
const moves = (desk: EngineDesk, dollars: number): void => {
  desk.cash += dollars * 100;
  desk.equity += dollars * 100;
};
const loses = (desk: EngineDesk, to: number): string[] => {
  const lost = desk.equity - to * 100;
  desk.equity -= lost;
  desk.pass(61);
  return desk.engine.view().breakers.map(({ breaker }) => breaker);
};
const tellsOf = (desk: EngineDesk, dollars: number, date = FRIDAY): void =>
  desk.tells({ kind: 'transfer', code: dollars < 0 ? 'CSW' : 'CSD', netCash: cents(dollars * 100), ...(date ? { date } : {}) });
const reset = (desk: EngineDesk, breaker: string) => desk.command({ kind: 'resetBreaker', breaker, reason: 'looked' });
const starts = (desk: EngineDesk) => {
  const { dayStartEquity, weekStartEquity, peakEquity } = desk.engine.view().book;
  return [dayStartEquity, weekStartEquity, peakEquity];
};

describe('money that moved before the broker told of it', () => {
  /** 4,000 leave on Friday and no activity says so; the close holds 96,000. */
  function withdrawnOnFriday(): EngineDesk {
    const desk = quietDesk();
    at(desk, FRIDAY, '10:30');
    moves(desk, -4_000);
    desk.pass(5 * 60);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).toContain('books');
    reset(desk, 'books');
    desk.pass(7.1 * HOUR);
    expect(desk.factsOf('DayClosed').at(-1)).toMatchObject({ date: FRIDAY, equity: 9_600_000 });
    return desk;
  }

  it('leaves the marks of a close that held it alone: told on Monday, day and week still count from 96,000', () => {
    const desk = withdrawnOnFriday();
    tellsOf(desk, -4_000);
    at(desk, MONDAY, '10:30');
    expect(starts(desk)).toEqual([9_600_000, 9_600_000, 9_600_000]);
    expect(loses(desk, 87_500)).toEqual(expect.arrayContaining(['dailyLoss', 'weeklyLoss']));
  });

  it('told after Monday’s first look too', () => {
    const desk = withdrawnOnFriday();
    at(desk, MONDAY, '10:30');
    tellsOf(desk, -4_000);
    desk.pass(61);
    expect(starts(desk)).toEqual([9_600_000, 9_600_000, 9_600_000]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.folded().view().book.dayStartEquity).toBe(9_600_000);
  });

  it('moves them where it left after the close, though it is dated before', () => {
    const desk = quietDesk();
    at(desk, FRIDAY, '10:30').pass(7.1 * HOUR);
    moves(desk, -20_000);
    tellsOf(desk, -20_000);
    at(desk, MONDAY, '10:30');
    expect(starts(desk)).toEqual([8_000_000, 8_000_000, 8_000_000]);
    expect(desk.engine.view().breakers).toEqual([]);
  });

  it('a deposit of 50,000 counts once in the peak: seen in one look and told in the next, no fall from 200,000', () => {
    const desk = quietDesk();
    desk.pass(61);
    moves(desk, 50_000);
    desk.pass(60);
    tellsOf(desk, 50_000, TUESDAY);
    desk.pass(60);
    expect(starts(desk)).toEqual([15_000_000, 15_000_000, 15_000_000]);
    expect(desk.engine.view().breakers).toEqual([]);
  });

  it('a deposit of 40,000 counts once in the peak when fees of a trade change its amount while it waits', () => {
    const desk = quietDesk();
    desk.pass(61);
    moves(desk, 40_000);
    desk.pass(61);
    sellSpread(desk);
    desk.fills();
    desk.pass(300);
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: 3_999_989, classification: 'unknown' }]);
    tellsOf(desk, 40_000, TUESDAY);
    desk.pass(70);
    expect(starts(desk)).toEqual([14_000_000, 14_000_000, 14_000_000]);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).not.toContain('drawdown');
    expect(desk.folded().view().book.peakEquity).toBe(14_000_000);
  });

  it('and when the positions differ meanwhile, so that cash is not compared', () => {
    const desk = quietDesk();
    desk.pass(61);
    moves(desk, 40_000);
    desk.pass(61);
    desk.hold('XYZ', 100);
    desk.pass(6);
    expect(desk.factsOf('Reconciled').at(-1)?.differences).toMatchObject([{ kind: 'position', resolved: false }]);
    desk.hold('XYZ', -100);
    desk.pass(12);
    tellsOf(desk, 40_000, TUESDAY);
    desk.pass(70);
    expect(starts(desk)).toEqual([14_000_000, 14_000_000, 14_000_000]);
    expect(desk.engine.view().breakers.map(({ breaker }) => breaker)).not.toContain('drawdown');
  });

  it('a deposit does not hide the fall before it: 120,000 fell to 105,000, and with 50,000 more the peak is 170,000', () => {
    const desk = quietDesk({ settings: { risk: { maxDailyLossFraction: 0.5, maxWeeklyLossFraction: 0.5 } } });
    desk.equity = 12_000_000;
    desk.pass(61);
    expect(loses(desk, 105_000)).toEqual([]);
    moves(desk, 50_000);
    desk.pass(60);
    tellsOf(desk, 50_000, TUESDAY);
    desk.pass(60);
    expect(starts(desk)[2]).toBe(17_000_000);
  });
});

describe('an account’s first day', () => {
  it('counts from money that came that morning: 25,000 and 100,000 more, 101,000 left trips', () => {
    const desk = new EngineDesk();
    desk.price('XYZ', 100);
    Object.assign(desk, { lastEquity: 2_500_000, equity: 12_500_000, cash: 12_500_000 });
    tellsOf(desk, 100_000, TUESDAY);
    desk.start().pass(120);
    expect(desk.factsOf('DayOpened')).toMatchObject([{ startEquity: 12_500_000, countedFrom: 'brokerClose' }]);
    expect(starts(desk)).toEqual([12_500_000, 12_500_000, 12_500_000]);
    expect(desk.engine.view().cashBook?.cash).toBe(12_500_000);
    expect(loses(desk, 101_000)).toEqual(expect.arrayContaining(['dailyLoss', 'weeklyLoss']));
  });

  it('counts none twice that came before: 100,000 of Friday are in the broker’s close', () => {
    const desk = new EngineDesk({ at: atNewYork(MONDAY ?? isoDate('2026-03-16'), '11:00') });
    desk.price('XYZ', 100);
    Object.assign(desk, { lastEquity: 12_500_000, equity: 12_500_000, cash: 12_500_000 });
    tellsOf(desk, 100_000, FRIDAY);
    desk.start().pass(120);
    expect(starts(desk)).toEqual([12_500_000, 12_500_000, 12_500_000]);
  });
});

describe('the week', () => {
  it('counts from Friday’s own close when its first days had no engine: 100,000, seen on Wednesday at 91,000, trips at 87,000', () => {
    const desk = quietDesk();
    at(desk, FRIDAY, '10:30').pass(7.1 * HOUR);
    desk.equity = 9_100_000;
    desk.lastEquity = 9_100_000;
    at(desk, WEDNESDAY, '10:30');
    expect(starts(desk).slice(0, 2)).toEqual([9_100_000, 10_000_000]);
    expect(loses(desk, 87_000)).toContain('weeklyLoss');
  });

  it('counts from its first look when the close before it is not on record', () => {
    const desk = quietDesk();
    desk.pass(6.6 * HOUR);
    desk.equity = desk.lastEquity = 9_900_000;
    at(desk, WEDNESDAY, '10:30');
    expect(starts(desk).slice(0, 2)).toEqual([9_900_000, 9_900_000]);
  });
});

describe('a reset by the owner', () => {
  const wide = { settings: { risk: { maxDailyLossFraction: 0.9, maxDailyLossDollars: 1_000_000 } } };

  it('of the week’s loss and of the fall from the peak holds: both count from the equity of now', () => {
    const desk = quietDesk(wide);
    desk.pass(61);
    expect(loses(desk, 78_000)).toEqual(expect.arrayContaining(['weeklyLoss', 'drawdown']));
    expect(reset(desk, 'weeklyLoss')).toMatchObject({ message: 'weeklyLoss is reset; it counts from $78000.00 now.' });
    reset(desk, 'drawdown');
    desk.pass(10 * 60);
    expect(desk.engine.view().breakers).toEqual([]);
    expect(desk.factsOf('BreakerReset').map(({ countsFrom }) => countsFrom)).toEqual([7_800_000, 7_800_000]);
    expect(desk.folded().view().book).toMatchObject({ weekStartEquity: 7_800_000, peakEquity: 7_800_000 });
    expect(loses(desk, 71_000)).toEqual(['weeklyLoss']);
  });

  it('is not undone by an activity that explains older money', () => {
    const desk = quietDesk(wide);
    desk.pass(61);
    moves(desk, -25_000);
    desk.pass(5 * 60);
    reset(desk, 'drawdown');
    tellsOf(desk, -25_000, TUESDAY);
    desk.pass(61);
    expect(desk.engine.view().book.peakEquity).toBe(7_500_000);
  });
});
