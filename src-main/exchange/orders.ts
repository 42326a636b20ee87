import type { PositionIntent } from '#domain/structures/leg';
import type { Cents, Contracts, Instant, Price } from '#domain/units';

/** Life of an order, in Alpaca's words. 'filled', 'canceled', 'expired', 'rejected' and 'replaced' are final. */
export type ExchangeOrderStatus =
  | 'accepted' // outside market hours: waits for the open
  | 'pending_new'
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'pending_cancel'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'replaced';

const FINAL: ReadonlySet<ExchangeOrderStatus> = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);

/** True when nothing can happen to the order any more. */
export function isFinal(status: ExchangeOrderStatus): boolean {
  return FINAL.has(status);
}

/** A leg as the client asks for it. `intent` null = to be inferred from the position (single-leg orders only). */
export interface OrderedLeg {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** Positive; contracts (or shares) of this leg per unit of the order. */
  readonly ratio: number;
  readonly intent: PositionIntent | null;
}

/** What a client asks for. `netLimit` per share, signed as cash (+ credit, - debit); null with 'market'. */
export interface OrderTicket {
  readonly clientOrderId: string | null;
  readonly orderClass: 'simple' | 'mleg';
  readonly type: 'limit' | 'market';
  readonly timeInForce: 'day' | 'gtc';
  readonly contracts: Contracts;
  readonly netLimit: Price | null;
  readonly legs: readonly OrderedLeg[];
}

/** A leg of an order in the book. Quantities positive; `averagePrice` per share, null before the first fill. */
export interface ExchangeLeg {
  readonly id: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly assetClass: 'us_option' | 'us_equity';
  readonly side: 'buy' | 'sell';
  readonly ratio: number;
  readonly intent: PositionIntent;
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly averagePrice: Price | null;
}

/** Who sent an order: the account's client, another window of the owner, or the broker's own risk desk. */
export type OrderOrigin = 'client' | 'manualElsewhere' | 'brokerLiquidation';

/** An order in the book; replaced by a new object at every change, so that an old report keeps what it saw. */
export interface ExchangeOrder {
  readonly id: string;
  readonly clientOrderId: string;
  readonly origin: OrderOrigin;
  readonly orderClass: 'simple' | 'mleg';
  readonly assetClass: 'us_option' | 'us_equity';
  readonly underlying: string;
  readonly type: 'limit' | 'market';
  readonly timeInForce: 'day' | 'gtc';
  readonly status: ExchangeOrderStatus;
  /** Units of the combination, contracts or shares. */
  readonly quantity: Contracts;
  readonly filledQuantity: Contracts;
  /** Signed as cash, per share of one unit: + credit. null with 'market'. */
  readonly netLimit: Price | null;
  /** Quantity-weighted signed net price of the fills; null before the first. */
  readonly averageNetPrice: Price | null;
  readonly legs: readonly ExchangeLeg[];
  /** Buying power held for what has not filled yet, in cents. */
  readonly reserved: Cents;
  readonly createdAt: Instant;
  readonly submittedAt: Instant;
  readonly updatedAt: Instant;
  readonly filledAt: Instant | null;
  readonly canceledAt: Instant | null;
  readonly expiredAt: Instant | null;
  readonly failedAt: Instant | null;
  readonly replacedAt: Instant | null;
  /** When the exchange takes it out by itself: the session's close (day) or 90 days (gtc). */
  readonly expiresAt: Instant;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
}

/** One leg of an execution. `contracts` is signed: + bought, - sold. */
export interface LegExecution {
  readonly executionId: string;
  readonly legId: string;
  readonly symbol: string;
  readonly contracts: number;
  readonly price: Price;
}

/** One execution of an order: whole units, with the legs' prices adding up to the net to the cent. */
export interface Execution {
  readonly executionId: string;
  readonly units: Contracts;
  /** Signed as cash, per share of one unit: + credit. */
  readonly netPrice: Price;
  readonly legs: readonly LegExecution[];
  readonly fees: Cents;
}

/** A refusal at the door, in Alpaca's form: HTTP status, code, words and the extra fields of its body. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly extras: Readonly<Record<string, string | number | readonly string[]>>;
}

export type SubmitAnswer =
  | { readonly kind: 'accepted'; readonly order: ExchangeOrder }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type CancelAnswer = { readonly kind: 'requested' } | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What happened to an order, as `trade_updates` names it. */
export type OrderUpdateKind =
  | 'accepted'
  | 'pending_new'
  | 'new'
  | 'partial_fill'
  | 'fill'
  | 'pending_cancel'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'replaced'
  | 'order_cancel_rejected'
  | 'order_replace_rejected';

/** One order event. `order` is the order as it was right after the event. */
export interface OrderUpdate {
  /** 1, 2, 3 ... over the account's life; a duplicated delivery repeats it. */
  readonly sequence: number;
  readonly kind: OrderUpdateKind;
  readonly at: Instant;
  readonly order: ExchangeOrder;
  readonly execution: Execution | null;
  /** Positions in the order's symbols after the event, signed. */
  readonly positionQuantities: Readonly<Record<string, number>>;
  /** Why, for refusals. */
  readonly reason: Refusal | null;
}
