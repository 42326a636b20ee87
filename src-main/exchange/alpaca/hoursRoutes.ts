import { addDays, civilDate, isTradingDay, nextSession, nextTradingDay, sessionAt, sessionOn } from '#domain/market/calendar';
import { isoDate } from '#domain/units';
import type { Exchange } from '../exchangeApi.ts';
import { isoNanos } from './format.ts';
import { dateIn, ok, type Route } from './route.ts';

/** The clock and the calendar of sessions, in both of Alpaca's versions. */
export function hoursRoutes(exchange: Exchange): Route[] {
  return [
    { method: 'GET', pattern: /^\/v2\/clock$/, answer: () => ok(clockJson(exchange)) },
    {
      method: 'GET',
      pattern: /^\/v3\/clock$/,
      answer: () => ok({ clocks: ['NYSE', 'OPRA'].map((market_) => ({ market: { acronym: market_ }, ...clockJson(exchange) })) }),
    },
    { method: 'GET', pattern: /^\/v2\/calendar$/, answer: ({ query }) => ok(calendarDays(query)) },
    {
      method: 'GET',
      pattern: /^\/v3\/calendar\/([^/]+)$/,
      answer: ({ path, query }) => ok({ market: { acronym: path[0] }, calendar: calendarDays(query) }),
    },
  ];
}

function clockJson(exchange: Exchange): Record<string, unknown> {
  const now = exchange.now();
  const open = sessionAt(now);
  const today = sessionOn(civilDate(now));
  const upcoming = today && now < today.open ? today : nextSession(now);
  return {
    timestamp: isoNanos(now),
    is_open: open !== null,
    next_open: isoNanos(upcoming.open),
    next_close: isoNanos((open ?? upcoming).close),
  };
}

function calendarDays(query: URLSearchParams): readonly Record<string, unknown>[] {
  const start = dateIn(query, 'start') ?? isoDate('2026-01-01');
  const end = dateIn(query, 'end') ?? addDays(start, 365);
  const days: Record<string, unknown>[] = [];
  for (let day = isTradingDay(start) ? start : nextTradingDay(start); day <= end; day = nextTradingDay(day)) {
    const early = sessionOn(day)?.earlyClose ?? false;
    days.push({
      date: day,
      open: '09:30',
      close: early ? '13:00' : '16:00',
      session_open: '0400',
      session_close: early ? '1700' : '2000',
      settlement_date: nextTradingDay(day),
    });
  }
  return days;
}
