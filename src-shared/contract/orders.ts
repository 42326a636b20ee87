import { z } from 'zod';
import type { Cents, Instant, Price } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, idField, noInput } from './fields.ts';
import { command, feed, query } from './verbs.ts';

export type OrderStateName =
  | 'intended'
  | 'pending'
  | 'working'
  | 'partiallyFilled'
  | 'cancelPending'
  | 'filled'
  | 'cancelled'
  | 'expired'
  | 'rejected'
  | 'inDoubt';

export interface OrderView {
  readonly intentId: string;
  readonly attempt: number;
  readonly clientOrderId: string | null;
  readonly brokerOrderId: string | null;
  readonly state: OrderStateName;
  readonly purpose: 'open' | 'close';
  readonly strategyId: string;
  readonly positionId: string;
  readonly underlying: string;
  readonly legs: readonly {
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly ratio: number;
    readonly intent: string;
  }[];
  readonly contracts: number;
  readonly filled: number;
  readonly netLimit: Price;
  readonly fillPrice: Price | null;
  readonly bound: Price | null;
  readonly midAtDecision: Price | null;
  readonly rung: number | null;
  readonly rungs: readonly Price[];
  readonly cause: string;
  readonly fees: Cents | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** What happened, oldest first, in the owner's words. */
  readonly message: string;
}

export const orders = {
  /** Working orders and the most recent finished ones, newest first. */
  'orders.list': feed<readonly OrderView[]>()(noInput),
  'orders.story': query<
    readonly { readonly seq: number; readonly at: Instant; readonly what: string; readonly detail: string }[]
  >()(z.strictObject({ intentId: idField })),
  'order.cancel': command<ActOutcome>('operator')(z.strictObject({ commandId, intentId: idField })),
};
