import type { GateResult } from '#domain/decisions/decision';
import { midOf } from '#domain/market/chain';
import type { Fault } from '#ports/broker';
import type { EntryTerms, JournalFact } from '#ports/facts';
import { askManaging } from '../positions/askManaging.ts';
import { askSnapshot } from '../reconcile/askSnapshot.ts';
import { combinationQuote, isSane, symbolOf } from '../risk/combinationQuote.ts';
import { judge } from '../risk/judge.ts';
import { leavingQuoteOf, type TakenQuotes } from '../spot.ts';
import { isOver, keyOf, type OrderRecord, type Work } from '../state/orderRecord.ts';
import { riskBookOf } from '../state/riskBook.ts';
import { notify, type Turn, wakeIn } from '../turn.ts';
import { requestOf } from './request.ts';
import { noteThrottled } from './throttled.ts';
import type { WorkSpec } from './workSpec.ts';

/** Ids are counters, restored from the journal: the same events give the same ids. */
export function newIntentId(turn: Turn): string {
  turn.state.counters.intent += 1;
  return `i${turn.state.counters.intent}`;
}

/** Starts working an order at its first price. Answers with the gates that refused, or null when it went out; then `announced` stands before it. */
export function startWork(turn: Turn, spec: WorkSpec, announced: JournalFact | null = null): readonly GateResult[] | null {
  turn.present.specs.set(spec.intentId, spec);
  return sendAttempt(turn, spec, 1, 0, spec.stage.contracts, false, announced);
}

/** The newest attempt's record of a work. */
export function currentRecord(turn: Turn, intentId: string): OrderRecord | undefined {
  const work = turn.state.works.get(intentId);
  return work ? turn.state.orders.get(keyOf(intentId, work.attempt)) : undefined;
}

/** Works that are not over. */
export function activeWorks(turn: Turn): Work[] {
  return [...turn.state.works.values()].filter((work) => work.outcome === null);
}

/** True while an order for this position may still fill. */
export function isBeingWorked(turn: Turn, positionId: string): boolean {
  return activeWorks(turn).some((work) => work.positionId === positionId);
}

function sendAttempt(
  turn: Turn,
  spec: WorkSpec,
  attempt: number,
  rung: number,
  contracts: number,
  replacing: boolean,
  announced: JournalFact | null = null,
): readonly GateResult[] | null {
  const netLimit = spec.ladder.rungs[rung] ?? spec.ladder.bound;
  const underlying = underlyingOf(spec);
  const judgedUnits = Math.max(1, Math.round(contracts * spec.riskUnitsPerContract));
  const perShare = spec.stage.assetClass === 'stock' && spec.riskUnitsPerContract !== 1 ? netLimit + spec.restOfPrice : netLimit;
  const verdict = judge(
    {
      purpose: spec.purpose,
      origin: spec.origin,
      strategyId: spec.strategyId,
      positionId: spec.positionId,
      underlying,
      contracts: judgedUnits,
      netLimit: perShare,
      replacing,
      ...(spec.consent === undefined ? {} : { consent: spec.consent }),
      ...spec.risk,
    },
    riskBookOf(turn),
    turn.settings.risk,
    turn.settings.scanner,
  );
  noteThrottled(turn, verdict);
  if (verdict.kind === 'refused') {
    endWork(turn, spec.intentId, 'abandoned', `the risk gate refused: ${verdict.reasons.join(', ')}`);
    return verdict.gates.filter((gate) => !gate.passed);
  }
  const units =
    verdict.approved.contracts === judgedUnits ? contracts : Math.floor(verdict.approved.contracts / spec.riskUnitsPerContract);
  const request = requestOf({
    intentId: spec.intentId,
    attempt,
    assetClass: spec.stage.assetClass,
    underlying,
    legs: spec.stage.legs,
    contracts: units,
    netLimit,
    purpose: spec.purpose,
  });
  // What the gate cuts away is wanted no more: an order filled whole would else leave its work open for ever.
  const intended = (turn.state.works.get(spec.intentId)?.filled ?? 0) + units;
  if (announced) turn.emit(announced);
  turn.emit({
    kind: 'OrderIntended',
    request,
    strategyId: spec.strategyId,
    legs: spec.stage.legs,
    intended,
    unitWeight: spec.stage.unitWeight,
    entry: spec.entry && taxTagged(spec.entry, verdict.gates),
    positionId: spec.positionId,
    cause: spec.cause,
    ladder: spec.ladder,
    rung,
    gates: verdict.gates,
  });
  turn.act({ kind: 'submitOrder', request });
  const last = rung >= spec.ladder.rungs.length - 1;
  wakeIn(turn, spec.ladder.rungMs + (last ? spec.ladder.restMs : 0), 'rung', keyOf(spec.intentId, attempt));
  return null;
}

/** An entry within 30 days after a loss in the same underlying carries its tag into the position and its trade. */
function taxTagged(entry: EntryTerms, gates: readonly GateResult[]): EntryTerms {
  const follows = gates.some(({ gate, note }) => gate === 'washSale' && note !== undefined);
  return follows && !entry.tags.includes('washSale') ? { ...entry, tags: [...entry.tags, 'washSale'] } : entry;
}

function underlyingOf(spec: WorkSpec): string {
  const leg = spec.stage.legs[0];
  return leg === undefined ? '' : leg.kind === 'stock' ? leg.underlying : leg.contract.underlying;
}

/** A rung's time is over: take the order back; what comes next is decided when the broker confirms. */
export function rungOver(turn: Turn, key: string): void {
  const record = turn.state.orders.get(key);
  if (!record || isOver(record.status) || record.status === 'cancelPending') return;
  // It may turn out to be working: then its time was over long ago, and nothing else would move it to its next price.
  if (record.status === 'inDoubt') return wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'rung', key);
  requestCancel(turn, record, 'time at this price is over');
}

/** Asks the broker to take an order back, and makes sure that the answer is looked for. */
export function requestCancel(turn: Turn, record: OrderRecord, reason: string): void {
  const { intentId, attempt } = record.request;
  turn.emit({ kind: 'CancelRequested', intentId, attempt, reason });
  turn.act({ kind: 'cancelOrder', intentId, attempt });
  wakeIn(turn, turn.settings.execution.lookUpSeconds * 1000, 'lookUp', record.key);
}

/** The attempt is over without filling all: next price, a retry after a pause, or the end. */
export function attemptOver(turn: Turn, record: OrderRecord, how: 'notFilled' | 'rejected', fault: Fault | null): void {
  const { intentId, attempt } = record.request;
  const work = turn.state.works.get(intentId);
  if (!work || work.outcome !== null || work.attempt !== attempt) return;
  const quote = combinationQuote(record.legs, (symbol) =>
    record.request.purpose === 'close' ? leavingQuoteOf(turn.present, symbol) : (turn.present.quotes.get(symbol) ?? null),
  );
  turn.emit({
    kind: 'RungEnded',
    intentId,
    attempt,
    rung: record.rung,
    limit: record.request.netLimit,
    bid: quote ? round4(quote.natural) : 0,
    ask: quote ? round4(2 * quote.mid - quote.natural) : 0,
    outcome: how === 'rejected' ? 'rejected' : record.filled > 0 ? 'partiallyFilled' : 'notFilled',
    ms: turn.now - record.createdAt,
  });
  // It was taken for the reason why the books differ: what another hand did can be told from it now.
  if (record.request.legs.some(({ symbol }) => turn.present.drift.has(symbol))) askSnapshot(turn, 'gap');
  const spec = turn.present.specs.get(intentId);
  const remaining = work.intended - work.filled;
  if (remaining <= 0) return;
  if (!spec)
    return endWork(turn, intentId, work.filled > 0 ? 'partiallyFilled' : 'notFilled', 'the session that wanted it is over');
  if (how === 'rejected') {
    if (fault && !fault.retryable) return endWork(turn, intentId, 'abandoned', fault.message);
    if (work.retries + 1 > turn.settings.execution.maxRetries) return endWork(turn, intentId, 'abandoned', 'retries are used up');
    const pause = turn.settings.execution.retrySeconds * 1000 * 2 ** work.retries;
    return wakeIn(turn, pause, 'retry', intentId);
  }
  if (record.message === STOPPED) return endWork(turn, intentId, outcomeOf(work), STOPPED);
  if (nextRung(record) >= spec.ladder.rungs.length)
    return endWork(turn, intentId, outcomeOf(work), 'no more prices within the bound');
  waitForQuotes(turn, spec);
}

/** The reason that ends a work instead of moving it to the next price. */
export const STOPPED = 'stopped';

/** The reason of a cancel that only makes an order smaller: an earlier one did a part of its work. */
export const OVERTAKEN = 'an earlier order filled after all';

/** The same price again for an order that never stood at it, or was taken back for its size alone; else the next. */
function nextRung({ status, rung, message }: OrderRecord): number {
  return status === 'rejected' || status === 'notSent' || message === OVERTAKEN ? rung : rung + 1;
}

function outcomeOf(work: Work): 'partiallyFilled' | 'notFilled' {
  return work.filled > 0 ? 'partiallyFilled' : 'notFilled';
}

/** No order leaves on old prices: ask for the legs' quotes, go on when they come. */
export function waitForQuotes(turn: Turn, spec: WorkSpec): void {
  turn.present.waitingForQuotes.add(spec.intentId);
  turn.act({ kind: 'requestQuotes', symbols: symbolsOf(spec) });
  wakeIn(turn, turn.settings.execution.exitRetrySeconds * 1000, 'retry', spec.intentId);
}

/** A work that starts only when its legs have fresh quotes: they were not watched before. */
export function startWhenQuoted(turn: Turn, spec: WorkSpec): void {
  turn.present.specs.set(spec.intentId, spec);
  waitForQuotes(turn, spec);
}

/** The pause of a work is over: quotes for its next attempt, or its end when none came the last time. */
export function pauseOver(turn: Turn, spec: WorkSpec): void {
  if (turn.present.waitingForQuotes.has(spec.intentId)) {
    return endWaiting(turn, spec.intentId, 'no fresh quotes came');
  }
  const record = currentRecord(turn, spec.intentId);
  if (record && isOver(record.status)) waitForQuotes(turn, spec);
}

/** Stale intentions die: works between two orders end here, an exit among them is decided anew from fresh quotes. */
export function dropWaiting(turn: Turn, reason: string, concerns: (spec: WorkSpec) => boolean = () => true): void {
  for (const intentId of [...turn.present.waitingForQuotes]) {
    const spec = turn.present.specs.get(intentId);
    if (spec && !concerns(spec)) continue;
    endWaiting(turn, intentId, reason);
  }
}

/** A work that waits for quotes ends; the new part of a roll that was never sent has nothing else to say so. */
function endWaiting(turn: Turn, intentId: string, reason: string): void {
  const spec = turn.present.specs.get(intentId);
  const work = turn.state.works.get(intentId);
  endWork(turn, intentId, work ? outcomeOf(work) : 'notFilled', reason);
  if (!work && spec?.purpose === 'open') notReopened(turn, spec, reason);
}

function symbolsOf(spec: WorkSpec): string[] {
  return [...new Set([...spec.stage.legs.map(symbolOf), ...spec.risk.legs.map(symbolOf), underlyingOf(spec)])];
}

/** Every leg, and for an entry the underlying, came with this answer, or are as young as an entry asks. */
function isQuoted({ now, settings, present }: Turn, spec: WorkSpec, { priced, shares }: TakenQuotes): boolean {
  const oldest = now - settings.scanner.maxQuoteAgeSeconds * 1000;
  if (spec.purpose === 'open')
    return symbolsOf(spec).every((symbol) => priced.has(symbol) || (present.quotes.get(symbol)?.at ?? 0) >= oldest);
  // An exit goes on at its legs' prices: a stock whose quote cannot be believed holds back entries only.
  return spec.stage.legs
    .map(symbolOf)
    .every((symbol) => priced.has(symbol) || shares.has(symbol) || (leavingQuoteOf(present, symbol)?.at ?? 0) >= oldest);
}

/** Fresh quotes are here: the next price of every work that waited for them. Others go on waiting. */
export function continueWorks(turn: Turn, arrived: TakenQuotes): void {
  for (const intentId of [...turn.present.waitingForQuotes]) {
    const waiting = turn.present.specs.get(intentId);
    if (waiting && !isQuoted(turn, waiting, arrived)) continue;
    turn.present.waitingForQuotes.delete(intentId);
    const spec = turn.present.specs.get(intentId);
    if (spec && !turn.state.works.has(intentId)) {
      const refused = startWork(turn, spec);
      if (refused) notReopened(turn, spec, namesOf(refused));
      continue;
    }
    const work = turn.state.works.get(intentId);
    const record = currentRecord(turn, intentId);
    if (!spec || !work || work.outcome !== null || !record || !isOver(record.status)) continue;
    if (movedAway(turn, spec)) {
      endWork(turn, intentId, outcomeOf(work), 'the underlying moved out of its band');
      continue;
    }
    const rung = Math.min(nextRung(record), spec.ladder.rungs.length - 1);
    sendAttempt(turn, spec, work.attempt + 1, rung, work.intended - work.filled, true);
  }
}

function namesOf(refused: readonly GateResult[]): string {
  return refused.map(({ gate, note }) => (note === undefined ? gate : `${gate} (${note})`)).join(', ');
}

/** The new part of a roll is not sent, by the gate or for want of quotes: the position stays closed, on record and told. */
function notReopened(turn: Turn, spec: WorkSpec, why: string): void {
  const message = `${underlyingOf(spec)} was rolled out and is not opened again: ${why}`;
  const fault: Fault = { code: 'riskGate', message, retryable: false };
  turn.emit({ kind: 'FaultRecorded', where: `roll into ${spec.positionId}`, severity: 'low', fault });
  notify(turn, 'exit', `${underlyingOf(spec)}: rolled out, not reopened`, why);
}

/** Entries only: an exit is not given up because the market moved. */
function movedAway(turn: Turn, spec: WorkSpec): boolean {
  if (spec.purpose === 'close') return false;
  const quote = turn.present.quotes.get(underlyingOf(spec)) ?? null;
  if (!isSane(quote)) return false;
  return Math.abs(midOf(quote) / spec.ladder.spotAtDecision - 1) > spec.ladder.abortBand;
}

/** Ends a work. A small partial entry is closed again; the rest of a sequence is given up with it. */
export function endWork(turn: Turn, intentId: string, outcome: NonNullable<Work['outcome']>, reason: string): void {
  const work = turn.state.works.get(intentId);
  if (work && work.outcome === null) turn.emit({ kind: 'OrderWorkEnded', intentId, outcome, reason });
  turn.present.specs.delete(intentId);
  turn.present.waitingForQuotes.delete(intentId);
  if (work?.purpose !== 'close') return;
  if (outcome === 'abandoned') notify(turn, 'error', 'An exit could not be sent', reason, true);
  // What it left is looked at again now, unless it pauses: the next check may be minutes away.
  if (outcome !== 'filled' && (turn.present.nextExitTryAt.get(work.positionId) ?? turn.now) <= turn.now) askManaging(turn);
}

function round4(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
