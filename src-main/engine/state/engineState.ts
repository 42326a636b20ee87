import type { Decision } from '#domain/decisions/decision';
import type { Position } from '#domain/portfolio/position';
import type { Cents, Instant, IsoDate, Price } from '#domain/units';
import type { Arming } from '#ports/arming';
import type { CommandOutcome } from '#ports/commands';
import type { BreakerScope, DayAudit, Difference } from '#ports/facts';
import type { TradingHalt } from '#ports/marketData';
import type { FoundClearing } from './applyClearings.ts';
import type { TrustRecord } from './applyTrust.ts';
import type { CashBook } from './cashBook.ts';
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

/** Implied volatility of one close at the tenors beyond the ranked 30 days; null where the chain did not reach. */
export interface FurtherVolatility {
  readonly iv60: number | null;
  readonly iv90: number | null;
}

export interface DayBook {
  readonly date: IsoDate;
  readonly startEquity: Cents;
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

/** A critical alert that waits for the owner. */
export interface OpenAlert {
  readonly alertId: string;
  readonly title: string;
  readonly body: string;
  readonly at: Instant;
}

/**
 * Everything that survives a restart: the fold of the journal's facts (`apply.ts`) and nothing else. Quotes, chains and
 * connections are not here; they are asked for again.
 */
export interface EngineState {
  counters: {
    intent: number;
    position: number;
    campaign: number;
    trade: number;
    decision: number;
    scan: number;
    alert: number;
  };
  readonly positions: Map<string, Position>;
  readonly stories: Map<string, EntryStory>;
  readonly orders: Map<string, OrderRecord>;
  /** Orders at the broker that bear this journal's name and are not in it, by their whole id: each was told once. */
  readonly unrecordedOrders: Set<string>;
  /** Intents under way and the finished ones of this process. */
  readonly works: Map<string, Work>;
  day: DayBook | null;
  weekStart: { readonly week: string; readonly equity: Cents } | null;
  peakEquity: Cents | null;
  /** The last day's close, moved along by money that came or went since. */
  lastClose: { readonly date: IsoDate; readonly equity: Cents } | null;
  /** Money moved in or out, by the broker's date; of the last days. */
  readonly transfers: Map<IsoDate, Cents>;
  lastEquity: { readonly equity: Cents; readonly cash: Cents; readonly at: Instant } | null;
  consecutiveErrors: number;
  readonly breakers: Map<string, Breaker>;
  /** When each breaker (and each fault that halts) last happened, reset or not. */
  readonly lastTrips: Map<string, { readonly at: Instant; readonly what: string }>;
  /** Critical alerts not yet acknowledged, oldest first. */
  readonly alerts: Map<string, OpenAlert>;
  readonly strategyModes: Map<string, 'auto' | 'approve' | 'observe' | 'off'>;
  readonly pausedSymbols: Set<string>;
  readonly answered: Map<string, CommandOutcome>;
  readonly bookedActivities: Set<string>;
  /** Legs that were found gone by comparing positions, and that no activity of the broker has spoken of yet; by symbol. */
  readonly unconfirmedClearings: Map<string, FoundClearing>;
  /** Session of the newest activity of the clearing, by symbol. */
  readonly clearedOn: Map<string, IsoDate>;
  activityCursor: string | null;
  /** What cash the account must hold; null until the first look at it. */
  cashBook: CashBook | null;
  /** 30-day implied volatility at each close, oldest first. */
  readonly ivHistories: Map<string, number[]>;
  /** 60- and 90-day implied volatility of the same closes; null where none was recorded. */
  readonly furtherIvHistories: Map<string, FurtherVolatility[]>;
  readonly awaiting: Map<string, { readonly decision: Decision; readonly at: Instant }>;
  readonly entriesToday: Map<string, number>;
  readonly lastEntryAt: Map<string, Instant>;
  recentSends: { readonly key: string; readonly at: Instant; readonly netLimit: Price }[];
  readonly roundTripsToday: Map<string, number>;
  /** Day trades of the last sessions, newest last. */
  dayTrades: { readonly date: IsoDate; readonly count: number }[];
  readonly lastLossAt: Map<string, Instant>;
  /** When the broker last refused an order in an underlying because it is halted. */
  readonly haltedAt: Map<string, Instant>;
  /** Underlyings in which trading stands still, by the feed's word. */
  readonly toldHalts: Map<string, TradingHalt>;
  /** When the newest execution in a symbol took place, by the broker's record. */
  readonly toldFillAt: Map<string, Instant>;
  sendTimes: Instant[];
  readonly decisions: Map<string, Decision>;
  /** The owner's leave to open with real money; it may be over by its time. */
  arming: Arming | null;
  lastAudit: DayAudit | null;
  lastDifferences: { readonly at: Instant; readonly differences: readonly Difference[] } | null;
  /** The last session told no end: it still runs, or the program died in it. */
  sessionOpen: boolean;
  killHistory: {
    readonly at: Instant;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    readonly by: string;
  }[];
  lastScan: {
    readonly scanId: number;
    readonly at: Instant;
    readonly underlyings: number;
    readonly contracts: number;
    readonly candidates: number;
    readonly proposals: number;
    readonly approved: number;
    readonly funnel: Readonly<Record<string, number>>;
  } | null;
  /** Refusals and approvals of today, by strategy. */
  readonly tallies: Map<string, { proposals: number; approved: number; refused: number; reasons: Map<string, number> }>;
  /** Where each strategy stands and what it did there. */
  readonly trust: Map<string, TrustRecord>;
  /** Losing trades in a row, per strategy. */
  readonly losingStreaks: Map<string, number>;
  /** Realised results per strategy, all time. */
  readonly results: Map<string, { trades: number; wins: number; pnl: number; gains: number; losses: number }>;
}

/** A journal with nothing in it. */
export function emptyState(): EngineState {
  return {
    counters: { intent: 0, position: 0, campaign: 0, trade: 0, decision: 0, scan: 0, alert: 0 },
    positions: new Map(),
    stories: new Map(),
    orders: new Map(),
    unrecordedOrders: new Set(),
    works: new Map(),
    day: null,
    weekStart: null,
    peakEquity: null,
    lastClose: null,
    transfers: new Map(),
    lastEquity: null,
    consecutiveErrors: 0,
    breakers: new Map(),
    lastTrips: new Map(),
    alerts: new Map(),
    strategyModes: new Map(),
    pausedSymbols: new Set(),
    answered: new Map(),
    bookedActivities: new Set(),
    unconfirmedClearings: new Map(),
    clearedOn: new Map(),
    activityCursor: null,
    cashBook: null,
    ivHistories: new Map(),
    furtherIvHistories: new Map(),
    awaiting: new Map(),
    entriesToday: new Map(),
    lastEntryAt: new Map(),
    recentSends: [],
    roundTripsToday: new Map(),
    dayTrades: [],
    lastLossAt: new Map(),
    haltedAt: new Map(),
    toldHalts: new Map(),
    toldFillAt: new Map(),
    sendTimes: [],
    decisions: new Map(),
    arming: null,
    lastAudit: null,
    lastDifferences: null,
    sessionOpen: false,
    killHistory: [],
    lastScan: null,
    tallies: new Map(),
    trust: new Map(),
    losingStreaks: new Map(),
    results: new Map(),
  };
}
