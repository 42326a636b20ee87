import type { Decision } from '#domain/decisions/decision';
import type { Position } from '#domain/portfolio/position';
import type { Cents, Instant, IsoDate, Price } from '#domain/units';
import type { BreakerScope, DayAudit, Difference } from '#ports/facts';
import type { FoundClearing } from './applyClearings.ts';
import type { TrustRecord } from './applyTrust.ts';
import type { CashBook } from './cashBook.ts';
import type { EngineState } from './engineState.ts';
import type { Holds } from './marks.ts';
import type { OrderRecord, Work } from './orderRecord.ts';

/** How a position came to be, for the story of its trade. */
export interface EntryStory {
  readonly decision: Decision | null;
  readonly firstOrderAt: Instant;
  readonly lastFillAt: Instant;
  readonly midAtDecision: Price;
  readonly limitCredit: Price;
  readonly spot: Price | null;
  /** Equity when it was opened, to state the share at risk. */
  readonly equity: Cents | null;
  /** Net price received for what was closed so far: + credit; null before the first exit. */
  readonly exitCredit: Price | null;
  readonly exitMid: Price | null;
}

export interface DayBook {
  readonly date: IsoDate;
  readonly startEquity: Cents;
  readonly startHolds: Holds;
  readonly orders: number;
  readonly rejects: number;
  readonly errors: number;
  readonly realised: Cents;
  readonly closed: boolean;
  /** Fills far worse than decided. */
  readonly outliers: number;
}

export interface Breaker {
  readonly breaker: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly detail: string;
  readonly at: Instant;
  /** The day it tripped: day breakers clear by themselves on the next. */
  readonly date: IsoDate | null;
  /** null: it holds everything back. */
  readonly scope: BreakerScope | null;
  /** When it ends by itself. */
  readonly until: Instant | null;
}

/**
 * What belongs to one account at one broker: what is held and worked there, its money and the marks that its losses count from,
 * how far the broker's record was read, and what strategies earned with it. Nothing of it is ever compared with another account.
 */
export interface AccountBook {
  positions: Map<string, Position>;
  stories: Map<string, EntryStory>;
  orders: Map<string, OrderRecord>;
  /** Orders at the broker that bear this journal's name and are not in it, by their whole id: each was told once. */
  unrecordedOrders: Set<string>;
  /** Intents under way and the finished ones of this process. */
  works: Map<string, Work>;
  day: DayBook | null;
  weekStart: { readonly week: string; readonly equity: Cents; readonly holds: Holds } | null;
  /** Highest equity, and when it was reached. */
  peak: { readonly equity: Cents; readonly at: Instant } | null;
  /** The last day's close, moved along by money that came or went since. */
  lastClose: { readonly date: IsoDate; readonly equity: Cents; readonly at: Instant } | null;
  /** Money moved in or out, by the broker's date; of the last days. */
  transfers: Map<IsoDate, Cents>;
  lastEquity: { readonly equity: Cents; readonly cash: Cents; readonly at: Instant } | null;
  consecutiveErrors: number;
  breakers: Map<string, Breaker>;
  bookedActivities: Set<string>;
  /** Those of them that the broker took back. */
  cancelledActivities: Set<string>;
  /** Legs that were found gone by comparing positions, and that no activity of the broker has spoken of yet; by symbol. */
  unconfirmedClearings: Map<string, FoundClearing>;
  /** Session of the newest activity of the clearing, by symbol. */
  clearedOn: Map<string, IsoDate>;
  /** When the newest activity happened that is booked; null before the first. */
  activitiesThrough: Instant | null;
  /** What cash the account must hold; null until the first look at it. */
  cashBook: CashBook | null;
  awaiting: Map<string, { readonly decision: Decision; readonly at: Instant }>;
  entriesToday: Map<string, number>;
  lastEntryAt: Map<string, Instant>;
  recentSends: { readonly key: string; readonly at: Instant; readonly netLimit: Price }[];
  roundTripsToday: Map<string, number>;
  /** Day trades of the last sessions, newest last. */
  dayTrades: { readonly date: IsoDate; readonly count: number }[];
  lastLossAt: Map<string, Instant>;
  /** When the newest execution in a symbol took place, by the broker's record. */
  toldFillAt: Map<string, Instant>;
  decisions: Map<string, Decision>;
  /** Proposals that were only observed and have not come to their end: the strategy of each, by decision. */
  observed: Map<string, string>;
  lastAudit: DayAudit | null;
  lastDifferences: { readonly at: Instant; readonly differences: readonly Difference[] } | null;
  /** Refusals and approvals of today, by strategy. */
  tallies: Map<string, { proposals: number; approved: number; refused: number; reasons: Map<string, number> }>;
  /** Where each strategy stands and what it did there. */
  trust: Map<string, TrustRecord>;
  /** Losing trades in a row, per strategy. */
  losingStreaks: Map<string, number>;
  /** Realised results per strategy, all time. */
  results: Map<string, { trades: number; wins: number; pnl: number; gains: number; losses: number }>;
}

/** An account of which nothing is known yet. */
export function emptyBook(): AccountBook {
  return {
    positions: new Map(),
    stories: new Map(),
    orders: new Map(),
    unrecordedOrders: new Set(),
    works: new Map(),
    day: null,
    weekStart: null,
    peak: null,
    lastClose: null,
    transfers: new Map(),
    lastEquity: null,
    consecutiveErrors: 0,
    breakers: new Map(),
    bookedActivities: new Set(),
    cancelledActivities: new Set(),
    unconfirmedClearings: new Map(),
    clearedOn: new Map(),
    activitiesThrough: null,
    cashBook: null,
    awaiting: new Map(),
    entriesToday: new Map(),
    lastEntryAt: new Map(),
    recentSends: [],
    roundTripsToday: new Map(),
    dayTrades: [],
    lastLossAt: new Map(),
    toldFillAt: new Map(),
    decisions: new Map(),
    observed: new Map(),
    lastAudit: null,
    lastDifferences: null,
    tallies: new Map(),
    trust: new Map(),
    losingStreaks: new Map(),
    results: new Map(),
  };
}

/** The same fields of a larger whole; a new one that is forgotten here does not compile. */
function bookOf(state: AccountBook): AccountBook {
  return {
    positions: state.positions,
    stories: state.stories,
    orders: state.orders,
    unrecordedOrders: state.unrecordedOrders,
    works: state.works,
    day: state.day,
    weekStart: state.weekStart,
    peak: state.peak,
    lastClose: state.lastClose,
    transfers: state.transfers,
    lastEquity: state.lastEquity,
    consecutiveErrors: state.consecutiveErrors,
    breakers: state.breakers,
    bookedActivities: state.bookedActivities,
    cancelledActivities: state.cancelledActivities,
    unconfirmedClearings: state.unconfirmedClearings,
    clearedOn: state.clearedOn,
    activitiesThrough: state.activitiesThrough,
    cashBook: state.cashBook,
    awaiting: state.awaiting,
    entriesToday: state.entriesToday,
    lastEntryAt: state.lastEntryAt,
    recentSends: state.recentSends,
    roundTripsToday: state.roundTripsToday,
    dayTrades: state.dayTrades,
    lastLossAt: state.lastLossAt,
    toldFillAt: state.toldFillAt,
    decisions: state.decisions,
    observed: state.observed,
    lastAudit: state.lastAudit,
    lastDifferences: state.lastDifferences,
    tallies: state.tallies,
    trust: state.trust,
    losingStreaks: state.losingStreaks,
    results: state.results,
  };
}

/**
 * A session begins on an account: where it is another one than the last session's, that one's book is set aside whole, and this
 * one's is taken up as it was left, or begun. What was journalled before the first session goes to the first account.
 */
export function takeUpAccount(state: EngineState, account: string): void {
  if (state.account !== null && state.account !== account) {
    state.setAside.set(state.account, bookOf(state));
    Object.assign(state, state.setAside.get(account) ?? emptyBook());
    state.setAside.delete(account);
  }
  state.account = account;
}
