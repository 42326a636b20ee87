import type { PositionIntent } from '#domain/structures/leg';
import type { Cents, Contracts, Instant, IsoDate, Price } from '#domain/units';

/** One leg of an order as the broker sees it. `ratio` is positive; the side carries the direction. */
export interface OrderLeg {
  /** OCC symbol, or the underlying's symbol for a share leg. */
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly ratio: number;
  readonly intent: PositionIntent;
}

/**
 * A limit order for whole combinations (or one contract, or shares: one leg).
 * `netLimit` is per share and signed as cash: + credit received, - debit paid; it is the worst price accepted.
 */
export interface OrderRequest {
  readonly intentId: string;
  /** 1 for the first try of an intent; a further attempt exists only after proof that the earlier one rests nowhere. */
  readonly attempt: number;
  readonly assetClass: 'option' | 'stock';
  readonly underlying: string;
  readonly legs: readonly OrderLeg[];
  /** Units of the combination (contracts of a single leg; shares of stock), positive. */
  readonly contracts: Contracts;
  readonly netLimit: Price;
  readonly timeInForce: 'day' | 'gtc';
  readonly purpose: 'open' | 'close';
}

/** An order request with its wire identity, made by the runtime from the intent's journal row (see `clientOrderId.ts`). */
export interface IdentifiedOrder extends OrderRequest {
  readonly clientOrderId: string;
}

export type BrokerOrderStatus =
  | 'pending' // accepted by the broker, not yet working
  | 'working'
  | 'partiallyFilled'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'
  | 'pendingCancel'
  | 'replaced'; // another hand changed it: nothing here ever does

/** An order as the broker reports it in a snapshot or look-up. Prices per share, + credit. */
export interface BrokerOrder {
  readonly brokerOrderId: string;
  readonly clientOrderId: string;
  readonly status: BrokerOrderStatus;
  readonly underlying: string;
  readonly assetClass: 'option' | 'stock';
  readonly legs: readonly OrderLeg[];
  readonly contracts: Contracts;
  readonly filledContracts: Contracts;
  /** Signed net price of what filled; null when nothing did. */
  readonly filledNetPrice: Price | null;
  /** Per-leg average fill price (always positive), aligned with `legs`; null when unknown. */
  readonly legFillPrices: readonly (Price | null)[];
  readonly netLimit: Price | null;
  /** Of a replaced order: the one that stands in its place. */
  readonly replacedBy?: string;
  readonly submittedAt: Instant;
  readonly updatedAt: Instant;
}

/** One leg of one execution. `contracts` is signed: + bought, - sold. */
export interface LegFill {
  readonly symbol: string;
  readonly contracts: Contracts;
  readonly price: Price;
}

/** What the outside world failed at. `retryable` speaks of a later try, never of a blind one. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** HTTP status when there was one. */
  readonly status?: number;
}

/** Facts that the broker's adapter reports to the engine, in the order in which it learned them. */
export type BrokerReport =
  | { readonly kind: 'orderAccepted'; readonly clientOrderId: string; readonly brokerOrderId: string; readonly at: Instant }
  | { readonly kind: 'orderWorking'; readonly clientOrderId: string; readonly brokerOrderId: string; readonly at: Instant }
  | {
      readonly kind: 'orderFilled';
      readonly clientOrderId: string;
      readonly brokerOrderId: string;
      /** Unique per execution; a repeated one is a no-op. */
      readonly executionId: string;
      /** Units filled by this execution. */
      readonly contracts: Contracts;
      /** Units filled so far, this one included; monotone. */
      readonly cumulativeContracts: Contracts;
      /** Signed net price per unit of this execution: + credit. */
      readonly netPrice: Price;
      readonly legs: readonly LegFill[];
      readonly complete: boolean;
      readonly at: Instant;
    }
  | {
      readonly kind: 'orderCancelled';
      readonly clientOrderId: string;
      readonly brokerOrderId: string;
      readonly filledContracts: Contracts;
      readonly at: Instant;
    }
  | {
      readonly kind: 'orderExpired';
      readonly clientOrderId: string;
      readonly brokerOrderId: string;
      readonly filledContracts: Contracts;
      readonly at: Instant;
    }
  | {
      readonly kind: 'orderRejected';
      readonly clientOrderId: string;
      readonly brokerOrderId: string | null;
      readonly code: string;
      readonly message: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'cancelRefused';
      readonly clientOrderId: string;
      readonly brokerOrderId: string;
      readonly fault: Fault;
      readonly at: Instant;
    }
  /** 'notSent' = proved never to have left; 'inDoubt' = it may rest at the broker: look it up, never resend blind. */
  | {
      readonly kind: 'submissionFailed';
      readonly clientOrderId: string;
      readonly certainty: 'notSent' | 'inDoubt';
      readonly fault: Fault;
      readonly at: Instant;
    }
  /** Answer to a look-up by client order id; null = the broker does not know it (yet). */
  | { readonly kind: 'orderLookedUp'; readonly clientOrderId: string; readonly order: BrokerOrder | null; readonly at: Instant }
  | { readonly kind: 'lookUpFailed'; readonly clientOrderId: string; readonly fault: Fault; readonly at: Instant }
  /** An order that this journal never sent: the owner's own in another window, or the broker's liquidation. */
  | { readonly kind: 'externalOrderSeen'; readonly order: BrokerOrder; readonly at: Instant }
  | { readonly kind: 'unknownMessage'; readonly text: string; readonly at: Instant };

/** A leg held at the broker. */
export interface BrokerPosition {
  readonly symbol: string;
  readonly assetClass: 'option' | 'stock';
  readonly underlying: string;
  /** + long, - short; contracts for options, shares for stock. */
  readonly quantity: number;
  /** Average entry price per share. */
  readonly averagePrice: Price;
  readonly marketValue: Cents | null;
}

/** The account. What the broker did not tell is null: it counts as a no to new risk, never as a 0 or a false. */
export interface BrokerAccount {
  readonly accountNumber: string;
  readonly cash: Cents;
  readonly equity: Cents;
  /** Equity at the close of the last trading day. */
  readonly lastEquity: Cents | null;
  readonly buyingPower: Cents;
  readonly optionsBuyingPower: Cents | null;
  /** 0 to 3. */
  readonly optionsLevel: number | null;
  readonly tradingBlocked: boolean | null;
  readonly accountBlocked: boolean | null;
  readonly suspendedByUser: boolean | null;
  readonly isPaper: boolean;
  /** What the maintenance margin asks beyond the equity, 0 when it is covered. */
  readonly marginDeficit: Cents | null;
}

/** Something that happened to the account outside orders. `netCash` is signed: + received. */
export interface BrokerActivity {
  readonly activityId: string;
  readonly kind:
    | 'fill'
    | 'fee'
    | 'dividend'
    | 'exercise'
    | 'assignment'
    | 'expiration'
    | 'optionTrade'
    | 'interest'
    /** Money moved in or out: no result of trading. */
    | 'transfer'
    | 'other';
  /** The broker's own code, e.g. 'OPASN'. */
  readonly code: string;
  readonly symbol: string | null;
  /** Signed as the position changed: assignment of a short put of 2 = +2 (the short goes away). */
  readonly quantity: number;
  readonly price: Price | null;
  readonly netCash: Cents;
  readonly groupId: string | null;
  readonly date: IsoDate;
  readonly at: Instant;
  /** Taken back by the broker: it is of kind 'other' and moved nothing, whatever its code says. */
  readonly cancelled?: true;
}

/** One look at the account: taken at start, after every gap, and every minute. */
export interface AccountSnapshot {
  readonly at: Instant;
  readonly account: BrokerAccount;
  readonly positions: readonly BrokerPosition[];
  readonly openOrders: readonly BrokerOrder[];
  /** Orders that reached an end since `closedSince`. */
  readonly closedOrders: readonly BrokerOrder[];
  /** Activities since the instant that was asked for, oldest first; those of its overlap are known already. */
  readonly activities: readonly BrokerActivity[];
}

/** Differences between brokers are data, never `if (broker === ...)`. */
export interface BrokerCapabilities {
  readonly id: string;
  readonly maxLegs: number;
  readonly canReplaceCombination: boolean;
  readonly canCombineStockAndOptions: boolean;
  /** A closing combination whose legs are not covered inside the order itself is refused. */
  readonly requiresCoverInsideOrder: boolean;
  readonly cancelsOnDisconnect: boolean;
  readonly timeInForce: readonly ('day' | 'gtc')[];
  readonly reportsAssignmentSameDay: boolean;
}

/** Stops receiving. */
export type Unsubscribe = () => void;

/**
 * The broker as the runtime drives it. Nothing here answers by return value: what became of a request comes back as a
 * {@link BrokerReport} or through the snapshot listener, so the engine never waits.
 */
export interface Broker {
  readonly capabilities: BrokerCapabilities;
  /**
   * `whyNot` is asked again at the moment at which the order would leave, however long it waited for its turn: with an answer it
   * stays here and is reported as not sent.
   */
  send(order: IdentifiedOrder, whyNot?: () => Fault | null): void;
  cancel(clientOrderId: string, brokerOrderId: string | null): void;
  /** By client order id; the answer is 'orderLookedUp' or 'lookUpFailed'. */
  lookUp(clientOrderId: string): void;
  /** Asks for a snapshot; the answer goes to the snapshot listener, a failure to its `failed`. */
  requestSnapshot(request: SnapshotRequest): void;
  /** Instructs the broker about a long option at expiry. */
  exercise(symbol: string, action: 'exercise' | 'doNotExercise'): void;
  onReport(listener: (report: BrokerReport) => void): Unsubscribe;
  onSnapshot(listener: (answer: SnapshotAnswer) => void): Unsubscribe;
  onConnection(listener: (change: ConnectionChange) => void): Unsubscribe;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SnapshotRequest {
  readonly requestId: string;
  /** null = from the account's beginning. */
  readonly activitiesSince: Instant | null;
  readonly closedSince: Instant;
}

export type SnapshotAnswer =
  | { readonly kind: 'snapshot'; readonly requestId: string; readonly snapshot: AccountSnapshot }
  | { readonly kind: 'snapshotFailed'; readonly requestId: string; readonly fault: Fault; readonly at: Instant };

/** 'broker' = REST trading, 'updates' = the order stream, 'data' = quotes. */
export interface ConnectionChange {
  readonly channel: 'broker' | 'updates' | 'data';
  readonly state: 'connected' | 'disconnected' | 'stale';
  readonly detail: string;
  readonly at: Instant;
}
