import type { AccountSnapshot } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { checkLosses } from '../breakers/losses.ts';
import { takeFoundOrder } from '../execution/intake.ts';
import { activeWorks, currentRecord, endWork, requestCancel, STOPPED } from '../execution/work.ts';
import { releaseAfterRestart, verifyNoneLeft } from '../kill-switch/killSwitch.ts';
import { noteLookAtEnd } from '../kill-switch/standDown.ts';
import { askManaging } from '../positions/askManaging.ts';
import { valueElsewhere } from '../positions/markedEquity.ts';
import { isUnproved } from '../state/doubt.ts';
import { isOver } from '../state/orderRecord.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { bookActivities } from './activities.ts';
import { compareCash, openCashBook } from './cash.ts';
import { openDayIfNew } from './day.ts';
import { reconcileDay, settleDays } from './dayEnd.ts';
import { explainDifferences } from './differences.ts';
import { noteDrift } from './drift.ts';
import { noteExternalOrders } from './externalOrders.ts';
import { bookFillPrices } from './fillPrices.ts';
import { noteUnrecordedOrders } from './unrecorded.ts';
import { ownRecord } from './whoseOrder.ts';

/**
 * Compares our book with the broker's, explains every difference and resolves what it can: missed fills first (from the
 * broker's orders), then expirations, assignments, trades elsewhere. What stays unexplained stops entries. A structure that lost
 * a leg that way is managed at once, not at the next round.
 */
export function takeSnapshot(
  turn: Turn,
  snapshot: AccountSnapshot,
  trigger: 'start' | 'sweep' | 'gap' | 'fill' | 'endOfDay',
): void {
  turn.present.snapshot = snapshot;
  turn.present.journalEndedAt = null;
  noteUnrecordedOrders(turn, snapshot);
  noteExternalOrders(turn, snapshot);
  sweepOrders(turn, snapshot);
  if (!turn.present.reconciled) endInterrupted(turn);
  const news = snapshot.activities.filter(({ activityId }) => !turn.state.bookedActivities.has(activityId));
  const differences: Difference[] = [...bookActivities(turn, snapshot.activities)];
  const inPositions = [...explainDifferences(turn, snapshot)];
  openCashBook(turn, snapshot);
  settleDays(turn, snapshot);
  const agree = inPositions.every(({ resolved }) => resolved);
  if (agree) differences.push(...inPositions, ...bookFillPrices(turn), ...compareCash(turn, { ...snapshot, activities: news }));
  else differences.push(...inPositions);
  const first = !turn.present.reconciled;
  const equityMoved = turn.state.lastEquity === null || turn.state.lastEquity.equity !== snapshot.account.equity;
  if (first || turn.state.consecutiveErrors > 0 || differences.length > 0 || trigger !== 'sweep' || equityMoved) {
    turn.emit({ kind: 'Reconciled', trigger, differences, equity: snapshot.account.equity, cash: snapshot.account.cash });
  }
  if (trigger === 'endOfDay') reconcileDay(turn, snapshot, differences);
  noteDrift(turn, differences);
  openDayIfNew(turn, snapshot);
  turn.present.reconciled = true;
  noteAgreement(turn, differences);
  verifyNoneLeft(turn, snapshot);
  noteLookAtEnd(turn);
  turn.present.accountAgrees = differences.every(({ resolved }) => resolved);
  if (turn.present.accountAgrees) turn.present.valueElsewhere = valueElsewhere(snapshot) ?? turn.present.valueElsewhere;
  checkLosses(turn, turn.state.lastEquity?.equity ?? null, 'by the broker');
  if (inPositions.some(({ resolved }) => resolved)) askManaging(turn);
}

/** Every difference explained and no order in doubt: only now is a start really over. */
function noteAgreement(turn: Turn, differences: readonly Difference[]): void {
  if (!turn.present.awaitingFirstAgreement && turn.present.thrownByDeath === null) return;
  const inDoubt = [...turn.state.orders.values()].some((order) => isUnproved(order) || order.status === 'intended');
  if (inDoubt || differences.some(({ resolved }) => !resolved)) return;
  turn.present.awaitingFirstAgreement = false;
  releaseAfterRestart(turn);
}

/** Orders of ours that the broker sees differently; at a start every order still working is taken back: stale intentions die. */
function sweepOrders(turn: Turn, snapshot: AccountSnapshot): void {
  const atStart = !turn.present.reconciled;
  const theirs = new Map([...snapshot.closedOrders, ...snapshot.openOrders].map((order) => [order.clientOrderId, order]));
  for (const order of theirs.values()) {
    const record = ownRecord(turn, order.clientOrderId);
    if (!record) continue;
    const { intentId, attempt } = record.request;
    if (isUnproved(record))
      turn.emit({
        kind: 'OrderProved',
        intentId,
        attempt,
        outcome: 'found',
        evidence: 'it is in the account snapshot',
      });
    if (isUnproved(record) || record.status === 'intended')
      turn.emit({
        kind: 'OrderReported',
        intentId,
        attempt,
        report: { kind: 'orderLookedUp', clientOrderId: order.clientOrderId, order, at: snapshot.at },
      });
    takeFoundOrder(turn, turn.state.orders.get(record.key) ?? record, order);
  }
  for (const record of turn.state.orders.values()) {
    if (isOver(record.status)) continue;
    const known = record.clientOrderId !== null && theirs.has(record.clientOrderId);
    if (atStart && (known || record.brokerOrderId !== null)) requestCancel(turn, record, STOPPED);
    else if (!known && turn.now - record.createdAt > turn.settings.execution.lookUpSeconds * 1000) {
      if (record.status === 'intended')
        turn.emit({
          kind: 'OrderInDoubt',
          intentId: record.request.intentId,
          attempt: record.request.attempt,
          fault: { code: 'silence', message: 'nothing was heard of it', retryable: true },
        });
      turn.act({ kind: 'lookUpOrder', intentId: record.request.intentId, attempt: record.request.attempt });
    } else if (atStart) {
      turn.emit({
        kind: 'OrderInDoubt',
        intentId: record.request.intentId,
        attempt: record.request.attempt,
        fault: { code: 'restart', message: 'the program stopped before an answer came', retryable: true },
      });
      wakeIn(turn, 0, 'lookUp', record.key);
    }
  }
}

/**
 * Works that stood between two prices when the program stopped: their last order is over and nobody is left to send the next.
 * Left open they would count as being worked for ever, and their positions would never be exited.
 */
function endInterrupted(turn: Turn): void {
  for (const work of activeWorks(turn)) {
    const record = currentRecord(turn, work.intentId);
    if (turn.present.specs.has(work.intentId) || (record && !isOver(record.status))) continue;
    endWork(turn, work.intentId, work.filled > 0 ? 'partiallyFilled' : 'notFilled', 'the session that wanted it is over');
  }
}
