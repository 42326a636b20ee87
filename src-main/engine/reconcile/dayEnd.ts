import { type Cents, cents, type IsoDate } from '#domain/units';
import type { AccountSnapshot } from '#ports/broker';
import type { CashStatement, Difference } from '#ports/facts';
import type { CashBook } from '../state/cashBook.ts';
import type { Turn } from '../turn.ts';
import { daysToSettle, dollars, escalate } from './cash.ts';
import { isUntold } from './fillPrices.ts';

/**
 * The session's day against the broker's record: fills by symbol, fees, clearing and cash. After the close fees and clearing may
 * still be our estimates; where the broker tells them at once the day is settled at once.
 */
export function reconcileDay(turn: Turn, snapshot: AccountSnapshot, found: readonly Difference[]): void {
  const { state, parts } = turn;
  const date = state.day?.date;
  if (!state.cashBook || !date || state.day?.closed) return;
  const fills = unconfirmedFills(turn);
  if (parts.capabilities.reportsAssignmentSameDay) return settle(turn, snapshot, date, [...found, ...fills]);
  emitDay(turn, snapshot, date, 'close', [...found, ...fills]);
}

/** Days that the broker has told all of by now: fees to the cent. */
export function settleDays(turn: Turn, snapshot: AccountSnapshot): void {
  for (const date of daysToSettle(turn)) settle(turn, snapshot, date, []);
}

function settle(turn: Turn, snapshot: AccountSnapshot, date: IsoDate, found: readonly Difference[]): void {
  const differences = [...found, ...settleFees(turn, date, snapshot.account.cash)];
  emitDay(turn, snapshot, date, 'settled', differences);
}

/** The broker's fees of a day stand: what we booked by the schedule is put right by their difference. Cents of both sides. */
function settleFees(turn: Turn, date: IsoDate, cash: Cents): Difference[] {
  const fees = turn.state.cashBook?.fees.get(date);
  if (!fees || fees.booked === fees.charged) return [];
  const base = { kind: 'activity', subject: 'fees', ours: dollars(fees.booked), theirs: dollars(fees.charged) } as const;
  // Taken without a word: the cash itself says that our figure is right.
  if (fees.charged === 0 && cash === turn.state.cashBook?.cash)
    return [{ ...base, classification: 'feesNotTold', resolved: true, ended: 'explained' }];
  turn.emit({
    kind: 'CashBooked',
    amount: cents(fees.booked - fees.charged),
    classification: 'feesDiffer',
    date,
    subject: 'fees',
    detail: `${dollars(fees.charged)} charged, ${dollars(fees.booked)} by the schedule`,
    activityIds: [],
  });
  return [{ ...base, classification: 'feesDiffer', resolved: true, ended: 'booked' }];
}

/** Fills that only one side tells of, by symbol: for the owner. */
function unconfirmedFills(turn: Turn): Difference[] {
  const gaps = [...(turn.state.cashBook?.fillGaps ?? [])].filter(([, gap]) => gap.contracts !== 0 || isUntold(gap));
  return gaps.map(([symbol, gap]) => {
    const classification = gap.theirs > gap.ours ? 'fillMissingHere' : 'fillMissingThere';
    escalate(turn, symbol, null, `${symbol}: ${gap.theirs} contracts in the broker’s executions, ${gap.ours} in ours`);
    return {
      kind: 'activity',
      subject: symbol,
      ours: String(gap.ours),
      theirs: String(gap.theirs),
      classification,
      resolved: false,
      ended: 'escalated',
    };
  });
}

function emitDay(
  turn: Turn,
  snapshot: AccountSnapshot,
  date: IsoDate,
  stage: 'close' | 'settled',
  differences: readonly Difference[],
): void {
  const book = turn.state.cashBook;
  if (!book) return;
  const fees = book.fees.get(date);
  const isTold = stage === 'settled' || (fees?.charged ?? 0) !== 0;
  turn.emit({
    kind: 'DayReconciled',
    date,
    stage,
    compared: {
      fills: book.day.ownFills,
      brokerFills: book.day.brokerFills,
      positions: snapshot.positions.length,
      activities: book.day.told,
    },
    cash: statementOf(book, snapshot.account.cash),
    feesBooked: fees?.booked ?? cents(0),
    feesCharged: isTold ? (fees?.charged ?? cents(0)) : null,
    differences,
  });
}

/** The day's cash, cause by cause. */
export function statementOf({ day, cash }: CashBook, theirs: Cents): CashStatement {
  const { opening, fills, fees, elsewhere, clearing, activities, corrections } = day;
  return { opening, fills, fees, elsewhere, clearing, activities, corrections, ours: cash, theirs };
}
