import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  atNewYork,
  civilDate,
  daysBetween,
  daysToExpiration,
  isTradingDay,
  newYorkTime,
  nextSession,
  previousTradingDay,
  sessionAt,
  sessionOn,
  thirdFriday,
  tradingDaysBetween,
  weekday,
  yearsToExpiration,
} from '#domain/market/calendar';
import { instant, isoDate } from '#domain/units';

const referenceFolder = process.env['STRIKEDESK_REFERENCE_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
const at = (text: string) => instant(Date.parse(text));

describe('the trading calendar', () => {
  it('agrees with every recorded NYSE session from 1990 to 2023', () => {
    const file = join(referenceFolder, 'rates_calendar/xnys_sessions_open_close_utc.csv');
    if (!existsSync(file)) {
      console.log('skipped: no reference data');
      expect(isTradingDay(isoDate('2022-06-20'))).toBe(false);
      return;
    }
    const recorded = new Map<string, string>();
    for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
      const [day = '', open = '', close = ''] = line.split(',');
      recorded.set(day.slice(0, 10), `${Date.parse(open)} ${Date.parse(close)}`);
    }
    const differences: string[] = [];
    for (let day = isoDate('1990-01-01'); day <= '2023-01-13'; day = addDays(day, 1)) {
      const session = sessionOn(day);
      const computed = session ? `${session.open} ${session.close}` : undefined;
      if (computed !== recorded.get(day)) differences.push(`${day}: computed ${computed}, recorded ${recorded.get(day)}`);
    }
    expect(recorded.size).toBe(8324);
    expect(differences).toEqual([]);
  });

  it('knows the closings of 2025 and 2026', () => {
    const closed = [
      '2025-01-09',
      '2026-01-01',
      '2026-01-19',
      '2026-02-16',
      '2026-04-03',
      '2026-05-25',
      '2026-06-19',
      '2026-07-03',
      '2026-09-07',
      '2026-11-26',
      '2026-12-25',
    ];
    expect(closed.filter((day) => isTradingDay(isoDate(day)))).toEqual([]);
    expect(sessionOn(isoDate('2026-11-27'))?.close).toBe(at('2026-11-27T18:00:00Z'));
    expect(sessionOn(isoDate('2026-12-24'))?.earlyClose).toBe(true);
    expect(sessionOn(isoDate('2026-07-02'))?.earlyClose).toBe(false);
  });

  it('opens at 14:30 UTC in winter and 13:30 UTC in summer, and changes on the right Sundays', () => {
    expect(sessionOn(isoDate('2026-03-06'))?.open).toBe(at('2026-03-06T14:30:00Z'));
    expect(sessionOn(isoDate('2026-03-09'))?.open).toBe(at('2026-03-09T13:30:00Z'));
    expect(sessionOn(isoDate('2026-10-30'))?.open).toBe(at('2026-10-30T13:30:00Z'));
    expect(sessionOn(isoDate('2026-11-02'))?.open).toBe(at('2026-11-02T14:30:00Z'));
    expect(sessionOn(isoDate('2006-04-03'))?.open).toBe(at('2006-04-03T13:30:00Z'));
    expect(newYorkTime(at('2026-03-08T06:59:59Z'))).toEqual({ date: '2026-03-08', minutes: 119 });
    expect(newYorkTime(at('2026-03-08T07:00:00Z'))).toEqual({ date: '2026-03-08', minutes: 180 });
  });

  it('agrees with the platform about New York at any instant from 1988 to 2037', () => {
    const platform = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'America/New_York',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1988, 0, 2), max: Date.UTC(2037, 11, 30) }), (ms) => {
        const mine = newYorkTime(instant(ms));
        const hhmm = `${String(Math.floor(mine.minutes / 60)).padStart(2, '0')}:${String(mine.minutes % 60).padStart(2, '0')}`;
        expect(`${mine.date}, ${hhmm}`).toBe(platform.format(ms));
        const back = atNewYork(mine.date, hhmm);
        expect([0, 3_600_000]).toContain(Math.floor(ms / 60_000) * 60_000 - back);
      }),
      { numRuns: 2000 },
    );
  });

  it('adds and counts days consistently, and sessions lie on trading days', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 20_000 }), fc.integer({ min: -800, max: 800 }), (start, n) => {
        const from = addDays(isoDate('1995-01-01'), start);
        const to = addDays(from, n);
        expect(daysBetween(from, to)).toBe(n);
        expect((weekday(from) + (((n % 7) + 7) % 7)) % 7).toBe(weekday(to));
        expect(tradingDaysBetween(from, to)).toBe(0 - tradingDaysBetween(to, from));
        expect(isTradingDay(previousTradingDay(from))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the session in progress and the next one', () => {
    expect(sessionAt(at('2026-01-05T14:30:00Z'))?.date).toBe('2026-01-05');
    expect(sessionAt(at('2026-01-05T21:00:00Z'))).toBeNull();
    expect(nextSession(at('2026-01-05T14:29:59Z')).date).toBe('2026-01-05');
    expect(nextSession(at('2026-01-05T14:30:00Z')).date).toBe('2026-01-06');
    expect(nextSession(at('2026-01-16T22:00:00Z')).date).toBe('2026-01-20');
    expect(tradingDaysBetween(isoDate('2026-01-16'), isoDate('2026-01-20'))).toBe(1);
  });

  it('counts time to expiration', () => {
    expect(thirdFriday(2026, 1)).toBe('2026-01-16');
    expect(thirdFriday(2026, 5)).toBe('2026-05-15');
    expect(daysToExpiration(at('2026-01-05T03:00:00Z'), isoDate('2026-01-16'))).toBe(12);
    expect(daysToExpiration(isoDate('2026-01-16'), isoDate('2026-01-16'))).toBe(0);
    expect(yearsToExpiration(at('2026-01-05T21:00:00Z'), at('2027-01-05T21:00:00Z'))).toBe(1);
    expect(yearsToExpiration(at('2026-01-05T21:00:01Z'), at('2026-01-05T21:00:00Z'))).toBe(60_000 / (365 * 86_400_000));
    expect(civilDate(at('2026-01-06T04:59:00Z'))).toBe('2026-01-05');
  });
});
