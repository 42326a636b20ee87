import type { ChainSnapshot } from '#domain/market/chain';
import type { Instant, IsoDate } from '#domain/units';
import type { UnderlyingHistory } from '#ports/marketData';
import type { EngineSettings } from '#ports/settings/settings';
import type { ConfiguredStrategy } from '#ports/strategy';
import type { RefusalFold } from '../ledger/fold.ts';
import type { ScanMemory } from './scanMemory.ts';

/**
 * What is already committed, positions and working entry orders alike, counted once per position. Used to leave out early
 * what the risk gate would refuse anyway; the gate itself always judges again with the full book.
 */
export interface Capacity {
  readonly positions: number;
  readonly bySector: ReadonlyMap<string, number>;
  readonly bySymbol: ReadonlyMap<string, number>;
  readonly byStrategy: ReadonlyMap<string, number>;
  readonly entriesTodayBySymbol: ReadonlyMap<string, number>;
  /** Instant of the last entry per `${strategyId}:${underlying}`. */
  readonly lastEntryAt: ReadonlyMap<string, Instant>;
  /** Keys `${strategyId}:${underlying}` that hold a position or a working order. */
  readonly heldByStrategy: ReadonlySet<string>;
  /** Position greeks of the whole book, for the ranking's sense of room; 0 when nothing is held. */
  readonly portfolioDeltaShares: number;
  readonly portfolioVegaDollars: number;
  /** In cents; null when it could not be established. */
  readonly equityCents: number | null;
  /** Buying power in cents that one more position may take; left out: not asked here, null: not known, so nothing fits. */
  readonly buyingPowerRoomCents?: number | null;
  readonly pausedSymbols: ReadonlySet<string>;
  readonly underlyingsInDoubt: ReadonlySet<string>;
  readonly haltedSymbols: ReadonlySet<string>;
  /** Non-empty: the market is looked at and journalled, but nothing can be opened now (kill state, breaker, reconciliation). */
  readonly entriesBlockedBy: readonly string[];
}

/** A strategy as the scan runs it: its parameters, its own position limit and whether the owner lets it look. */
export interface ScannedStrategy {
  readonly strategy: ConfiguredStrategy;
  readonly maxPositions: number;
}

/** One look at the market. Pure: everything that decides is in here. */
export interface ScanInput {
  readonly now: Instant;
  readonly today: IsoDate;
  readonly scanId: number;
  readonly chains: readonly ChainSnapshot[];
  readonly histories: ReadonlyMap<string, UnderlyingHistory>;
  /** Own recorded 30-day implied volatilities per underlying, one a day, oldest first. */
  readonly ivHistories: ReadonlyMap<string, readonly number[]>;
  readonly settings: EngineSettings;
  readonly strategies: readonly ScannedStrategy[];
  readonly capacity: Capacity;
  readonly freeShares: ReadonlyMap<string, number>;
  sectorOf(underlying: string): string;
  nextDecisionId(): string;
  /** Where repeated equal refusals are folded. */
  readonly refusals: RefusalFold;
  /** Caches only: the same input gives the same output with a fresh memory. */
  readonly memory: ScanMemory;
}
