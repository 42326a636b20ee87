import type { Instant } from '#domain/units';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { AuditedOrder, BrokerTruth, Finding } from './brokerTruth.ts';

type Intended = Extract<JournalFact, { kind: 'OrderIntended' }>;
interface IntentRow {
  readonly fact: Intended;
  readonly hash: string;
  readonly at: Instant;
}

/** The first chain hash characters that travel in the client order id. */
const WITNESS_LENGTH = 12;

/**
 * Every order at the broker must be one that the journal intended first: same identity, same witness hash, same legs, size and
 * limit. Orders that the exchange itself says came from elsewhere (the owner's other window, a liquidation) are not ours.
 */
export function unintendedOrders(truth: BrokerTruth, rows: readonly JournalRow[]): readonly Finding[] {
  const intents = intentsOf(rows);
  return truth.orders.flatMap((order) => {
    if (order.origin !== 'client') return [];
    const problem = whyUnintended(order, intents);
    return problem ? [{ kind: 'unintendedOrder' as const, detail: `${order.clientOrderId}: ${problem}` }] : [];
  });
}

function whyUnintended(order: AuditedOrder, intents: ReadonlyMap<string, IntentRow>): string | null {
  const identity = parseClientOrderId(order.clientOrderId);
  if (!identity) return 'its client order id was not made by this program';
  const intent = intents.get(`${identity.intentId}-${identity.attempt}`);
  if (!intent) return 'the journal holds no such intent';
  if (intent.hash.slice(0, WITNESS_LENGTH) !== identity.hash12) return 'its witness hash differs from the intent row';
  if (intent.at > order.createdAt) return 'the intent was written after the order';
  const { request } = intent.fact;
  if (request.contracts !== order.quantity) return `${order.quantity} units instead of ${request.contracts}`;
  if (order.netLimit === null || Math.abs(request.netLimit - order.netLimit) > 1e-9)
    return `limit ${order.netLimit} instead of ${request.netLimit}`;
  const text = (legs: AuditedOrder['legs']): string =>
    legs
      .map((leg) => `${leg.symbol} ${leg.side} ${leg.ratio}`)
      .sort()
      .join(', ');
  const meant = request.assetClass === 'stock' ? text(request.legs.map((leg) => ({ ...leg, ratio: 1 }))) : text(request.legs);
  const sent = request.assetClass === 'stock' ? text(order.legs.map((leg) => ({ ...leg, ratio: 1 }))) : text(order.legs);
  return meant === sent ? null : `legs ${sent} instead of ${meant}`;
}

/** Two orders of one intent may never be able to fill at the same time, and one attempt never has two orders. */
export function duplicateOrders(truth: BrokerTruth): readonly Finding[] {
  const byIntent = new Map<string, AuditedOrder[]>();
  for (const order of truth.orders) {
    const identity = parseClientOrderId(order.clientOrderId);
    if (!identity) continue;
    const key = `${identity.journalId}-${identity.intentId}`;
    byIntent.set(key, [...(byIntent.get(key) ?? []), order]);
  }
  const findings: Finding[] = [];
  for (const [key, orders] of byIntent) {
    const sorted = [...orders].sort((a, b) => a.createdAt - b.createdAt);
    for (let index = 1; index < sorted.length; index += 1) {
      const earlier = sorted[index - 1];
      const later = sorted[index];
      if (!earlier || !later) continue;
      if (earlier.clientOrderId === later.clientOrderId)
        findings.push({ kind: 'duplicateOrder', detail: `${key}: two orders share ${later.clientOrderId}` });
      else if (!isFinal(earlier) || earlier.updatedAt > later.createdAt)
        findings.push({
          kind: 'duplicateOrder',
          detail: `${later.clientOrderId} was sent while ${earlier.clientOrderId} was still ${earlier.status}`,
        });
    }
  }
  return findings;
}

/** Executions at the broker and in the journal must be the same set, in both directions; an execution booked twice is a duplicate. */
export function lostExecutions(truth: BrokerTruth, rows: readonly JournalRow[]): readonly Finding[] {
  const atBroker = new Set<string>();
  for (const entry of truth.ledger)
    if (entry.executionId && entry.clientOrderId && parseClientOrderId(entry.clientOrderId)) atBroker.add(entry.clientOrderId);
  const brokerUnits = new Map(
    truth.orders.filter((order) => atBroker.has(order.clientOrderId)).map((order) => [order.clientOrderId, order.filledQuantity]),
  );
  const booked = new Map<string, number>();
  const seen = new Set<string>();
  for (const { fact } of rows) {
    if (fact.kind !== 'OrderReported' || fact.report.kind !== 'orderFilled') continue;
    const { clientOrderId, executionId, contracts } = fact.report;
    if (seen.has(executionId)) continue;
    seen.add(executionId);
    booked.set(clientOrderId, (booked.get(clientOrderId) ?? 0) + contracts);
  }
  const findings: Finding[] = [];
  for (const [clientOrderId, units] of brokerUnits) {
    const ours = booked.get(clientOrderId) ?? 0;
    if (ours !== units)
      findings.push({
        kind: 'lostOrder',
        detail: `${clientOrderId}: ${units} units filled at the broker, ${ours} in the journal`,
      });
  }
  for (const [clientOrderId, units] of booked) {
    if (!brokerUnits.has(clientOrderId) && parseClientOrderId(clientOrderId))
      findings.push({ kind: 'lostOrder', detail: `${clientOrderId}: ${units} units in the journal, none at the broker` });
  }
  return findings;
}

function intentsOf(rows: readonly JournalRow[]): ReadonlyMap<string, IntentRow> {
  const intents = new Map<string, IntentRow>();
  for (const row of rows) {
    if (row.fact.kind !== 'OrderIntended') continue;
    intents.set(`${row.fact.request.intentId}-${row.fact.request.attempt}`, { fact: row.fact, hash: row.hash, at: row.at });
  }
  return intents;
}

function isFinal(order: AuditedOrder): boolean {
  return ['filled', 'canceled', 'expired', 'rejected', 'replaced'].includes(order.status);
}
