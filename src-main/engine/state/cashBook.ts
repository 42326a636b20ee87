import type { Position } from '#domain/portfolio/position';
import { type Cents, cents, type Instant, type IsoDate } from '#domain/units';
import type { CashStatement } from '#ports/facts';

/** What the broker's fills of a symbol say beyond our own: contracts and cash, both signed. */
export interface FillGap {
  readonly contracts: number;
  readonly cash: Cents;
  /** Contracts told by each side, unsigned. */
  readonly ours: number;
  readonly theirs: number;
}

/** Fees of one day: what we booked by the schedule, and what the broker's activities say it took. */
export interface DayFees {
  readonly booked: Cents;
  readonly charged: Cents;
  /** Executions since: each may be rounded up by a cent where the order's total was rounded once. */
  readonly executions: number;
}

/** What a contract settled for in cash: as we booked it and as the broker tells it; null where that is not known (yet). */
export interface Settlement {
  readonly booked: Cents | null;
  readonly told: Cents | null;
  /** The day on which it was told. */
  readonly toldOn: IsoDate | null;
}

/** Money that the account's cash showed before anybody told of it. */
export interface Landing {
  readonly amount: Cents;
  /** The first look that showed it. */
  readonly since: Instant;
  /** Cents by which unsettled fees may have hidden a part of it. */
  readonly room: number;
  /** Highest equity before it; null when there was none, or when it counts no more. */
  readonly peak: Cents | null;
}

/** The journal's own idea of the account's cash and of what the broker has not confirmed yet. Folded from facts (`applyCash.ts`). */
export interface CashBook {
  readonly openedAt: Instant;
  readonly cash: Cents;
  readonly fees: ReadonlyMap<IsoDate, DayFees>;
  readonly fillGaps: ReadonlyMap<string, FillGap>;
  /** Cash settlements of which the two sides may say different amounts, by symbol. */
  readonly settlements: ReadonlyMap<string, Settlement>;
  /** What stands between the two sides at the last look and is not believed yet. */
  readonly waiting: Landing | null;
  /** Unknown amounts that no activity has explained. */
  readonly unknown: readonly (Landing & { readonly at: Instant })[];
  /** The unknown amount that the activity of this id explained last. */
  readonly explained: (Landing & { readonly activityId: string }) | null;
  readonly day: DayCash;
}

/** What moved the cash today, by its cause. */
export interface DayCash extends Omit<CashStatement, 'ours' | 'theirs'> {
  readonly date: IsoDate | null;
  readonly ownFills: number;
  readonly brokerFills: number;
  readonly told: number;
}

/** A book that begins with what the broker says. */
export function openedCashBook(cash: Cents, at: Instant, date: IsoDate | null): CashBook {
  return {
    openedAt: at,
    cash,
    fees: new Map(),
    fillGaps: new Map(),
    settlements: new Map(),
    waiting: null,
    unknown: [],
    explained: null,
    day: dayCash(date, cash),
  };
}

/** A day that begins. */
export function dayCash(date: IsoDate | null, opening: Cents): DayCash {
  const none = cents(0);
  return {
    date,
    opening,
    fills: none,
    fees: none,
    elsewhere: none,
    clearing: none,
    activities: none,
    corrections: none,
    ownFills: 0,
    brokerFills: 0,
    told: 0,
  };
}

/** Sums of the fees whose settlement is open. */
export function openFees(book: CashBook): DayFees {
  let booked = 0;
  let charged = 0;
  let executions = 0;
  for (const day of book.fees.values()) {
    booked += day.booked;
    charged += day.charged;
    executions += day.executions;
  }
  return { booked: cents(booked), charged: cents(charged), executions };
}

/** What the account's cash may differ by while the fees are not settled: charged later, or rounded and priced otherwise. */
export function feeRoom(book: CashBook): { readonly most: number; readonly least: number } {
  const { booked, charged, executions } = openFees(book);
  return { most: booked, least: -(Math.max(booked, charged) + executions) };
}

/** theirs - ours, beyond what unsettled fees explain; 0 when they explain all of it. */
export function beyondFees(book: CashBook, theirs: Cents): Cents {
  const gap = theirs - book.cash;
  const { most, least } = feeRoom(book);
  return cents(gap > most ? gap - most : gap < least ? gap - least : 0);
}

/** Whether an amount that an activity tells of is the one that landed, as far as fees let it be seen. */
export function isSameMoney({ amount, room }: Landing, told: Cents): boolean {
  return Math.sign(amount) === Math.sign(told) && Math.abs(amount - told) <= room;
}

/** Whether a position still holds a contract: what it settles for is booked by its clearing then, and by nothing before. */
export function isHeld(positions: ReadonlyMap<string, Position>, symbol: string): boolean {
  return [...positions.values()].some(({ legs }) => legs.some((leg) => leg.symbol === symbol));
}
