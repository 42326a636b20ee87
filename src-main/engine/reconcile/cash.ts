import { civilDate, nextTradingDay, sessionOn } from '#domain/market/calendar';
import { type Cents, cents, type Instant, type IsoDate, plusMs } from '#domain/units';
import type { AccountSnapshot, BrokerActivity } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { trip } from '../breakers/protect.ts';
import { beyondFees, type CashBook, isHeld, isSameMoney, type Settlement } from '../state/cashBook.ts';
import { notify, type Turn } from '../turn.ts';
import { lagMs } from './drift.ts';

/** Subject of a difference of the account's cash. */
const CASH = 'cash';
/** Fees and clearing of a day are all told this long before the next day's first look. */
const BEFORE_LOOK_MS = 5 * 60_000;

/** The first look at an account begins its cash book: what it holds now is the broker's word, everything after it is ours to know. */
export function openCashBook(turn: Turn, snapshot: AccountSnapshot): void {
  if (turn.state.cashBook) return;
  turn.emit({ kind: 'CashBookOpened', cash: snapshot.account.cash, source: turn.parts.capabilities.id });
}

/**
 * The account's cash against the cash book, to the cent. Asked where the positions agree. Fees
 * that are not settled leave room for themselves and no more; a day's settlement ({@link settleDays}) closes it. `activities` are those
 * that came with this look.
 */
export function compareCash(turn: Turn, snapshot: AccountSnapshot): readonly Difference[] {
  const book = turn.state.cashBook;
  if (!book) return [];
  const { cash } = snapshot.account;
  const settled = bookSettlements(turn, book, cash);
  const gap = beyondTold(turn, turn.state.cashBook ?? book, cash);
  const since = standsSince(turn, gap);
  if (gap === 0) return settled;
  if (turn.now - since < lagMs(turn)) return [...settled, cashDifference(book.cash, cash, 'unknownCash', false, 'waiting')];
  bookUnknown(turn, gap);
  return [...settled, cashDifference(book.cash, cash, 'unknownCash', true, 'escalated')];
}

/**
 * Contracts that settled in cash: the broker tells the settlement value, our book had the last price that it saw. Put right is the
 * difference of the two and no more, and only where the account's cash agrees better with it: what else moved is not theirs.
 */
function bookSettlements(turn: Turn, book: CashBook, cash: Cents): readonly Difference[] {
  const gap = beyondFees(book, cash);
  const told = [...book.settlements].filter(
    ([symbol, settlement]) => settlement.told !== null && !isHeld(turn.state.positions, symbol),
  );
  if (gap === 0 || told.length === 0) return [];
  const amount = settlementAmount(book, cash, told);
  if (amount === 0) return [];
  turn.emit({
    kind: 'CashBooked',
    amount,
    classification: 'settlementPrice',
    date: civilDate(turn.now),
    subject: CASH,
    detail: told.map(([symbol]) => symbol).join(', '),
    activityIds: [],
  });
  return [cashDifference(book.cash, cash, 'settlementPrice', true, 'booked')];
}

/**
 * theirs - ours, beyond fees and beyond what contracts settled for that the account still shows: told and paid before the holdings
 * follow, it is not unknown, and its clearing books it.
 */
function beyondTold({ state }: Turn, book: CashBook, cash: Cents): Cents {
  const gap = beyondFees(book, cash);
  const ahead = [...book.settlements].reduce(
    (sum, [symbol, { told }]) => (told !== null && isHeld(state.positions, symbol) ? sum + told : sum),
    0,
  );
  const beyond = beyondFees(book, cents(cash - ahead));
  return Math.abs(beyond) < Math.abs(gap) ? beyond : gap;
}

/** What was told less what was booked; where an older journal does not say what was, as much of the gap as was told at most. */
function settlementAmount(book: CashBook, cash: Cents, told: readonly (readonly [string, Settlement])[]): Cents {
  const known = told.reduce((sum, [, { told, booked }]) => (booked === null ? sum : sum + (told ?? 0) - booked), 0);
  const room = told.reduce((sum, [, { told, booked }]) => (booked === null ? sum + Math.abs(told ?? 0) : sum), 0);
  const rest = beyondFees(book, cents(cash - known));
  const amount = known + Math.max(-room, Math.min(room, rest));
  const left = beyondFees(book, cents(cash - amount));
  return cents(Math.abs(left) < Math.abs(beyondFees(book, cash)) ? amount : 0);
}

/** Since when the same amount stands between the two: an account's cash may come after its holdings, an activity after its cash. */
function standsSince(turn: Turn, gap: Cents): Instant {
  const known = turn.present.cashGap;
  if (known?.amount === gap && known.since <= turn.now) return known.since;
  turn.present.cashGap = { amount: gap, since: turn.now };
  return turn.now;
}

/** Nobody can say where it came from: booked, so that the next difference is seen, and told; a large one stops entries. */
function bookUnknown(turn: Turn, amount: Cents): void {
  turn.emit({
    kind: 'CashBooked',
    amount,
    classification: 'unknown',
    date: civilDate(turn.now),
    subject: CASH,
    detail: 'the account’s cash moved and no activity tells why',
    activityIds: [],
  });
  escalate(turn, CASH, amount, `${dollars(amount)} moved in the account and nobody can say why`);
}

/** What the journal cannot account for is told; beyond the owner's amount entries stop until he has looked. */
export function escalate(turn: Turn, subject: string, amount: Cents | null, text: string): void {
  const limit = turn.settings.failsafe.unknownCashDollars * 100;
  if (amount !== null && Math.abs(amount) < limit) return notify(turn, 'breach', 'The books differ', text, true);
  trip(
    turn,
    'books',
    {
      gate: 'books',
      passed: false,
      value: amount === null ? 1 : Math.abs(amount),
      limit: amount === null ? 0 : limit,
      unit: amount === null ? 'differences' : 'cents',
      note: subject,
    },
    `${text}: no new entries until the owner has looked`,
  );
}

/** Takes back an unknown amount that an activity tells of now; answers whether there was one. */
export function explainLater(turn: Turn, activity: BrokerActivity): boolean {
  const known = turn.state.cashBook?.unknown.find((landing) => isSameMoney(landing, activity.netCash));
  if (!known) return false;
  turn.emit({
    kind: 'CashBooked',
    amount: cents(-known.amount),
    classification: 'explainedLater',
    date: activity.date,
    subject: CASH,
    detail: `${activity.code} tells of it`,
    activityIds: [activity.activityId],
  });
  return true;
}

/** Days before today of which the broker has said everything by now, oldest first. */
export function daysToSettle(turn: Turn): readonly IsoDate[] {
  const book = turn.state.cashBook;
  if (!book || book.fees.size === 0) return [];
  return [...book.fees.keys()].filter((date) => isToldOf(turn, date)).sort();
}

function isToldOf(turn: Turn, date: IsoDate): boolean {
  const open = sessionOn(nextTradingDay(date))?.open;
  const lead = turn.settings.failsafe.dayOpenLeadMinutes * 60_000 + BEFORE_LOOK_MS;
  return date < civilDate(turn.now) && open !== undefined && turn.now >= plusMs(open, -lead);
}

export function cashDifference(
  ours: Cents,
  theirs: Cents,
  classification: string,
  resolved: boolean,
  ended: NonNullable<Difference['ended']>,
): Difference {
  return { kind: 'cash', subject: CASH, ours: dollars(ours), theirs: dollars(theirs), classification, resolved, ended };
}

export function dollars(amount: number): string {
  return `${amount < 0 ? '-' : ''}$${(Math.abs(amount) / 100).toFixed(2)}`;
}
