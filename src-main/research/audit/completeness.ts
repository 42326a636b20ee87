import type { BrokerActivity } from '#ports/broker';
import { parseClientOrderId } from '#ports/clientOrderId';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { BrokerTruth } from './brokerTruth.ts';

type Fact<Kind extends JournalFact['kind']> = Extract<JournalFact, { kind: Kind }>;

/** One of the four promises about the record: how much of it holds, and what does not. */
export interface Ratio {
  readonly matched: number;
  readonly of: number;
  /** `matched / of`; 1 when there was nothing to match. */
  readonly ratio: number;
  readonly missing: readonly string[];
}

export interface Completeness {
  /** Everything that happened at the broker (orders, filled units, ends, activities) is in the journal. */
  readonly completeness: Ratio;
  /** Everything that the journal says of the broker did happen there. */
  readonly soundness: Ratio;
  /** Every mandatory field of an intent, a decision and a trade is there. */
  readonly fields: Ratio;
  /** Every order leads back to its verdict, its decision, exit or command, and the session with its build and settings. */
  readonly causality: Ratio;
}

/** The broker's side of the join: its book, its ledger, and the activities that it shows. */
export interface BrokerRecord extends BrokerTruth {
  readonly activities: readonly Pick<BrokerActivity, 'activityId'>[];
}

const FINAL = new Set(['filled', 'canceled', 'expired', 'rejected', 'replaced']);

/** Joins the broker's record and the journal both ways. Reads nothing of the engine. */
export function completenessOf(record: BrokerRecord, rows: readonly JournalRow[]): Completeness {
  const index = indexOf(rows);
  return {
    completeness: brokerInJournal(record, index),
    soundness: journalAtBroker(record, index),
    fields: fieldsOf(rows),
    causality: causesOf(rows),
  };
}

interface JournalIndex {
  readonly intents: ReadonlyMap<string, Fact<'OrderIntended'>>;
  readonly unitsFilled: ReadonlyMap<string, number>;
  /** Intents whose end is on record. */
  readonly ended: ReadonlySet<string>;
  /** Intents that are proved never to have reached the broker, or to have been refused there. */
  readonly neverThere: ReadonlySet<string>;
  readonly activities: ReadonlySet<string>;
}

function indexOf(rows: readonly JournalRow[]): JournalIndex {
  const intents = new Map<string, Fact<'OrderIntended'>>();
  const unitsFilled = new Map<string, number>();
  const ended = new Set<string>();
  const neverThere = new Set<string>();
  const activities = new Set<string>();
  for (const { fact } of rows) {
    if (fact.kind === 'OrderIntended') intents.set(`${fact.request.intentId}-${fact.request.attempt}`, fact);
    if (fact.kind === 'ActivityBooked') activities.add(fact.activity.activityId);
    if (fact.kind === 'OrderProved' && fact.outcome === 'absent') neverThere.add(`${fact.intentId}-${fact.attempt}`);
    if (fact.kind !== 'OrderReported') continue;
    const key = `${fact.intentId}-${fact.attempt}`;
    const { report } = fact;
    if (report.kind === 'orderFilled') {
      unitsFilled.set(key, (unitsFilled.get(key) ?? 0) + report.contracts);
      if (report.complete) ended.add(key);
    }
    if (report.kind === 'orderCancelled' || report.kind === 'orderExpired' || report.kind === 'orderRejected') ended.add(key);
    if (report.kind === 'orderRejected') neverThere.add(key);
    if (report.kind === 'submissionFailed' && report.certainty === 'notSent') neverThere.add(key);
  }
  return { intents, unitsFilled, ended, neverThere, activities };
}

function brokerInJournal(record: BrokerRecord, index: JournalIndex): Ratio {
  const tally = new Tally();
  for (const order of record.orders) {
    const identity = parseClientOrderId(order.clientOrderId);
    if (order.origin !== 'client' || !identity) continue;
    const key = `${identity.intentId}-${identity.attempt}`;
    tally.take(index.intents.has(key), `order ${order.clientOrderId}: no intent`);
    const units = index.unitsFilled.get(key) ?? 0;
    if (order.filledQuantity > 0)
      tally.take(units === order.filledQuantity, `order ${order.clientOrderId}: ${units} of ${order.filledQuantity} units`);
    if (FINAL.has(order.status))
      tally.take(
        index.ended.has(key) || units === order.quantity,
        `order ${order.clientOrderId}: ended as ${order.status}, not on record`,
      );
  }
  for (const { activityId } of record.activities)
    tally.take(index.activities.has(activityId), `activity ${activityId}: not booked`);
  return tally.ratio();
}

function journalAtBroker(record: BrokerRecord, index: JournalIndex): Ratio {
  const tally = new Tally();
  const orders = new Map<string, number>();
  for (const order of record.orders) {
    const identity = parseClientOrderId(order.clientOrderId);
    if (identity) orders.set(`${identity.intentId}-${identity.attempt}`, order.filledQuantity);
  }
  for (const key of index.intents.keys())
    tally.take(orders.has(key) || index.neverThere.has(key), `intent ${key}: neither at the broker nor proved absent`);
  for (const [key, units] of index.unitsFilled)
    tally.take(units <= (orders.get(key) ?? 0), `intent ${key}: ${units} units booked, ${orders.get(key) ?? 0} filled`);
  const visible = new Set(record.activities.map(({ activityId }) => activityId));
  for (const activityId of index.activities) tally.take(visible.has(activityId), `activity ${activityId}: not at the broker`);
  return tally.ratio();
}

function fieldsOf(rows: readonly JournalRow[]): Ratio {
  const tally = new Tally();
  for (const { fact } of rows) {
    if (fact.kind === 'SessionStarted')
      for (const field of ['account', 'build', 'configHash', 'schemaVersion'] as const)
        tally.take(hasValue(fact[field]), `SessionStarted.${field}`);
    if (fact.kind === 'OrderIntended') {
      const { request, gates, ladder, strategyId, positionId } = fact;
      const name = `${request.intentId}-${request.attempt}`;
      for (const [field, value] of Object.entries({ strategyId, positionId, bound: ladder.bound, limit: request.netLimit }))
        tally.take(hasValue(value), `${name}.${field}`);
      tally.take(gates.length > 0, `${name}.gates`);
      if (request.purpose === 'open') tally.take(fact.entry !== null, `${name}.entry`);
    }
    if (fact.kind === 'ProposalDecided') {
      const { decision } = fact;
      for (const field of ['strategyId', 'underlying', 'structure', 'verdict', 'stage', 'snapshotId'] as const)
        tally.take(hasValue(decision[field]), `${decision.decisionId}.${field}`);
      tally.take(decision.verdict !== 'refused' || decision.reasons.length > 0, `${decision.decisionId}.reasons`);
    }
    if (fact.kind === 'PositionClosed') {
      const { trade } = fact;
      const mandatory = {
        tradeId: trade.tradeId,
        account: trade.account,
        strategyId: trade.strategyId,
        underlying: trade.underlying,
        enteredAt: trade.enteredAt,
        exitedAt: trade.exitedAt,
        fillCredit: trade.execution.fillCredit,
        fees: trade.execution.fees,
        pnl: trade.outcome.pnl,
        exitReason: trade.outcome.exitReason,
      };
      for (const [field, value] of Object.entries(mandatory)) tally.take(hasValue(value), `${trade.tradeId}.${field}`);
    }
  }
  return tally.ratio();
}

/** Walks forward: what a row rests on must stand before it. */
function causesOf(rows: readonly JournalRow[]): Ratio {
  const tally = new Tally();
  const decisions = new Set<string>();
  const exits = new Set<string>();
  const commands = new Set(rows.flatMap(({ fact }) => (fact.kind === 'CommandAnswered' ? [fact.issued.commandId] : [])));
  const intents = new Set<string>();
  let session = false;
  for (const { fact } of rows) {
    if (fact.kind === 'SessionStarted') session = true;
    if (fact.kind === 'ProposalDecided') decisions.add(fact.decision.decisionId);
    if (fact.kind === 'ExitTriggered') exits.add(fact.positionId);
    if (fact.kind === 'OrderIntended') {
      const { cause, request } = fact;
      const name = `${request.intentId}-${request.attempt}`;
      intents.add(name);
      tally.take(session, `${name}: before any session`);
      tally.take(
        fact.gates.every((gate) => gate.passed),
        `${name}: sent although ${fact.gates.find((gate) => !gate.passed)?.gate} failed`,
      );
      if (cause.kind === 'decision') tally.take(decisions.has(cause.decisionId), `${name}: decision ${cause.decisionId} unknown`);
      if (cause.kind === 'command') tally.take(commands.has(cause.commandId), `${name}: command ${cause.commandId} unknown`);
      if (cause.kind === 'exit') tally.take(exits.has(fact.positionId), `${name}: no exit of ${fact.positionId} was triggered`);
      if (cause.kind === 'repair') tally.take(cause.detail !== '', `${name}: repair without a reason`);
    }
    if (fact.kind === 'OrderReported')
      tally.take(intents.has(`${fact.intentId}-${fact.attempt}`), `report on ${fact.intentId}-${fact.attempt} before its intent`);
  }
  return tally.ratio();
}

function hasValue(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !(typeof value === 'number' && Number.isNaN(value));
}

class Tally {
  private matched = 0;
  private of = 0;
  private readonly missing: string[] = [];

  take(holds: boolean, otherwise: string): void {
    this.of += 1;
    if (holds) this.matched += 1;
    else this.missing.push(otherwise);
  }

  ratio(): Ratio {
    return { matched: this.matched, of: this.of, ratio: this.of === 0 ? 1 : this.matched / this.of, missing: this.missing };
  }
}
