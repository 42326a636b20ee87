import { plusMs } from '#domain/units';
import type { BrokerOrder, BrokerReport, Fault } from '#ports/broker';
import { checkErrors, recordFault } from '../breakers/breakers.ts';
import { checkSlippage } from '../breakers/fills.ts';
import { askManaging } from '../positions/askManaging.ts';
import { bookFill } from '../positions/fills.ts';
import { askSnapshot, confirmFill } from '../reconcile/askSnapshot.ts';
import { noteExternalOrder } from '../reconcile/externalOrders.ts';
import { noteUnrecorded } from '../reconcile/unrecorded.ts';
import { whoseOrder } from '../reconcile/whoseOrder.ts';
import { executionIdOf, isCount } from '../state/applyOrders.ts';
import { uncounted } from '../state/countedUnits.ts';
import { isUnproved } from '../state/doubt.ts';
import { isOver, type OrderRecord } from '../state/orderRecord.ts';
import { notify, type Turn, wakeIn } from '../turn.ts';
import { afterFill } from './stages.ts';
import { attemptOver, endWork, requestCancel, STOPPED } from './work.ts';

type Addressed = Extract<BrokerReport, { clientOrderId: string }>;
type Fill = Extract<BrokerReport, { kind: 'orderFilled' }>;

/** Takes one broker report. Idempotent: a repeated or late report changes nothing, a fill wins over everything. */
export function takeReport(turn: Turn, report: BrokerReport): void {
  if (report.kind === 'externalOrderSeen') return external(turn, report);
  if (report.kind === 'unknownMessage')
    return recordFault(turn, 'broker message', 'low', { code: 'unknownMessage', message: report.text, retryable: false });
  const whose = whoseOrder(turn, report.clientOrderId);
  if (whose.kind === 'unrecorded') return unrecorded(turn, report);
  const record = whose.kind === 'ours' ? whose.record : null;
  if (record && isNews(record, report)) takeAddressed(turn, record, report);
}

/** What it says is never booked on the order that has its number here; what came of it shows in the account. */
function unrecorded(turn: Turn, report: Addressed): void {
  const brokerOrderId = 'brokerOrderId' in report ? report.brokerOrderId : null;
  const isNew = noteUnrecorded(turn, [
    { clientOrderId: report.clientOrderId, ...(brokerOrderId === null ? {} : { brokerOrderId }) },
  ]);
  if (isNew || report.kind === 'orderFilled' || report.kind === 'orderCancelled' || report.kind === 'orderExpired')
    askSnapshot(turn, 'fill');
}

/** Whether the report says something that is not known yet. */
function isNews(record: OrderRecord, report: Addressed): boolean {
  switch (report.kind) {
    case 'orderAccepted':
      return record.status === 'intended' || isUnproved(record) || isLate(record);
    case 'orderWorking':
      return record.status === 'intended' || record.status === 'pending' || isUnproved(record) || isLate(record);
    case 'orderFilled':
      return unitsNew(record, report) > 0;
    case 'orderCancelled':
    case 'orderExpired':
    case 'orderRejected':
      return !isOver(record.status);
    case 'submissionFailed':
      return record.status === 'intended' || wasWithdrawn(record, report);
    case 'cancelRefused':
    case 'lookUpFailed':
      return !isOver(record.status);
    case 'orderLookedUp':
      return !isOver(record.status);
  }
}

/** Taken back while it waited on this side, or refused at the door after its cancel was asked for: the cancel found nothing. */
function wasWithdrawn(
  { status, brokerOrderId }: OrderRecord,
  { certainty }: Extract<BrokerReport, { kind: 'submissionFailed' }>,
): boolean {
  return certainty === 'notSent' && status === 'cancelPending' && brokerOrderId === null;
}

/**
 * Units of an execution that are not booked yet. A repeated execution is known by its id. One that comes late under an id not
 * seen before, after the broker's book told the total that it is part of (see {@link takeFoundOrder}), finds its places in the
 * count taken, and leaves those of an execution that is still missing to that one, whose price is another.
 */
function unitsNew(record: OrderRecord, report: Fill): number {
  if (record.executionIds.includes(executionIdOf(report))) return 0;
  const room = record.request.contracts - record.filled;
  // Without a count it is taken at its size, within what was ordered.
  if (!isCount(report)) return Math.min(report.contracts, room);
  const { contracts, cumulativeContracts: upTo } = report;
  return Math.min(uncounted(record.counted, upTo - contracts, upTo), room);
}

/** Believed absent after spaced look-ups; until its day is over the broker may still come up with it. */
function isLate(record: OrderRecord): boolean {
  return record.status === 'notSent';
}

/** An order that was proved absent and is there after all: taken up, told, and taken back at once. A fill still wins. */
function takeLateOrder(
  turn: Turn,
  record: OrderRecord,
  { clientOrderId, brokerOrderId }: { readonly clientOrderId: string; readonly brokerOrderId: string },
): void {
  const { intentId, attempt, underlying } = record.request;
  turn.emit({
    kind: 'OrderProved',
    intentId,
    attempt,
    outcome: 'found',
    evidence: `late: the broker has it as ${brokerOrderId}`,
  });
  const report = { kind: 'orderAccepted', clientOrderId, brokerOrderId, at: turn.now } as const;
  turn.emit({ kind: 'OrderReported', intentId, attempt, report });
  recordFault(turn, 'late order', 'high', {
    code: 'lateAcknowledgement',
    message: `${record.key} was taken for absent and is at the broker`,
    retryable: false,
  });
  notify(turn, 'breach', 'An order came late', `${underlying}: it is taken back; a fill would be booked`, true);
  const found = turn.state.orders.get(record.key);
  if (found) requestCancel(turn, found, STOPPED);
}

function takeAddressed(turn: Turn, record: OrderRecord, report: Addressed): void {
  const { intentId, attempt } = record.request;
  const journal = (): void => turn.emit({ kind: 'OrderReported', intentId, attempt, report });
  const updated = (): OrderRecord => turn.state.orders.get(record.key) ?? record;
  switch (report.kind) {
    case 'orderAccepted':
    case 'orderWorking':
      if (isLate(record)) return takeLateOrder(turn, record, report);
      journal();
      return;
    case 'orderFilled':
      if (isOfAnother(record, report)) return foreignFill(turn, record, report);
      // The fill is the first word of an order believed absent: what is left of it would go on filling.
      if (isLate(record)) takeLateOrder(turn, record, report);
      return takeFill(turn, record, report, unitsNew(record, report));
    case 'orderCancelled':
    case 'orderExpired':
      // A fill that we have not heard of comes first: were the end taken before it, nobody would end the work after it.
      if (report.filledContracts > record.filled) return askSnapshot(turn, 'fill');
      journal();
      // Who cancels an entry elsewhere does not want it: its next price would bring it back.
      if (report.kind === 'orderCancelled' && record.status !== 'cancelPending') return cancelledElsewhere(turn, updated());
      return attemptOver(turn, updated(), 'notFilled', null);
    case 'orderRejected': {
      journal();
      const fault: Fault = { code: report.code, message: report.message, retryable: false };
      notify(turn, 'error', 'The broker refused an order', `${record.request.underlying}: ${report.message}`);
      checkErrors(turn);
      attemptOver(turn, updated(), 'rejected', fault);
      return lookAfterClose(turn, record);
    }
    case 'submissionFailed':
      journal();
      if (report.certainty === 'notSent')
        return record.message === STOPPED
          ? attemptOver(turn, { ...updated(), message: STOPPED }, 'notFilled', null)
          : attemptOver(turn, updated(), 'rejected', report.fault);
      turn.emit({ kind: 'OrderInDoubt', intentId, attempt, fault: report.fault });
      recordFault(turn, 'order submission', 'high', report.fault);
      return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    case 'cancelRefused':
      journal();
      // Looked up after a pause: a refusal, a look-up and the next cancel at one instant would chase each other without end.
      return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    case 'lookUpFailed':
      return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    case 'orderLookedUp':
      return takeLookUp(turn, record, report);
  }
}

/** Books `contracts` units of an execution, at its price. */
function takeFill(turn: Turn, record: OrderRecord, report: Fill, contracts: number): void {
  const { intentId, attempt } = record.request;
  const share = contracts / report.contracts;
  const legs = share === 1 ? report.legs : report.legs.map((leg) => ({ ...leg, contracts: Math.round(leg.contracts * share) }));
  const fill = { ...report, contracts, legs };
  turn.emit({ kind: 'OrderReported', intentId, attempt, report: fill });
  if (record.request.purpose === 'close' && !turn.state.positions.has(record.positionId)) return orphanFill(turn, record);
  const updated = (): OrderRecord => turn.state.orders.get(record.key) ?? record;
  bookFill(turn, updated(), fill);
  afterFill(turn, updated());
  confirmFill(turn);
  checkSlippage(turn, record, fill.netPrice);
}

/** A close that the broker did not take may be of something that is no longer there. */
function lookAfterClose(turn: Turn, { request }: OrderRecord): void {
  if (request.purpose === 'close') askSnapshot(turn, 'gap');
}

/** The answer to 'do you know this order?'. Absence must be said several times before it is believed. */
function takeLookUp(turn: Turn, record: OrderRecord, report: Extract<BrokerReport, { kind: 'orderLookedUp' }>): void {
  const { intentId, attempt } = record.request;
  if (report.order === null) {
    // A cancel of an order that was never heard of: its absence is proved like that of any order in doubt.
    if (!isUnproved(record) && record.status !== 'intended')
      return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    // Only spaced answers of a healthy broker with a live order stream speak for absence.
    const deaf = ['broker', 'updates'].some((channel) => turn.present.connections.get(channel) !== 'connected');
    // Two answers near to each other may come from one and the same blind moment of the broker.
    const spacing = turn.settings.execution.absentProofSpacingSeconds * 1000;
    const tooSoon = record.absentAnswers > 0 && turn.now - record.updatedAt < spacing;
    if (deaf || tooSoon) return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    turn.emit({ kind: 'OrderReported', intentId, attempt, report });
    const answers = record.absentAnswers + 1;
    if (answers < turn.settings.execution.absentProofs)
      return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
    turn.emit({
      kind: 'OrderProved',
      intentId,
      attempt,
      outcome: 'absent',
      evidence: `${answers} spaced look-ups found nothing`,
    });
    const proved = turn.state.orders.get(record.key);
    if (proved && record.message === STOPPED) endWork(turn, intentId, 'notFilled', STOPPED);
    else if (proved)
      attemptOver(turn, proved, 'rejected', { code: 'absent', message: 'the order never reached the broker', retryable: true });
    return lookAfterClose(turn, record);
  }
  const { order } = report;
  if (isUnproved(record)) {
    turn.emit({ kind: 'OrderReported', intentId, attempt, report });
    turn.emit({ kind: 'OrderProved', intentId, attempt, outcome: 'found', evidence: `the broker has it as ${order.status}` });
  }
  takeFoundOrder(turn, turn.state.orders.get(record.key) ?? record, order);
  const now = turn.state.orders.get(record.key);
  if (now && !isOver(now.status) && (now.status === 'cancelPending' || record.status === 'inDoubt')) {
    // Still there: a cancel may have been lost on the way, and asking again does no harm.
    if (record.status === 'inDoubt') return requestCancel(turn, now, 'its answer came too late');
    if (order.status !== 'pendingCancel') turn.act({ kind: 'cancelOrder', intentId, attempt });
    wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
  }
}

/** An execution of a contract that the order does not hold. */
function isOfAnother(record: OrderRecord, report: Fill): boolean {
  return report.legs.some(({ symbol }) => !record.request.legs.some((leg) => leg.symbol === symbol));
}

/** Not booked: what really filled stands in the broker's own book, which is asked soon. */
function foreignFill(turn: Turn, record: OrderRecord, report: Fill): void {
  recordFault(turn, 'foreign fill', 'high', {
    code: 'foreignFill',
    message: `${record.key}: an execution of ${report.legs.map(({ symbol }) => symbol).join(', ')}, which it did not order`,
    retryable: false,
  });
  confirmFill(turn);
}

/** A closing order filled after its position had gone another way: the account's own book tells what is held now. */
function orphanFill(turn: Turn, record: OrderRecord): void {
  const { intentId } = record.request;
  if (turn.state.orders.get(record.key)?.status === 'filled') endWork(turn, intentId, 'filled', 'its position was closed before');
  recordFault(turn, 'late fill', 'high', {
    code: 'closedTwice',
    message: `${record.key} filled after ${record.positionId} was closed`,
    retryable: false,
  });
  notify(turn, 'breach', 'A closing order filled late', `${record.request.underlying}: the holding is taken over as it is`, true);
  askSnapshot(turn, 'fill');
}

/**
 * Brings a record up to what the broker's own book says: missed fills first, at the price that its average leaves for them, then
 * the end. A book older than an execution that is known already says nothing about what was missed.
 */
export function takeFoundOrder(turn: Turn, record: OrderRecord, order: BrokerOrder): void {
  if (isLate(record) && (order.status === 'working' || order.status === 'pending' || order.status === 'partiallyFilled'))
    takeLateOrder(turn, record, order);
  const base = { clientOrderId: order.clientOrderId, brokerOrderId: order.brokerOrderId, at: order.updatedAt };
  if (order.filledContracts > record.filled && order.filledContracts >= record.toldFilled) {
    const missed = order.filledContracts - record.filled;
    const average = order.filledNetPrice ?? record.request.netLimit;
    const netPrice = (average * order.filledContracts - record.filledValue) / missed;
    // The broker tells the average of all; what was missed is that less what is booked.
    const legs = order.legs.map((leg, index) => {
      const perUnit = (leg.side === 'buy' ? 1 : -1) * (record.request.assetClass === 'stock' ? 1 : leg.ratio);
      const booked = record.executions
        .filter(({ symbol }) => symbol === leg.symbol)
        .reduce((sum, { contracts, price }) => sum + contracts * price, 0);
      const whole = (order.legFillPrices[index] ?? Math.abs(average)) * perUnit * order.filledContracts;
      const contracts = perUnit * missed;
      return { symbol: leg.symbol, contracts, price: Math.round(((whole - booked) / contracts) * 1e6) / 1e6 };
    });
    const rest: Fill = {
      kind: 'orderFilled',
      ...base,
      executionId: `sweep:${order.brokerOrderId}:${order.filledContracts}`,
      contracts: missed,
      cumulativeContracts: order.filledContracts,
      netPrice: Math.round(netPrice * 1e6) / 1e6,
      legs,
      complete: order.status === 'filled',
    };
    if (isOfAnother(record, rest)) foreignFill(turn, record, rest);
    else takeFill(turn, record, rest, missed);
  }
  if (order.status === 'replaced') return changedElsewhere(turn, turn.state.orders.get(record.key) ?? record, order);
  if (order.status === 'cancelled') takeReport(turn, { kind: 'orderCancelled', ...base, filledContracts: order.filledContracts });
  if (order.status === 'expired') takeReport(turn, { kind: 'orderExpired', ...base, filledContracts: order.filledContracts });
  if (order.status === 'rejected')
    takeReport(turn, { kind: 'orderRejected', ...base, code: 'rejected', message: 'rejected by the broker' });
}

/** Nobody here asked for this cancel: an entry ends with it, an exit goes on, and the owner is told of both. */
function cancelledElsewhere(turn: Turn, record: OrderRecord): void {
  const { purpose, underlying } = record.request;
  const isEntry = purpose === 'open';
  const became = isEntry
    ? 'what is left of this entry is given up; pause the underlying to keep a new one away'
    : 'the exit is not given up for it';
  recordFault(turn, 'cancelled order', 'low', {
    code: 'cancelledElsewhere',
    message: `${record.key} was cancelled by another hand or the broker: ${became}`,
    retryable: false,
  });
  notify(turn, 'breach', 'An order was cancelled elsewhere', `${underlying}: ${became}`, !isEntry);
  attemptOver(turn, isEntry ? { ...record, message: STOPPED } : record, 'notFilled', null);
}

/**
 * Another hand changed our order, and another one works in its place: that hand's from now on, counted as such. The work ends, since
 * a next price would stand beside it; an exit pauses first.
 */
function changedElsewhere(turn: Turn, record: OrderRecord, order: BrokerOrder): void {
  if (isOver(record.status)) return;
  const { request, positionId, key } = record;
  const { intentId, attempt, purpose, underlying } = request;
  const { clientOrderId, brokerOrderId, updatedAt: at, filledContracts, replacedBy } = order;
  const report = { kind: 'orderCancelled', clientOrderId, brokerOrderId, filledContracts, at } as const;
  turn.emit({ kind: 'OrderReported', intentId, attempt, report });
  recordFault(turn, 'changed order', 'medium', {
    code: 'orderReplaced',
    message: `${key} (${brokerOrderId}) was replaced by ${replacedBy ?? 'another order'}, which was not sent from here`,
    retryable: false,
  });
  const body = `${underlying}: the order in its place is not worked from here; it counts in the limits, its positions will be adopted`;
  notify(turn, 'breach', 'Another hand changed an order', body, true);
  if (purpose === 'close') {
    const pause = turn.settings.execution.exitRetrySeconds * 1000;
    turn.present.nextExitTryAt.set(positionId, plusMs(turn.now, pause));
    wakeIn(turn, pause, 'retry', positionId);
  }
  attemptOver(turn, { ...(turn.state.orders.get(key) ?? record), message: STOPPED }, 'notFilled', null);
  askSnapshot(turn, 'fill');
}

/** An order that is not ours: shown, and its effect on positions found by the next reconciliation. */
function external(turn: Turn, report: Extract<BrokerReport, { kind: 'externalOrderSeen' }>): void {
  const { order } = report;
  turn.emit({
    kind: 'FaultRecorded',
    where: 'external order',
    severity: 'medium',
    fault: {
      code: 'externalOrder',
      message: `${order.underlying}: ${order.clientOrderId} is ${order.status} and was not sent from here`,
      retryable: false,
    },
  });
  notify(
    turn,
    'breach',
    'An order from elsewhere',
    `${order.underlying}: ${order.status}; it counts in the limits, its positions will be adopted`,
    true,
  );
  noteExternalOrder(turn, order);
  askManaging(turn);
  askSnapshot(turn, 'fill');
}

/** A look-up timer fired: ask again while the answer is still owed. */
export function lookUpDue(turn: Turn, key: string): void {
  const record = turn.state.orders.get(key);
  if (!record || isOver(record.status) || record.status === 'working' || record.status === 'pending') return;
  turn.act({ kind: 'lookUpOrder', intentId: record.request.intentId, attempt: record.request.attempt });
}
