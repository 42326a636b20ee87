import type { Instant } from '#domain/units';
import type { Arming } from '#ports/arming';
import type { CommandOutcome } from '#ports/commands';
import type { TradingHalt } from '#ports/marketData';
import { type AccountBook, emptyBook } from './accountBook.ts';

/** Implied volatility of one close at the tenors beyond the ranked 30 days; null where the chain did not reach. */
export interface FurtherVolatility {
  readonly iv60: number | null;
  readonly iv90: number | null;
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
 * connections are not here; they are asked for again. The fields of the book are those of the account that trades.
 */
export interface EngineState extends AccountBook {
  /** The account of the last session; null before the first. */
  account: string | null;
  /** The books of the other accounts of this journal, as they were left; by account. */
  readonly setAside: Map<string, AccountBook>;
  counters: {
    intent: number;
    position: number;
    campaign: number;
    trade: number;
    decision: number;
    scan: number;
    alert: number;
  };
  /** When each breaker (and each fault that halts) last happened, reset or not. */
  readonly lastTrips: Map<string, { readonly at: Instant; readonly what: string }>;
  /** Critical alerts not yet acknowledged, oldest first. */
  readonly alerts: Map<string, OpenAlert>;
  readonly strategyModes: Map<string, 'auto' | 'approve' | 'observe' | 'off'>;
  readonly pausedSymbols: Set<string>;
  readonly answered: Map<string, CommandOutcome>;
  /** 30-day implied volatility at each close, oldest first. */
  readonly ivHistories: Map<string, number[]>;
  /** 60- and 90-day implied volatility of the same closes; null where none was recorded. */
  readonly furtherIvHistories: Map<string, FurtherVolatility[]>;
  /** When the broker last refused an order in an underlying because it is halted. */
  readonly haltedAt: Map<string, Instant>;
  /** Underlyings in which trading stands still, by the feed's word. */
  readonly toldHalts: Map<string, TradingHalt>;
  sendTimes: Instant[];
  /** The owner's leave to open with real money; it may be over by its time. */
  arming: Arming | null;
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
}

/** A journal with nothing in it. */
export function emptyState(): EngineState {
  return {
    ...emptyBook(),
    account: null,
    setAside: new Map(),
    counters: { intent: 0, position: 0, campaign: 0, trade: 0, decision: 0, scan: 0, alert: 0 },
    lastTrips: new Map(),
    alerts: new Map(),
    strategyModes: new Map(),
    pausedSymbols: new Set(),
    answered: new Map(),
    ivHistories: new Map(),
    furtherIvHistories: new Map(),
    haltedAt: new Map(),
    toldHalts: new Map(),
    sendTimes: [],
    arming: null,
    sessionOpen: false,
    killHistory: [],
    lastScan: null,
  };
}
