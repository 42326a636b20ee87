import type { Instant } from '#domain/units';
import type { BrokerReport } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import { withCounted } from './countedUnits.ts';
import type { EngineState } from './engineState.ts';
import { isOver, keyOf, type OrderRecord, type Work } from './orderRecord.ts';

type OrderFact = Extract<
  JournalFact,
  {
    kind: 'OrderIntended' | 'OrderReported' | 'OrderInDoubt' | 'OrderProved' | 'CancelRequested' | 'RungEnded' | 'OrderWorkEnded';
  }
>;

/** Orders and the works they belong to, fact by fact. */
export function applyOrderFact(state: EngineState, fact: OrderFact, at: Instant): void {
  switch (fact.kind) {
    case 'OrderIntended':
      return intended(state, fact, at);
    case 'OrderReported':
      return reported(state, fact, at);
    case 'OrderInDoubt':
      return change(state, fact.intentId, fact.attempt, {
        status: 'inDoubt',
        updatedAt: at,
        message: fact.fault.message,
        isDoubted: true,
        absentAnswers: 0,
      });
    case 'OrderProved':
      change(state, fact.intentId, fact.attempt, { isDoubted: false });
      if (fact.outcome === 'absent')
        change(state, fact.intentId, fact.attempt, { status: 'notSent', updatedAt: at, message: fact.evidence });
      // Absent, and there after all: it may rest and fill like any other.
      else if (state.orders.get(keyOf(fact.intentId, fact.attempt))?.status === 'notSent')
        change(state, fact.intentId, fact.attempt, { status: 'pending', updatedAt: at, message: fact.evidence });
      return;
    case 'CancelRequested': {
      const record = state.orders.get(keyOf(fact.intentId, fact.attempt));
      if (record && !isOver(record.status))
        change(state, fact.intentId, fact.attempt, { status: 'cancelPending', updatedAt: at, message: fact.reason });
      return;
    }
    case 'RungEnded': {
      const work = state.works.get(fact.intentId);
      if (work)
        state.works.set(fact.intentId, { ...work, retries: fact.outcome === 'rejected' ? work.retries + 1 : work.retries });
      return;
    }
    case 'OrderWorkEnded': {
      const work = state.works.get(fact.intentId);
      if (work) state.works.set(fact.intentId, { ...work, outcome: fact.outcome });
      return;
    }
  }
}

function intended(state: EngineState, fact: Extract<OrderFact, { kind: 'OrderIntended' }>, at: Instant): void {
  const { request } = fact;
  const number = Number(request.intentId.slice(1));
  state.counters.intent = Math.max(state.counters.intent, number);
  state.counters.position = Math.max(state.counters.position, Number(fact.positionId.slice(1)) || 0);
  if (fact.entry) state.counters.campaign = Math.max(state.counters.campaign, Number(fact.entry.campaignId.slice(1)) || 0);
  const key = keyOf(request.intentId, request.attempt);
  state.orders.set(key, {
    key,
    request,
    legs: fact.legs,
    strategyId: fact.strategyId,
    positionId: fact.positionId,
    unitWeight: fact.unitWeight,
    entry: fact.entry,
    cause: fact.cause,
    ladder: fact.ladder,
    rung: fact.rung,
    status: 'intended',
    clientOrderId: null,
    brokerOrderId: null,
    filled: 0,
    toldFilled: 0,
    counted: [],
    executionIds: [],
    filledValue: 0,
    feesBooked: 0,
    executions: [],
    isDoubted: false,
    absentAnswers: 0,
    createdAt: at,
    updatedAt: at,
    message: '',
  });
  const known = state.works.get(request.intentId);
  // Shares and the call sold under them are two works and one entry.
  const entered = [...state.works.values()].some(
    ({ purpose, positionId }) => purpose === 'open' && positionId === fact.positionId,
  );
  const work: Work = known
    ? { ...known, intended: fact.intended, attempt: request.attempt, rung: fact.rung }
    : {
        intentId: request.intentId,
        positionId: fact.positionId,
        purpose: request.purpose,
        intended: fact.intended,
        filled: 0,
        attempt: request.attempt,
        rung: fact.rung,
        retries: 0,
        startedAt: at,
        outcome: null,
      };
  state.works.set(request.intentId, work);
  if (request.purpose === 'open' && !known && !entered) {
    state.entriesToday.set(request.underlying, (state.entriesToday.get(request.underlying) ?? 0) + 1);
    state.lastEntryAt.set(`${fact.strategyId}:${request.underlying}`, at);
  }
}

function reported(
  state: EngineState,
  { intentId, attempt, report }: Extract<OrderFact, { kind: 'OrderReported' }>,
  at: Instant,
): void {
  const record = state.orders.get(keyOf(intentId, attempt));
  if (!record) return;
  const identity = 'clientOrderId' in report ? { clientOrderId: report.clientOrderId } : {};
  const broker = 'brokerOrderId' in report && report.brokerOrderId !== null ? { brokerOrderId: report.brokerOrderId } : {};
  const known = { ...identity, ...broker, updatedAt: at, isDoubted: record.isDoubted && !speaksOf(report) };
  // The reason of a cancel outlives the broker's answers: it decides whether the work goes on.
  const advance = (status: OrderRecord['status'], message = record.message): void =>
    change(state, intentId, attempt, { ...known, status: isOver(record.status) ? record.status : status, message });
  switch (report.kind) {
    case 'orderAccepted':
      return advance(record.status === 'intended' || record.status === 'inDoubt' ? 'pending' : record.status);
    case 'orderWorking':
      return advance(record.status === 'cancelPending' ? 'cancelPending' : 'working');
    case 'orderFilled': {
      const units = report.contracts;
      const filled = record.filled + units;
      const done = filled >= record.request.contracts;
      // A fill wins over whatever was believed before it: a late fill of a cancelled order is still a fill.
      change(state, intentId, attempt, {
        ...known,
        status: done ? 'filled' : isOver(record.status) || record.status === 'cancelPending' ? record.status : 'working',
        filled,
        toldFilled: Math.max(record.toldFilled, filled, report.cumulativeContracts),
        counted: withCounted(record.counted, isCount(report) ? report.cumulativeContracts : 0, units),
        executionIds: [...record.executionIds, executionIdOf(report)],
        filledValue: record.filledValue + units * report.netPrice,
        executions: [...record.executions, ...report.legs],
      });
      const work = state.works.get(intentId);
      if (work) state.works.set(intentId, { ...work, filled: work.filled + units });
      return;
    }
    case 'orderCancelled':
      return advance('cancelled');
    case 'orderExpired':
      return advance('expired');
    case 'orderRejected':
      return advance('rejected', `${report.code}: ${report.message}`);
    case 'submissionFailed':
      return advance(report.certainty === 'notSent' ? 'notSent' : 'inDoubt', report.fault.message);
    case 'orderLookedUp':
      if (report.order === null) change(state, intentId, attempt, { ...known, absentAnswers: record.absentAnswers + 1 });
      else
        change(state, intentId, attempt, {
          ...known,
          brokerOrderId: report.order.brokerOrderId,
          absentAnswers: 0,
          status: record.status === 'inDoubt' || record.status === 'intended' ? 'working' : record.status,
        });
      return;
    case 'cancelRefused':
    case 'lookUpFailed':
    case 'externalOrderSeen':
    case 'unknownMessage':
      return;
  }
}

/** The broker knows the order: it is somewhere, or came to its end. */
function speaksOf(report: BrokerReport): boolean {
  switch (report.kind) {
    case 'orderAccepted':
    case 'orderWorking':
    case 'orderFilled':
    case 'orderCancelled':
    case 'orderExpired':
    case 'orderRejected':
      return true;
    case 'orderLookedUp':
      return report.order !== null;
    default:
      return false;
  }
}

/** A count below the execution's own size says nothing. */
export function isCount({ contracts, cumulativeContracts }: Extract<BrokerReport, { kind: 'orderFilled' }>): boolean {
  return cumulativeContracts >= contracts;
}

/** The broker's id of an execution; where it gives none, the count that it reached stands for it. */
export function executionIdOf({ executionId, cumulativeContracts }: Extract<BrokerReport, { kind: 'orderFilled' }>): string {
  return executionId === '' ? `units:${cumulativeContracts}` : executionId;
}

function change(state: EngineState, intentId: string, attempt: number, update: Partial<OrderRecord>): void {
  const key = keyOf(intentId, attempt);
  const record = state.orders.get(key);
  if (record) state.orders.set(key, { ...record, ...update });
}
