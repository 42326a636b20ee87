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
}

/** The journal's own idea of the account's cash and of what the broker has not confirmed yet. Folded from facts (`applyCash.ts`). */
export interface CashBook {
  readonly openedAt: Instant;
  readonly cash: Cents;
  readonly fees: ReadonlyMap<IsoDate, DayFees>;
  readonly fillGaps: ReadonlyMap<string, FillGap>;
  /** Cash settlements of which the two sides may say different amounts, by symbol. */
  readonly settlements: ReadonlyMap<string, Settlement>;
  /** Unknown amounts that no activity has explained. */
  readonly unknown: readonly { readonly amount: Cents; readonly at: Instant }[];
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
    unknown: [],
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
