import type { Position } from '#domain/portfolio/position';
import { plusMs } from '#domain/units';
import type { AccountSnapshot, BrokerOrder } from '#ports/broker';
import type { Actor, KillVerb } from '#ports/commands';
import { type KillState, type LatchRecord, STRENGTH } from '#ports/latch';
import { activeWorks, currentRecord, dropWaiting, isBeingWorked, requestCancel, STOPPED } from '../execution/work.ts';
import { closePosition } from '../positions/close.ts';
import { coversAnother } from '../positions/coversAnother.ts';
import { makeWay } from '../positions/makeWay.ts';
import { tellRefusal } from '../positions/tellRefusal.ts';
import { askSnapshot } from '../reconcile/askSnapshot.ts';
import { ownRecord, unrecordedOrderNoted, whoseOrder } from '../reconcile/whoseOrder.ts';
import { leavingQuoteOf } from '../spot.ts';
import { opens } from '../state/externalExposures.ts';
import { isOver } from '../state/orderRecord.ts';
import { notify, type Turn, wakeIn } from '../turn.ts';

const STATE_OF: Readonly<Record<KillVerb, KillState>> = { stopEntries: 'REDUCING', freeze: 'HALTED', flatten: 'FLATTENING' };

/** Throws the switch: the latch first, then the orders. */
export function throwKillSwitch(turn: Turn, verb: KillVerb, reason: string, by: string): string {
  const before = turn.parts.latch.read();
  const from = before.state;
  const wanted = STATE_OF[verb];
  // A weaker verb never loosens a stronger state.
  const to = verb === 'flatten' || STRENGTH[wanted] > STRENGTH[from] ? wanted : from;
  // What a hand confirms or a breaker finds is theirs from then on: nothing releases it by itself.
  if (to !== from || endsByItself(before)) moveLatch(turn, before, to, reason, by);
  enforce(turn, to);
  if (to === 'FLATTENING') flattenAll(turn);
  return to === from ? `The kill switch was already ${from}.` : `The kill switch is ${to}.`;
}

/**
 * Journals and writes a new state in the place of the record that was `seen`. The latch file is written by the runtime before any
 * other act of this turn, unless another hand has moved it since: then that stands, and the engine takes it up.
 */
function moveLatch(turn: Turn, seen: LatchRecord, to: KillState, reason: string, by: string): void {
  rewriteLatch(turn, seen, to, reason, by);
  notify(turn, 'killSwitch', `Kill switch: ${to}`, reason, to !== 'ACTIVE');
  if (to !== 'ACTIVE') wakeIn(turn, turn.settings.failsafe.verifySeconds * 1000, 'verify');
}

function rewriteLatch(turn: Turn, seen: LatchRecord, to: KillState, reason: string, by: string): void {
  turn.emit({ kind: 'KillStateChanged', from: seen.state, to, reason, by });
  turn.act({ kind: 'moveLatch', seen, record: { state: to, reason, by, at: turn.now } });
}

/** Thrown over a death of the program, by its restart or its watchdog: the one thing that may end without a hand. */
function endsByItself({ state, by }: LatchRecord): boolean {
  return state === 'REDUCING' && (by === 'restart' || by === 'watchdog');
}

/** Journals and tells what another hand did to the latch, while this program ran or before. */
export function noteLatch(turn: Turn): void {
  const record = turn.parts.latch.read();
  const last = turn.state.killHistory.at(-1)?.to ?? 'ACTIVE';
  if (record.state === last) return;
  const from = last === 'REDUCING' || last === 'HALTED' || last === 'FLATTENING' ? last : 'ACTIVE';
  turn.emit({ kind: 'KillStateChanged', from, to: record.state, reason: record.reason, by: record.by });
  notify(turn, 'killSwitch', `Kill switch: ${record.state}`, record.reason, record.state !== 'ACTIVE');
}

/** The latch as another hand left it: journalled, told and enforced at once. */
export function takeUpLatch(turn: Turn): void {
  noteLatch(turn);
  turn.present.thrownByDeath = null;
  const record = turn.parts.latch.read();
  const { state } = record;
  // This engine is alive and has told the owner: no later death may pass this throw off as its own and end it.
  if (endsByItself(record)) rewriteLatch(turn, record, state, record.reason, 'engine');
  enforce(turn, state);
  if (state !== 'ACTIVE') wakeIn(turn, turn.settings.failsafe.verifySeconds * 1000, 'verify');
  if (state === 'FLATTENING') flattenAll(turn);
}

/**
 * A start after a session without an end, whose death threw the switch: remembered, so that no later throw is taken for it. Only
 * the account that died can answer for it.
 */
export function noteDeath(turn: Turn): void {
  const record = turn.parts.latch.read();
  const isSame = turn.state.account === turn.parts.account;
  turn.present.thrownByDeath = turn.state.sessionOpen && isSame && endsByItself(record) ? record : null;
}

/** The account agrees with the journal after a start: what a death alone had thrown is over, unless a hard breaker stands. */
export function releaseAfterRestart(turn: Turn): void {
  const { thrownByDeath } = turn.present;
  const record = turn.parts.latch.read();
  if (thrownByDeath === null || record.at !== thrownByDeath.at || !endsByItself(record)) return;
  const isHeld = [...turn.state.breakers.values()].some(({ severity }) => severity === 'high' || severity === 'critical');
  if (isHeld) return;
  turn.present.thrownByDeath = null;
  moveLatch(turn, record, 'ACTIVE', 'the account agrees with the journal', 'engine');
}

/** Takes back what the state does not allow to work: entries in REDUCING and FLATTENING, everything in HALTED. */
export function enforce(turn: Turn, state: KillState): void {
  if (state === 'ACTIVE') return;
  dropWaiting(turn, 'kill switch', (spec) => spec.purpose === 'open' || state === 'HALTED');
  for (const work of activeWorks(turn)) {
    if (work.purpose === 'close' && state !== 'HALTED') continue;
    const record = currentRecord(turn, work.intentId);
    if (!record) continue;
    if (isOver(record.status))
      turn.emit({
        kind: 'OrderWorkEnded',
        intentId: work.intentId,
        outcome: work.filled > 0 ? 'partiallyFilled' : 'notFilled',
        reason: 'kill switch',
      });
    else if (record.status !== 'cancelPending') requestCancel(turn, record, STOPPED);
  }
}

/** The switch was thrown a moment ago, or the desk is ending: the broker's own list of open orders says whether everything is gone. */
export function verifyDue(turn: Turn): void {
  if (turn.parts.latch.read().state !== 'ACTIVE' || turn.present.standingDown !== null) askSnapshot(turn, 'gap');
}

/**
 * What bears this journal's name and the broker still shows while the switch is thrown or the desk is ending, whatever our
 * book believes of it: taken back by the broker's id, told, and looked for again. Entries; with HALTED everything.
 */
export function verifyNoneLeft(turn: Turn, snapshot: AccountSnapshot): void {
  const { state } = turn.parts.latch.read();
  turn.present.ordersAtBroker = 0;
  if (state === 'ACTIVE' && turn.present.standingDown === null) return;
  for (const order of snapshot.openOrders) {
    if (!bearsOurName(turn, order)) continue;
    if (!opensSomething(turn, order) && state !== 'HALTED') continue;
    turn.present.ordersAtBroker += 1;
    takeBackShown(turn, order);
  }
  const count = turn.present.ordersAtBroker;
  if (count === 0) return;
  notify(
    turn,
    'killSwitch',
    `${state === 'HALTED' ? 'Orders' : 'Entries'} are still open at the broker`,
    `${count} of them; cancelled again`,
    true,
  );
  wakeIn(turn, turn.settings.failsafe.verifySeconds * 1000, 'verify');
}

function bearsOurName(turn: Turn, { clientOrderId }: BrokerOrder): boolean {
  return whoseOrder(turn, clientOrderId).kind !== 'elsewhere';
}

function opensSomething(turn: Turn, order: BrokerOrder): boolean {
  const record = ownRecord(turn, order.clientOrderId);
  return record ? record.request.purpose === 'open' : opens(turn, order);
}

/** Asked for by the broker's id where our book has no living attempt to ask for. */
function takeBackShown(turn: Turn, order: BrokerOrder): void {
  const whose = whoseOrder(turn, order.clientOrderId);
  if (whose.kind === 'ours' && whose.record && !isOver(whose.record.status)) return requestCancel(turn, whose.record, STOPPED);
  if (whose.kind === 'ours')
    turn.emit({ kind: 'CancelRequested', intentId: whose.intentId, attempt: whose.attempt, reason: STOPPED });
  else turn.emit(unrecordedOrderNoted(order, 'takenBack'));
  turn.act({ kind: 'cancelAtBroker', clientOrderId: order.clientOrderId, brokerOrderId: order.brokerOrderId });
}

/**
 * Works every position out as whole combinations. A close that is being worked to natural goes on; one that can wait gives way. What
 * covers another position's short is left when that short is bought back, never before.
 */
export function flattenAll(turn: Turn): void {
  for (const position of [...turn.state.positions.values()]) flattenOne(turn, position);
}

function flattenOne(turn: Turn, position: Position): void {
  if (position.legs.length === 0) return;
  if (isBeingWorked(turn, position.positionId)) return makeWay(turn, position, 'killSwitch');
  if (coversAnother(turn, position)) return;
  const pause = turn.settings.execution.exitRetrySeconds * 1000;
  turn.present.nextExitTryAt.set(position.positionId, plusMs(turn.now, pause));
  wakeIn(turn, pause, 'retry', position.positionId);
  const refused = closePosition(turn, position, Math.max(position.units, 1), {
    reason: 'killSwitch',
    rule: { gate: 'flatten', passed: false, value: position.units, limit: 0, unit: 'contracts' },
    flattening: true,
  });
  tellRefusal(turn, position, refused);
}

/** While flattening: positions that could not be closed yet are tried again; when all are flat the latch stays, HALTED. */
export function continueFlattening(turn: Turn): void {
  const record = turn.parts.latch.read();
  if (record.state !== 'FLATTENING') return;
  if (turn.state.positions.size === 0 && activeWorks(turn).length === 0) {
    moveLatch(turn, record, 'HALTED', 'everything is flat', 'engine');
    return;
  }
  for (const position of [...turn.state.positions.values()])
    if (turn.now >= (turn.present.nextExitTryAt.get(position.positionId) ?? 0)) flattenOne(turn, position);
}

/** Only the owner releases, and only at this machine: stopping is open to every hand, starting again is not. */
export function whyNotReleasedBy({ role, via }: Actor): string | null {
  if (role !== 'owner')
    return `The kill switch is released by the owner, not by ${role === 'system' ? 'the program' : `a ${role}`}.`;
  if (via === 'desktop' || via === 'browser' || via === 'commandLine') return null;
  return `The kill switch is not released over ${via}: use the window at this machine.`;
}

/** Releases the switch: only with the word, the hold and a reason; never by itself. Answers why not, or null. */
export function releaseKillSwitch(turn: Turn, word: string, heldMs: number, reason: string, by: string): string | null {
  const { releaseWord, releaseHoldSeconds } = turn.settings.failsafe;
  const seen = turn.parts.latch.read();
  if (seen.state === 'ACTIVE') return 'The kill switch is not thrown.';
  if (word !== releaseWord) return `Type ${releaseWord} to release.`;
  if (heldMs < releaseHoldSeconds * 1000)
    return `Hold the button for ${releaseHoldSeconds} s; it was held for ${(heldMs / 1000).toFixed(1)} s.`;
  if (reason.trim() === '') return 'Give a reason for the journal.';
  moveLatch(turn, seen, 'ACTIVE', reason, by);
  return null;
}

/** How far a thrown switch has come, against what the broker has confirmed; null when there is nothing left to do. */
export function killProgress(turn: Turn): string | null {
  const { state } = turn.parts.latch.read();
  if (state === 'ACTIVE') return null;
  if (state === 'FLATTENING') return flattenProgress(turn);
  const working = activeWorks(turn).filter((work) => {
    const record = currentRecord(turn, work.intentId);
    return (work.purpose === 'open' || state === 'HALTED') && record !== undefined && !isOver(record.status);
  }).length;
  const left = Math.max(working, turn.present.ordersAtBroker);
  const [one, several] = state === 'HALTED' ? ['order', 'orders'] : ['entry', 'entries'];
  return left === 0 ? null : `${left} ${left === 1 ? one : several} not yet confirmed as cancelled`;
}

/** '3 left, 1 working, 1 without a bid'. */
function flattenProgress(turn: Turn): string {
  const open = [...turn.state.positions.values()];
  const working = open.filter((position) => activeWorks(turn).some((work) => work.positionId === position.positionId)).length;
  const without = open.filter((position) =>
    position.legs.some((leg) => !((leavingQuoteOf(turn.present, leg.symbol)?.bid ?? 0) > 0)),
  ).length;
  return `${open.length} left, ${working} working, ${without} without a bid`;
}
