import type { Cents, Instant, Price } from '#domain/units';

/** An order as the exchange's own book has it; the auditor believes this and nothing else about the outside. */
export interface AuditedOrder {
  readonly id: string;
  readonly clientOrderId: string;
  /** 'client' = came in over the account's API. */
  readonly origin: string;
  readonly legs: readonly { readonly symbol: string; readonly side: 'buy' | 'sell'; readonly ratio: number }[];
  readonly quantity: number;
  readonly filledQuantity: number;
  readonly netLimit: Price | null;
  readonly status: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** One line of the exchange's ledger. */
export interface AuditedEntry {
  readonly at: Instant;
  readonly kind: string;
  readonly symbol: string | null;
  readonly quantity: number;
  readonly cash: Cents;
  readonly clientOrderId: string | null;
  readonly executionId: string | null;
}

/** The exchange's side of the story. */
export interface BrokerTruth {
  readonly orders: readonly AuditedOrder[];
  readonly ledger: readonly AuditedEntry[];
  /** When quotes of an underlying (every one for '') could not be used, where the exchange was told to spoil them. */
  readonly unquoted?: readonly { readonly underlying: string; readonly from: Instant; readonly until: Instant }[];
}

/** One finding of the auditor, in words that name the order or symbol. */
export interface Finding {
  readonly kind: 'unintendedOrder' | 'duplicateOrder' | 'lostOrder' | 'limitBreach' | 'nakedLeg' | 'positionMismatch';
  readonly detail: string;
}
