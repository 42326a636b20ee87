import { civilDate } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Position } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import { type Cents, cashOf, cents, type Instant, type IsoDate } from '#domain/units';
import type { BrokerActivity, LegFill } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import { symbolOf } from '../risk/combinationQuote.ts';
import {
  beyondFees,
  type CashBook,
  type DayCash,
  type DayFees,
  dayCash,
  type FillGap,
  feeRoom,
  isHeld,
  isSameMoney,
  type Landing,
  openedCashBook,
  type Settlement,
} from './cashBook.ts';
import type { EngineState } from './engineState.ts';
import { moveMarks } from './marks.ts';
import { keyOf } from './orderRecord.ts';

/** Days of transfers kept: longer than the longest closing. */
const TRANSFER_DAYS_KEPT = 20;

/** The cash book, fact by fact. Comes before the positions' own fold: what moves cash is the change against what was held. */
export function applyCash(state: EngineState, fact: JournalFact, at: Instant): void {
  if (fact.kind === 'CashBookOpened') {
    state.cashBook = openedCashBook(fact.cash, at, state.day?.date ?? null);
    return;
  }
  const book = state.cashBook;
  if (!book) {
    // The first look finds the money in the account already. Only the broker's word on yesterday's close is without it.
    if (fact.kind === 'ActivityBooked' && fact.activity.kind === 'transfer') noteTransfer(state, fact.activity);
    return;
  }
  switch (fact.kind) {
    case 'DayOpened':
      state.cashBook = { ...book, day: dayCash(fact.date, book.cash) };
      return;
    case 'OrderReported':
      state.cashBook = withOwnFill(state, book, fact);
      return;
    case 'PositionOpened':
      state.cashBook = withPosition(book, undefined, fact.position, causeOfOpening(fact.position), at);
      return;
    case 'PositionChanged': {
      const held = state.positions.get(fact.position.positionId);
      const changed = withPosition(book, held, fact.position, causeOfChange(fact.why), at);
      state.cashBook = (fact.settled ?? []).reduce(
        (all, { symbol, cash }) => withSettlement(all, symbol, { booked: cash }),
        changed,
      );
      return;
    }
    case 'ActivityBooked':
      state.cashBook = withActivity(book, fact.activity, fact.positionId, civilDate(at));
      if (fact.activity.kind === 'transfer') takeTransfer(state, fact.activity, landingOf(book, fact.activity));
      return;
    case 'CashBooked':
      state.cashBook = withCorrection(state, book, fact, at);
      return;
    case 'Reconciled':
      state.cashBook = { ...book, waiting: waitingOf(state, book, fact, at) };
      return;
    case 'DayReconciled':
      if (fact.stage === 'settled') state.cashBook = settled(state, book, fact.date, civilDate(at));
      return;
  }
}

type Cause = 'fills' | 'elsewhere' | 'clearing' | 'activities';

function causeOfOpening(position: Position): Cause {
  if (position.strategyId === 'external') return 'elsewhere';
  return position.tags.includes('assigned') && position.decisionId === null ? 'clearing' : 'fills';
}

function causeOfChange(why: string): Cause {
  if (why === 'closed elsewhere') return 'elsewhere';
  if (why === 'dividend') return 'activities';
  return why === 'expired' || why === 'assigned' || why === 'exercised' || why === 'called away' ? 'clearing' : 'fills';
}

/** Our execution, to be confirmed by the broker's activity. One that found no position is not booked: the account tells it. */
function withOwnFill(state: EngineState, book: CashBook, fact: Extract<JournalFact, { kind: 'OrderReported' }>): CashBook {
  const record = state.orders.get(keyOf(fact.intentId, fact.attempt));
  if (fact.report.kind !== 'orderFilled' || !record) return book;
  if (record.request.purpose === 'close' && !state.positions.has(record.positionId)) return book;
  const fillGaps = new Map(book.fillGaps);
  for (const leg of fact.report.legs) addFill(fillGaps, leg.symbol, -leg.contracts, cents(-cashOfLeg(record.legs, leg)), 'ours');
  return { ...book, fillGaps, day: { ...book.day, ownFills: book.day.ownFills + fact.report.legs.length } };
}

function cashOfLeg(legs: readonly Leg[], { symbol, price, contracts }: LegFill): Cents {
  const leg = legs.find((candidate) => symbolOf(candidate) === symbol);
  return cents(-cashOf(price, leg?.kind === 'option' ? leg.contract.multiplier : 1, contracts));
}

function addFill(gaps: Map<string, FillGap>, symbol: string, contracts: number, cash: Cents, side: 'ours' | 'theirs'): void {
  const known = gaps.get(symbol) ?? { contracts: 0, cash: cents(0), ours: 0, theirs: 0 };
  const next = {
    contracts: known.contracts + contracts,
    cash: cents(known.cash + cash),
    ours: known.ours + (side === 'ours' ? Math.abs(contracts) : 0),
    theirs: known.theirs + (side === 'theirs' ? Math.abs(contracts) : 0),
  };
  if (next.contracts === 0 && next.cash === 0) gaps.delete(symbol);
  else gaps.set(symbol, next);
}

/** The change of a position's cash and fees is the change of the account's. */
function withPosition(book: CashBook, held: Position | undefined, next: Position, cause: Cause, at: Instant): CashBook {
  const cash = cents(next.cashFlow - (held?.cashFlow ?? 0));
  const fees = cents(next.fees - (held?.fees ?? 0));
  if (cause !== 'elsewhere') return withCash(book, cause, cash, fees, at);
  // A trade of another hand moved cash only where the broker's own fills tell of it: a holding found at the first look was paid before.
  const fillGaps = new Map(book.fillGaps);
  const moved = movedLegs(held, next);
  for (const { symbol, contracts } of moved) {
    const told = fillGaps.get(symbol);
    if (!told || Math.sign(told.contracts) !== Math.sign(contracts) || Math.abs(told.contracts) < Math.abs(contracts))
      return book;
    addFill(fillGaps, symbol, -contracts, cents(-cash), 'ours');
  }
  return withCash({ ...book, fillGaps }, cause, cash, fees, at);
}

function movedLegs(held: Position | undefined, next: Position): { symbol: string; contracts: number }[] {
  const quantities = new Map(next.legs.map((leg) => [leg.symbol, leg.quantity]));
  for (const leg of held?.legs ?? []) quantities.set(leg.symbol, (quantities.get(leg.symbol) ?? 0) - leg.quantity);
  return [...quantities].flatMap(([symbol, contracts]) => (contracts === 0 ? [] : [{ symbol, contracts }]));
}

function withCash(book: CashBook, cause: Cause, cash: Cents, fees: Cents, at: Instant): CashBook {
  const day: DayCash = { ...book.day, [cause]: cents(book.day[cause] + cash), fees: cents(book.day.fees - fees) };
  const executed = (cause === 'fills' || cause === 'elsewhere') && (cash !== 0 || fees !== 0);
  return {
    ...book,
    cash: cents(book.cash + cash - fees),
    day,
    fees: executed ? withFees(book.fees, civilDate(at), { booked: fees, charged: cents(0), executions: 1 }) : book.fees,
  };
}

function withFees(all: CashBook['fees'], date: IsoDate, more: DayFees): CashBook['fees'] {
  const known = all.get(date);
  return new Map(all).set(date, {
    booked: cents((known?.booked ?? 0) + more.booked),
    charged: cents((known?.charged ?? 0) + more.charged),
    executions: (known?.executions ?? 0) + more.executions,
  });
}

/** What the broker tells: fills and clearing confirm ours, fees wait for the day's settlement, the rest is cash. */
function withActivity(book: CashBook, activity: BrokerActivity, positionId: string | null, toldOn: IsoDate): CashBook {
  const { kind, symbol, netCash, quantity, date } = activity;
  const next = { ...book, day: { ...book.day, told: book.day.told + 1 } };
  switch (kind) {
    case 'fill': {
      const fillGaps = new Map(book.fillGaps);
      if (symbol !== null) addFill(fillGaps, symbol, quantity, netCash, 'theirs');
      return { ...next, fillGaps, day: { ...next.day, brokerFills: next.day.brokerFills + 1 } };
    }
    case 'fee':
      return { ...next, fees: withFees(book.fees, date, { booked: cents(0), charged: cents(-netCash), executions: 0 }) };
    case 'exercise':
    case 'assignment':
    case 'expiration':
    case 'optionTrade':
      if (settlesInCash(activity)) return withSettlement(next, activity.symbol, { told: netCash, toldOn });
      // What clearing did is in the positions by now; these confirm it (`applyClearings.ts`).
      return next;
    case 'dividend':
      // Booked with the position that it belongs to, by a fact of its own.
      return positionId !== null ? next : moved(next, netCash);
    case 'interest':
    case 'transfer':
    case 'other':
      return moved(next, netCash);
  }
}

/** A contract that settled in cash: the money is in this row, and no shares follow. */
function settlesInCash(activity: BrokerActivity): activity is BrokerActivity & { readonly symbol: string } {
  return (
    activity.kind !== 'expiration' &&
    activity.netCash !== 0 &&
    activity.symbol !== null &&
    parseOccSymbol(activity.symbol) !== null
  );
}

function withSettlement(
  book: CashBook,
  symbol: string,
  more: { readonly booked: Cents } | { readonly told: Cents; readonly toldOn: IsoDate },
): CashBook {
  const known = book.settlements.get(symbol) ?? { booked: null, told: null, toldOn: null };
  const next: Settlement =
    'told' in more
      ? { ...known, told: cents((known.told ?? 0) + more.told), toldOn: more.toldOn }
      : { ...known, booked: cents((known.booked ?? 0) + more.booked) };
  return { ...book, settlements: new Map(book.settlements).set(symbol, next) };
}

function moved(book: CashBook, netCash: Cents): CashBook {
  return {
    ...book,
    cash: cents(book.cash + netCash),
    day: { ...book.day, activities: cents(book.day.activities + netCash) },
  };
}

function takeTransfer(state: EngineState, activity: BrokerActivity, landing: Landing | null): void {
  moveMarks(state, activity, landing);
  noteTransfer(state, activity);
}

function noteTransfer(state: EngineState, { date, netCash }: BrokerActivity): void {
  state.transfers.set(date, cents((state.transfers.get(date) ?? 0) + netCash));
  for (const [oldest] of state.transfers) if (state.transfers.size > TRANSFER_DAYS_KEPT) state.transfers.delete(oldest);
}

/** Where the account's cash showed the money before this activity told of it; null: it is told in the look that shows it. */
function landingOf({ explained, waiting }: CashBook, { activityId, netCash }: BrokerActivity): Landing | null {
  if (explained?.activityId === activityId) return explained;
  return waiting !== null && isSameMoney(waiting, netCash) ? waiting : null;
}

/** A difference of the cash that this look leaves open, since the first look that showed the same money. */
function waitingOf(
  state: EngineState,
  book: CashBook,
  { differences, cash }: Extract<JournalFact, { kind: 'Reconciled' }>,
  at: Instant,
): Landing | null {
  // While the positions differ the cash is not compared: what waited waits on.
  if (differences.some(({ kind, resolved }) => kind === 'position' && !resolved)) return book.waiting;
  if (!differences.some(({ kind, ended }) => kind === 'cash' && ended === 'waiting')) return null;
  return landingAs(state, book, beyondFees(book, cash), at);
}

/** Fees that come or settle meanwhile change the amount by cents: within the room of both it is still the money that waited. */
function landingAs(state: EngineState, book: CashBook, amount: Cents, at: Instant): Landing {
  const next = landed(state, book, amount, at);
  const { waiting } = book;
  if (waiting === null || !isSameMoney({ ...waiting, room: waiting.room + next.room }, amount)) return next;
  return { ...next, since: waiting.since, peak: waiting.peak };
}

function landed({ peak }: EngineState, book: CashBook, amount: Cents, since: Instant): Landing {
  const { most, least } = feeRoom(book);
  return { amount, since, room: most - least, peak: peak?.equity ?? null };
}

function withCorrection(
  state: EngineState,
  book: CashBook,
  fact: Extract<JournalFact, { kind: 'CashBooked' }>,
  at: Instant,
): CashBook {
  const { amount, classification, subject, activityIds } = fact;
  const fillGaps = new Map(book.fillGaps);
  if (classification === 'priceDiffers' || classification === 'tradedElsewhere') fillGaps.delete(subject);
  const seen = landingAs(state, book, amount, at);
  const known = book.unknown.find((unknown) => unknown.amount === cents(-amount));
  const [activityId] = activityIds;
  const isExplained = classification === 'explainedLater' && known !== undefined && activityId !== undefined;
  const unknown =
    classification === 'unknown'
      ? [...book.unknown, { ...seen, at }]
      : classification === 'explainedLater'
        ? withoutFirst(book.unknown, cents(-amount))
        : book.unknown;
  return {
    ...book,
    cash: cents(book.cash + amount),
    fillGaps,
    settlements:
      classification === 'settlementPrice' ? withoutTold(book, (symbol) => isHeld(state.positions, symbol)) : book.settlements,
    unknown,
    explained: isExplained ? { ...known, activityId } : book.explained,
    day: { ...book.day, corrections: cents(book.day.corrections + amount) },
  };
}

function withoutFirst(unknown: CashBook['unknown'], amount: Cents): CashBook['unknown'] {
  const place = unknown.findIndex((known) => known.amount === amount);
  return unknown.filter((_, index) => index !== place);
}

/** What was told has been put right, or needed nothing; but for what is still to be booked. */
function withoutTold(
  { settlements }: CashBook,
  isOpen: (symbol: string, settlement: Settlement) => boolean,
): CashBook['settlements'] {
  return new Map([...settlements].filter(([symbol, settlement]) => settlement.told === null || isOpen(symbol, settlement)));
}

/**
 * The broker has said all that it will say of a day: what was open of it is told and done. A settlement told today has not been
 * compared with the cash yet, and one of a contract that is held is not booked yet.
 */
function settled(state: EngineState, book: CashBook, date: IsoDate, today: IsoDate): CashBook {
  const fees = new Map([...book.fees].filter(([day]) => day > date));
  const settlements = withoutTold(book, (symbol, { toldOn }) => toldOn === today || isHeld(state.positions, symbol));
  return { ...book, fees, settlements };
}
