import { civilDate, previousTradingDay } from '#domain/market/calendar';
import { type Cents, cents, type Instant, type IsoDate } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import type { AccountBook } from './accountBook.ts';
import type { Landing } from './cashBook.ts';
import { weekOf } from './week.ts';

/** Which money that came or went a figure of the equity already holds: what was seen in the account by then, or is dated so. */
export type Holds = { readonly by: 'look'; readonly at: Instant } | { readonly by: 'date'; readonly date: IsoDate };

/** The day begins, and with its first session the week: each counts from the last close before it. */
export function dayMarks(
  { lastClose, weekStart }: AccountBook,
  { date, startEquity, countedFrom }: Extract<JournalFact, { kind: 'DayOpened' }>,
  at: Instant,
): { readonly startHolds: Holds; readonly weekStart: NonNullable<AccountBook['weekStart']> } {
  const week = weekOf(date);
  const close: Holds | null = lastClose && { by: 'look', at: lastClose.at };
  const startHolds: Holds =
    countedFrom === 'brokerClose'
      ? { by: 'date', date: previousTradingDay(date) }
      : ((countedFrom === 'ownClose' ? close : null) ?? { by: 'look', at });
  if (weekStart?.week === week) return { startHolds, weekStart };
  // A week whose first days no engine saw counts from the close before it all the same.
  const isBefore = lastClose !== null && close !== null && lastClose.date === previousTradingDay(week);
  const start = isBefore ? { equity: lastClose.equity, holds: close } : { equity: startEquity, holds: startHolds };
  return { startHolds, weekStart: { week, ...start } };
}

/**
 * Money moved in or out is neither a profit nor a loss: each mark that a loss limit counts from moves with it, unless it was taken
 * when the money was there (or gone) already. `landing`: where the account's cash showed it before the broker told of it.
 */
export function moveMarks(state: AccountBook, { date, netCash }: BrokerActivity, landing: Landing | null): void {
  const isIn = (holds: Holds): boolean =>
    holds.by === 'date' ? date <= holds.date : landing !== null && landing.since <= holds.at;
  const moved = (equity: Cents, holds: Holds): Cents => (isIn(holds) ? equity : cents(equity + netCash));
  if (state.day) state.day = { ...state.day, startEquity: moved(state.day.startEquity, state.day.startHolds) };
  if (state.weekStart) state.weekStart = { ...state.weekStart, equity: moved(state.weekStart.equity, state.weekStart.holds) };
  if (state.lastClose)
    state.lastClose = { ...state.lastClose, equity: moved(state.lastClose.equity, { by: 'look', at: state.lastClose.at }) };
  if (state.peak) state.peak = movedPeak(state.peak, netCash, landing);
}

/** A peak that was reached with the money in it stays, but is no lower than the one before it with the money added. */
function movedPeak(peak: NonNullable<AccountBook['peak']>, netCash: Cents, landing: Landing | null): AccountBook['peak'] {
  if (landing === null || peak.at < landing.since) return { ...peak, equity: cents(peak.equity + netCash) };
  const before = landing.peak === null ? peak.equity : landing.peak + netCash;
  return { ...peak, equity: cents(Math.max(peak.equity, before)) };
}

/** The owner has looked at a fall or at a lost week and lets it go on: both count from the equity of now. */
export function restartMark(state: AccountBook, breaker: string, equity: Cents, at: Instant): void {
  if (breaker === 'drawdown') {
    state.peak = { equity, at };
    const book = state.cashBook;
    const forget = <T extends { readonly peak: Cents | null }>(landing: T): T => ({ ...landing, peak: null });
    if (book) state.cashBook = { ...book, waiting: book.waiting && forget(book.waiting), unknown: book.unknown.map(forget) };
  }
  if (breaker === 'weeklyLoss') state.weekStart = { week: weekOf(civilDate(at)), equity, holds: { by: 'look', at } };
}
