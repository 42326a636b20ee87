import { civilDate } from '#domain/market/calendar';
import { cents, type Instant, type IsoDate, instant } from '#domain/units';
import type { AccountSnapshot, BrokerOrder } from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { DayAudit } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { AuditedOrder, BrokerTruth } from './brokerTruth.ts';
import { duplicateOrders, lostExecutions, unintendedOrders } from './intents.ts';

/** As many findings as a notice can carry. */
const MOST_FINDINGS = 20;

export interface EveningBooks {
  readonly date: IsoDate;
  readonly journalId: string;
  /** The broker's orders, the day's among them. */
  readonly snapshot: Pick<AccountSnapshot, 'openOrders' | 'closedOrders'>;
  /** The day's rows, from its opening on. */
  readonly rows: readonly JournalRow[];
  readonly head: { readonly seq: number; readonly hash: string };
  /** How far the broker's clock may be behind ours, milliseconds: an intent is older than its order by both clocks. */
  readonly clockToleranceMs: number;
}

/**
 * The day's orders at the broker against the journal, by code that shares nothing with the engine's state: every order under this
 * journal's name has an older intent with its witness hash, legs, size and limit; no intent has two orders that could both fill;
 * the filled units are the same on both sides.
 */
export function auditOfDay(books: EveningBooks): DayAudit {
  const { date, rows, head } = books;
  const own = [...books.snapshot.openOrders, ...books.snapshot.closedOrders].filter(
    ({ clientOrderId, submittedAt }) =>
      parseClientOrderId(clientOrderId)?.journalId === books.journalId && civilDate(submittedAt) === date,
  );
  const truth = truthOf(own, 0);
  const unintended = unintendedOrders(truthOf(own, books.clockToleranceMs), rows);
  const duplicates = duplicateOrders(truth);
  const lost = lostExecutions(truth, rows);
  return {
    date,
    orders: own.length,
    filledUnits: own.reduce((sum, { filledContracts }) => sum + filledContracts, 0),
    unintended: unintended.length,
    duplicates: duplicates.length,
    lost: lost.length,
    findings: [...unintended, ...duplicates, ...lost].slice(0, MOST_FINDINGS).map(({ kind, detail }) => `${kind}: ${detail}`),
    head: { seq: head.seq, hash12: head.hash.slice(0, 12) },
  };
}

function truthOf(orders: readonly BrokerOrder[], laterMs: number): BrokerTruth {
  return { orders: orders.map((order) => auditedOrder(order, laterMs)), ledger: orders.flatMap(executionOf) };
}

function auditedOrder(order: BrokerOrder, laterMs: number): AuditedOrder {
  return {
    id: order.brokerOrderId,
    clientOrderId: order.clientOrderId,
    origin: 'client',
    legs: order.legs,
    quantity: order.contracts,
    filledQuantity: order.filledContracts,
    netLimit: order.netLimit,
    status: order.status === 'cancelled' ? 'canceled' : order.status,
    createdAt: instant(order.submittedAt + laterMs),
    updatedAt: order.updatedAt,
  };
}

/** That an order filled at all, as the auditor's ledger has it; how much is the order's own figure. */
function executionOf(order: BrokerOrder): BrokerTruth['ledger'] {
  if (order.filledContracts === 0) return [];
  const at: Instant = order.updatedAt;
  const { clientOrderId, brokerOrderId } = order;
  return [{ at, kind: 'fill', symbol: null, quantity: 0, cash: cents(0), clientOrderId, executionId: brokerOrderId }];
}
