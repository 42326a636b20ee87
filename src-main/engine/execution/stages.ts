import type { GateResult } from '#domain/decisions/decision';
import { cents } from '#domain/units';
import { recordFault } from '../breakers/breakers.ts';
import { closePosition } from '../positions/close.ts';
import { markOf } from '../positions/mark.ts';
import { openRolled } from '../positions/roll.ts';
import { unitGreeks } from '../positions/unitGreeks.ts';
import { worstClosePrice } from '../positions/worstClose.ts';
import { combinationQuote, symbolOf } from '../risk/combinationQuote.ts';
import { leavingQuoteOf } from '../spot.ts';
import type { OrderRecord } from '../state/orderRecord.ts';
import { notify, type Turn } from '../turn.ts';
import { takeBackExcess } from './excess.ts';
import { buildLadder } from './ladder.ts';
import { endWork, isBeingWorked, newIntentId, startWork } from './work.ts';
import type { Stage, WorkSpec } from './workSpec.ts';

/** After a fill was booked: the work ends when it has all it wanted, and the next stage begins. */
export function afterFill(turn: Turn, record: OrderRecord): void {
  const { intentId, attempt } = record.request;
  const work = turn.state.works.get(intentId);
  refreshMark(turn, record.positionId);
  const whole = record.filled >= record.request.contracts;
  if (whole) {
    turn.emit({
      kind: 'RungEnded',
      intentId,
      attempt,
      rung: record.rung,
      limit: record.request.netLimit,
      bid: 0,
      ask: 0,
      outcome: 'filled',
      ms: turn.now - record.createdAt,
    });
  }
  notify(
    turn,
    'fill',
    `${record.request.purpose === 'open' ? 'Opened' : 'Closed'} ${record.request.underlying}`,
    `${record.filled} of ${record.request.contracts} at ${record.filledValue === 0 ? '' : (record.filledValue / record.filled).toFixed(2)}`,
  );
  takeBackExcess(turn, record.positionId);
  if (!work || work.outcome !== null) return;
  if (work.filled >= work.intended) {
    const spec = turn.present.specs.get(intentId);
    endWork(turn, intentId, 'filled', 'all filled');
    if (spec) nextStage(turn, spec);
  }
}

/** A position counts with its greeks from its first fill on: the limits cannot wait for the next round. */
function refreshMark(turn: Turn, positionId: string): void {
  const position = turn.state.positions.get(positionId);
  if (!position || position.legs.length === 0) return;
  const mark = markOf(
    position,
    (symbol) => turn.present.quotes.get(symbol) ?? null,
    turn.now,
    turn.settings.scanner.riskFreeRate,
  );
  if (mark) turn.present.marks.set(positionId, mark);
}

/** The next order of a sequence (shares before the call; shorts before longs), or what follows the whole. */
function nextStage(turn: Turn, spec: WorkSpec): void {
  const [stage, ...later] = whatFollows(turn, spec);
  if (stage) {
    if (!isFresh(turn, spec, stage)) {
      turn.present.stagesToQuote.set(spec.positionId, spec);
      turn.act({ kind: 'requestQuotes', symbols: symbolsOf(spec, stage) });
      return;
    }
    const next = stageSpec(turn, spec, stage, later);
    const refused = next ? startWork(turn, next) : null;
    if (refused) stuck(turn, spec, refused);
    return;
  }
  if (spec.rollTo) openRolled(turn, spec, spec.rollTo);
}

/** The later stages; where the gate cut this one down, no more of them than belongs to what it let through. */
function whatFollows(turn: Turn, { intentId, stage, later }: WorkSpec): readonly Stage[] {
  const intended = turn.state.works.get(intentId)?.intended ?? stage.contracts;
  if (intended >= stage.contracts) return later;
  return later
    .map((next) => ({ ...next, contracts: Math.floor((next.contracts * intended) / stage.contracts) }))
    .filter(({ contracts }) => contracts > 0);
}

/** Quotes are here: the stages that waited for theirs go on. One whose position is being left or worked otherwise is given up. */
export function continueStages(turn: Turn): void {
  for (const [positionId, spec] of [...turn.present.stagesToQuote]) {
    const [stage] = spec.later;
    const position = turn.state.positions.get(positionId);
    const isGone = !stage || !position || position.status === 'closing' || isBeingWorked(turn, positionId);
    if (!isGone && !isFresh(turn, spec, stage)) continue;
    turn.present.stagesToQuote.delete(positionId);
    if (!isGone) nextStage(turn, spec);
  }
}

/** Entries on quotes as young as the gate asks; a closing stage goes on what there is, as every exit does. */
function isFresh(turn: Turn, spec: WorkSpec, stage: Stage): boolean {
  if (spec.purpose === 'close') return true;
  const oldest = turn.now - turn.settings.scanner.maxQuoteAgeSeconds * 1000;
  return symbolsOf(spec, stage).every((symbol) => (turn.present.quotes.get(symbol)?.at ?? 0) >= oldest);
}

function symbolsOf(spec: WorkSpec, stage: Stage): string[] {
  const [leg] = spec.stage.legs;
  const underlying = leg === undefined ? [] : [leg.kind === 'stock' ? leg.underlying : leg.contract.underlying];
  return [...new Set([...stage.legs.map(symbolOf), ...underlying])];
}

/** Half a structure that may not go on is said, and journalled with the numbers; positions are then managed by their rules. */
function stuck(turn: Turn, spec: WorkSpec, refused: readonly GateResult[]): void {
  const why = refused
    .map(({ gate, value, limit, unit }) => `${gate} ${value ?? 'unknown'} against ${limit ?? 'none'} ${unit}`)
    .join(', ');
  const message = `The next leg of ${spec.positionId} was refused: ${why}.`;
  recordFault(turn, `stage of ${spec.positionId}`, 'low', { code: 'riskGate', message, retryable: false });
  notify(turn, 'error', 'The next leg was refused', message, true);
}

function stageSpec(turn: Turn, spec: WorkSpec, stage: Stage, later: readonly Stage[]): WorkSpec | null {
  const quote = combinationQuote(stage.legs, (symbol) =>
    spec.purpose === 'close' ? leavingQuoteOf(turn.present, symbol) : (turn.present.quotes.get(symbol) ?? null),
  );
  if (!quote) {
    notify(turn, 'error', 'The next leg has no usable quote', stage.legs.map(symbolOf).join(', '), true);
    return null;
  }
  const { execution } = turn.settings;
  const ladder = buildLadder(
    {
      legs: stage.legs,
      profile: spec.purpose === 'open' ? execution.entryProfile : execution.exitProfile,
      mid: quote.mid,
      natural: quote.natural,
      // The first stage is held by now: half a structure costs more than the spread.
      boundOfSpread: 1,
      spot: spec.ladder.spotAtDecision,
      purpose: spec.purpose,
      frozenBound: spec.purpose === 'close' ? worstClosePrice(stage.legs) : leftOfLimit(turn, spec),
    },
    execution,
  );
  return {
    ...spec,
    intentId: newIntentId(turn),
    stage,
    later,
    earlier: [...spec.earlier, spec.intentId],
    ladder,
    restOfPrice: 0,
    riskUnitsPerContract: 1,
    risk: spec.purpose === 'open' ? completionRisk(turn, spec, stage) : { ...spec.risk, legs: stage.legs },
  };
}

/** What the owner's limit for the whole leaves for the last stage, after what the shares before it cost. */
function leftOfLimit(turn: Turn, { ownLimit, earlier, intentId }: WorkSpec): number | null {
  if (ownLimit === undefined) return null;
  const intents = new Set([...earlier, intentId]);
  const orders = [...turn.state.orders.values()].filter(({ request }) => intents.has(request.intentId));
  const filled = orders.reduce((sum, order) => sum + order.filled, 0);
  return filled === 0 ? null : ownLimit - orders.reduce((sum, { filledValue }) => sum + filledValue, 0) / filled;
}

/**
 * What the gate is asked of a stage that completes a structure: the stage's own legs. What the whole may cost was asked of the
 * first stage and is held by now; asked again, it would count twice and leave the shares without their call.
 */
function completionRisk(turn: Turn, spec: WorkSpec, stage: Stage): WorkSpec['risk'] {
  const [leg] = stage.legs;
  const underlying = leg === undefined ? '' : leg.kind === 'stock' ? leg.underlying : leg.contract.underlying;
  const greeks = unitGreeks(
    stage.legs,
    underlying,
    { now: turn.now, quoteOf: (symbol) => turn.present.quotes.get(symbol) ?? null },
    turn.settings.scanner.riskFreeRate,
  );
  return {
    legs: stage.legs,
    maxLossPerUnit: null,
    deltaSharesPerUnit: greeks?.deltaShares ?? null,
    vegaDollarsPerUnit: greeks?.vegaDollars ?? null,
    buyingPowerEffectPerUnit: cents(0),
    strategyLimits: null,
    secured: spec.risk.secured,
  };
}

/** A small partial entry is not worth its exits: below the least share it is closed again. */
export function afterEntryEnded(turn: Turn, positionId: string, filled: number, intended: number): void {
  if (filled === 0 || filled >= intended * turn.settings.execution.minPartialFraction) return;
  const position = turn.state.positions.get(positionId);
  if (!position) return;
  closePosition(turn, position, position.units, {
    reason: 'partialFillCleanup',
    rule: {
      gate: 'partialFill',
      passed: false,
      value: filled,
      limit: intended * turn.settings.execution.minPartialFraction,
      unit: 'contracts',
    },
  });
}
