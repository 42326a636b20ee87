import type { Quote } from '#domain/market/chain';
import type { OptionContract } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import type { Cents, Contracts, Instant, IsoDate, Price } from '#domain/units';
import type { Arming } from '#ports/arming';
import type { BrokerAccount } from '#ports/broker';
import type { KillState } from '#ports/latch';

/** One structure that counts against the limits: held, or in an order that may still fill (open orders count as filled). */
export interface Exposure {
  readonly positionId: string;
  readonly strategyId: string;
  readonly underlying: string;
  readonly sector: string;
  readonly legs: readonly Leg[];
  readonly units: Contracts;
  /** Total for all units; null = unbounded. Non-negative. */
  readonly maxLoss: Cents | null;
  /** Total, - uses. */
  readonly buyingPowerEffect: Cents;
  /** Position greeks, all units, times the multiplier; null while they cannot be valued. */
  readonly deltaShares: number | null;
  readonly vegaDollarsPerPoint: number | null;
  readonly source: 'position' | 'workingOrder';
  readonly expiration: IsoDate | null;
}

/**
 * Everything that the gate compares against, assembled by the engine for one moment.
 * A value that could not be established is null, and null never allows new risk.
 */
export interface RiskBook {
  readonly now: Instant;
  readonly today: IsoDate;
  readonly session: { readonly open: Instant; readonly close: Instant } | null;
  readonly killState: KillState;
  readonly entriesBlockedBy: readonly string[]; // tripped breakers, reconciliation under way, stream not ready, ...
  /** Real money: only what the owner armed is opened. null where no real money is at stake. */
  readonly live: { readonly arming: Arming | null } | null;
  readonly account: BrokerAccount | null;
  readonly snapshotAt: Instant | null;
  /** Equity at conservative marks; null when a mark is missing. */
  readonly equity: Cents | null;
  readonly dayStartEquity: Cents | null;
  readonly weekStartEquity: Cents | null;
  readonly peakEquity: Cents | null;
  readonly exposures: readonly Exposure[];
  readonly ordersToday: number;
  readonly ordersLastMinute: number;
  readonly ordersLastSecond: number;
  readonly entriesTodayBySymbol: ReadonlyMap<string, number>;
  /** Instant of the last entry per `${strategyId}:${underlying}`. */
  readonly lastEntryAt: ReadonlyMap<string, Instant>;
  /** Recent sends: key of legs and sides, with instant and limit, for the duplicate check and the collar of the last orders. */
  readonly recentSends: readonly { readonly key: string; readonly at: Instant; readonly netLimit: Price }[];
  /** Underlyings with an order in doubt: no new risk there. */
  readonly underlyingsInDoubt: ReadonlySet<string>;
  readonly pausedSymbols: ReadonlySet<string>;
  readonly haltedSymbols: ReadonlySet<string>;
  /** Positions opened and closed on the same day, today per underlying, and in all within the last five sessions. */
  readonly roundTripsToday: ReadonlyMap<string, number>;
  readonly dayTrades: number;
  /** When a position of an underlying was last closed at a loss. */
  readonly lastLossAt: ReadonlyMap<string, Instant>;
  /** Side of our own working closing orders per symbol: +1 buys, -1 sells. */
  readonly closingSides: ReadonlyMap<string, number>;
  /** Scheduled earnings of an underlying, today and later; null while its history has not come: then nobody knows. */
  earningsOf(underlying: string): readonly IsoDate[] | null;
  /** Freshest quote per symbol known to the engine (legs and underlyings). */
  quoteOf(symbol: string): Quote | null;
  /** What a leg can be left at; absent: as `quoteOf`. */
  leavingQuoteOf?(symbol: string): Quote | null;
  /** Our own theoretical price of an option, from its neighbours' volatilities; null where there is none. */
  theoryOf(contract: OptionContract): Price | null;
  sectorOf(underlying: string): string;
  /** A cool-down that runs for the strategy or the underlying, by its name. */
  coolingOf(strategyId: string, underlying: string): string | null;
  /** What a strategy of the catalogue may do now; null for what is none of its strategies. */
  leaveOf(strategyId: string): StrategyLeave | null;
  /** Free shares per underlying. */
  freeShares(underlying: string): number;
  /** Units per position that working closing orders may still take; what is missing counts as none. */
  readonly closingUnits?: ReadonlyMap<string, Contracts>;
  /** Working closing orders, ours and of other hands; what is missing counts as none. */
  readonly closingOrders?: readonly ClosingOrder[];
}

/** What a working closing order may still take away, as signed legs of all its units. */
export interface ClosingOrder {
  readonly positionId: string;
  readonly underlying: string;
  readonly legs: readonly Leg[];
}

/** The owner's mode and the rung of trust together, and the units that the rung allows in one order (null: no bound). */
export interface StrategyLeave {
  readonly mode: 'auto' | 'approve' | 'observe' | 'off';
  readonly maxContracts: Contracts | null;
}

/** What asks to pass: every order, whoever caused it. */
export interface RiskRequest {
  readonly purpose: 'open' | 'close';
  readonly origin: 'strategy' | 'owner' | 'engine';
  readonly strategyId: string;
  readonly positionId: string | null;
  readonly underlying: string;
  readonly legs: readonly Leg[];
  /** Units wished for; the gate may answer with fewer (never with more). */
  readonly contracts: Contracts;
  /** Worst net price, + credit. */
  readonly netLimit: Price;
  readonly maxLossPerUnit: Cents | null;
  readonly deltaSharesPerUnit: number | null;
  readonly vegaDollarsPerUnit: number | null;
  /** - uses. */
  readonly buyingPowerEffectPerUnit: Cents;
  readonly strategyLimits: { readonly maxPositions: number; readonly maxRiskFraction: number } | null;
  /** True for cash-secured puts and covered calls: bounded by equity share and stress loss instead of maximum loss. */
  readonly secured: boolean;
  /** On whose word it is sent: the strategy's own, or the owner's, who approved it. Absent while it is only weighed, and for what he orders himself. */
  readonly consent?: 'own' | 'owners';
  /**
   * The next rung or the retry of an intent that already passed: the duplicate window, spacing and count of entries are not
   * asked again, and the working order it takes the place of (same `positionId`, source 'workingOrder') is not counted twice.
   */
  readonly replacing?: boolean;
}
