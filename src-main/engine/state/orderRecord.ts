import type { Leg } from '#domain/structures/leg';
import type { Contracts, Instant, Price } from '#domain/units';
import type { OrderRequest } from '#ports/broker';
import type { EntryTerms, LadderPlan, OrderCause } from '#ports/facts';
import type { CountedUnits } from './countedUnits.ts';

/** Where one attempt of an intent stands. `inDoubt` is left only on proof. */
export type OrderStatus =
  | 'intended' // written, perhaps sent; nothing heard yet
  | 'pending' // accepted by the broker, not yet working
  | 'working'
  | 'cancelPending'
  | 'inDoubt'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'
  | 'notSent'; // proved never to have reached the broker

const FINAL: ReadonlySet<OrderStatus> = new Set(['filled', 'cancelled', 'expired', 'rejected', 'notSent']);

/** True when nothing can rest at the broker any more. */
export function isOver(status: OrderStatus): boolean {
  return FINAL.has(status);
}

/** One attempt: one order at the broker. */
export interface OrderRecord {
  readonly key: string;
  readonly request: OrderRequest;
  readonly legs: readonly Leg[];
  readonly strategyId: string;
  readonly positionId: string;
  readonly unitWeight: number;
  readonly entry: EntryTerms | null;
  readonly cause: OrderCause;
  readonly ladder: LadderPlan;
  readonly rung: number;
  readonly status: OrderStatus;
  readonly clientOrderId: string | null;
  readonly brokerOrderId: string | null;
  readonly filled: Contracts;
  /** The most units that the broker has said to be filled: above `filled` an execution is still missing here. */
  readonly toldFilled: Contracts;
  /** Places in the broker's count that `filled` stands for. */
  readonly counted: readonly CountedUnits[];
  /** Executions that are counted, by the broker's id: each counts once, in whatever order they come. */
  readonly executionIds: readonly string[];
  /** Sum of net price x units filled, to average. */
  readonly filledValue: number;
  /** Fees booked so far, in cents: the broker rounds once per order, so the total is recomputed at every fill. */
  readonly feesBooked: number;
  readonly executions: readonly { readonly symbol: string; readonly contracts: number; readonly price: Price }[];
  /** Was in doubt, and the broker has said nothing of it since; outlives a cancel. */
  readonly isDoubted: boolean;
  readonly absentAnswers: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly message: string;
}

/** All attempts of one wish to trade. */
export interface Work {
  readonly intentId: string;
  readonly positionId: string;
  readonly purpose: 'open' | 'close';
  /** Units wanted in all. */
  readonly intended: Contracts;
  readonly filled: Contracts;
  /** Newest attempt. */
  readonly attempt: number;
  readonly rung: number;
  readonly retries: number;
  readonly startedAt: Instant;
  readonly outcome: 'filled' | 'partiallyFilled' | 'notFilled' | 'abandoned' | null;
}

export { attemptKey as keyOf } from '#ports/clientOrderId';
