import type { GateResult } from '#domain/decisions/decision';
import { sessionAt } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import type { ExitReason, Position } from '#domain/portfolio/position';
import { optionLegs } from '#domain/structures/anatomy';
import { uncoveredShortContracts, uncoveredShorts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import { scaled } from '#domain/structures/margin';
import { cents, type Price, plusMs } from '#domain/units';
import type { BrokerCapabilities } from '#ports/broker';
import type { OrderCause } from '#ports/facts';
import { buildLadder, fixedLadder } from '../execution/ladder.ts';
import { activeWorks, currentRecord, isBeingWorked, newIntentId, requestCancel, STOPPED, startWork } from '../execution/work.ts';
import type { RollTarget, Stage } from '../execution/workSpec.ts';
import { combinationQuote, isSane, symbolOf } from '../risk/combinationQuote.ts';
import { coverGate } from '../risk/cover.ts';
import { leavingQuoteOf } from '../spot.ts';
import { isOver, type OrderRecord } from '../state/orderRecord.ts';
import { riskBookOf } from '../state/riskBook.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { canWait, isResumed } from './calm.ts';
import { closedElsewhere, closingElsewhere, takeBackElsewhere } from './closingElsewhere.ts';
import { coversAnother } from './coversAnother.ts';
import { undoing } from './legs.ts';
import { refusedLimit, takesOwnLimit } from './ownLimit.ts';
import { worstClosePrice } from './worstClose.ts';

export interface CloseWish {
  readonly reason: ExitReason;
  readonly rule: GateResult;
  /** The owner's own limit; null = the ladder. */
  readonly netLimit?: Price | null;
  readonly rollTo?: RollTarget | null;
  /** Of a scale-out: which step it is. */
  readonly step?: number | undefined;
  readonly commandId?: string;
  readonly flattening?: boolean;
}

/**
 * Starts closing `units` of a position. Answers null when an order went out, or the gates that refused. A position whose exit
 * is already being worked is left alone; one whose legs have no quote now is tried again when they do.
 */
export function closePosition(turn: Turn, position: Position, units: number, wish: CloseWish): readonly GateResult[] | null {
  if (isBeingWorked(turn, position.positionId))
    return [{ gate: 'alreadyWorking', passed: false, value: null, limit: null, unit: '', note: position.positionId }];
  const closing = Math.min(units, Math.max(position.units, 1));
  const all = closingStages(undoing(position, closing), position, closing, turn.parts.capabilities);
  // A roll and a step of a scale-out are whole or not at all.
  const isPlain = wish.commandId === undefined && !wish.rollTo && wish.step === undefined;
  const stages = isPlain ? whatMayGo(turn, position, all) : all;
  const [first, ...later] = stages;
  if (!first) return null;
  const notTaken = refusedLimit(wish.netLimit, stages, closing);
  if (notTaken) return [notTaken];
  const quote = combinationQuote(first.legs, (symbol) => leavingQuoteOf(turn.present, symbol));
  const spotQuote = turn.present.quotes.get(position.underlying) ?? null;
  if (!quote) {
    retryLater(turn, position.positionId);
    return [{ gate: 'quote', passed: false, value: null, limit: null, unit: 'dollars', note: 'a leg has no usable quote now' }];
  }
  const { execution, failsafe } = turn.settings;
  const calm = wish.commandId === undefined && !wish.flattening && canWait(wish, execution);
  // Nothing of an exit is measured by the stock: it goes out without its price, too.
  const spot = isSane(spotQuote) ? midOf(spotQuote) : (turn.present.marks.get(position.positionId)?.spot ?? 0);
  const ladder =
    wish.netLimit === undefined || wish.netLimit === null
      ? buildLadder(
          {
            legs: first.legs,
            profile: calm ? execution.calmExitProfile : execution.exitProfile,
            mid: quote.mid,
            natural: quote.natural,
            boundOfSpread: wish.flattening
              ? failsafe.flattenWorstOfSpread
              : calm
                ? execution.calmExitBoundOfSpread
                : execution.exitBoundOfSpread,
            spot,
            purpose: 'close',
            // In a wide market the way to natural leads beyond what the legs can ever be worth: the ladder ends there, and rests.
            frozenBound: worstClosePrice(first.legs),
          },
          execution,
        )
      : fixedLadder(wish.netLimit, quote.mid, spot, execution.ownLimitRestMinutes * 60_000);
  const cause: OrderCause =
    wish.commandId === undefined
      ? { kind: 'exit', reason: wish.reason, rule: wish.rule, ...(wish.step === undefined ? {} : { step: wish.step }) }
      : { kind: 'command', commandId: wish.commandId };
  // What could not be sent now takes nothing back: the other hand's order may be all that leaves.
  const mayBeSent = sessionAt(turn.now) !== null && turn.parts.latch.read().state !== 'HALTED';
  const elsewhere = mayBeSent ? closingElsewhere(turn, position.positionId, undoing(position, closing)) : [];
  const canBeTakenBack = wish.commandId === undefined && !calm;
  if (elsewhere.length > 0 && !canBeTakenBack) return [closedElsewhere(elsewhere, false)];
  const crossed = entriesAgainst(turn, position.underlying, first.legs);
  takeBack(turn, crossed);
  const waits = crossed.length > 0;
  // What nobody would take up again by itself is put back into the hand that wanted it.
  if (waits && !isResumed(wish.reason))
    return [{ gate: 'selfCross', passed: false, value: null, limit: null, unit: '', note: CROSSED }];
  const { reason, rule } = wish;
  const triggered = { kind: 'ExitTriggered', positionId: position.positionId, reason, rule, contracts: closing } as const;
  // A rule that fired is on record whether the gate lets its order out or not: it is tried again. The owner's wish is his to repeat.
  const isOwners = wish.commandId !== undefined && !isResumed(reason);
  const goesOn = elsewhere.length > 0 && position.status === 'closing' && position.exitReason === reason;
  if (!isOwners && !goesOn) turn.emit(triggered);
  takeBackElsewhere(turn, position.positionId, elsewhere);
  if (waits || elsewhere.length > 0) {
    const pause = execution.giveWaySeconds * 1000;
    turn.present.nextExitTryAt.set(position.positionId, plusMs(turn.now, pause));
    wakeIn(turn, pause, 'retry', position.positionId);
    return elsewhere.length > 0 ? [closedElsewhere(elsewhere, true)] : null;
  }
  const refused = startWork(
    turn,
    {
      intentId: newIntentId(turn),
      positionId: position.positionId,
      strategyId: position.strategyId,
      origin: wish.commandId === undefined ? 'engine' : 'owner',
      purpose: 'close',
      cause,
      entry: null,
      stage: first,
      ladder,
      later,
      earlier: [],
      risk: {
        legs: first.legs,
        maxLossPerUnit: null,
        deltaSharesPerUnit: null,
        vegaDollarsPerUnit: null,
        buyingPowerEffectPerUnit: cents(0),
        strategyLimits: null,
        secured: false,
      },
      restOfPrice: 0,
      riskUnitsPerContract: 1,
      rollTo: wish.rollTo ?? null,
      flattening: wish.flattening ?? false,
    },
    isOwners ? triggered : null,
  );
  if (refused) retryLater(turn, position.positionId);
  return refused;
}

const CROSSED = 'an entry of yours against one of its legs, or that counts on them, is being taken back; close again in a moment';

/**
 * Our own entries that could trade with a closing order: on the other side of one of its contracts. A broker refuses the second of
 * the two. And calls being sold on shares or calls that are leaving.
 */
function entriesAgainst(turn: Turn, underlying: string, legs: readonly Leg[]): OrderRecord[] {
  const coversCalls = legs.some((leg) => sizeOf(leg) < 0 && (leg.kind === 'stock' || leg.contract.right === 'call'));
  const sides = new Map(legs.map((leg) => [symbolOf(leg), Math.sign(sizeOf(leg))]));
  const longestWait = turn.settings.execution.exitWaitsForCancelSeconds * 1000;
  return activeWorks(turn).flatMap((work) => {
    const record = work.purpose === 'open' ? currentRecord(turn, work.intentId) : undefined;
    if (!record || isOver(record.status)) return [];
    // An exit waits for a cancel, not for a broker that does not answer: then it goes, and is tried again if it is refused.
    if (record.status === 'inDoubt' || (record.status === 'cancelPending' && turn.now - record.updatedAt >= longestWait))
      return [];
    const crosses = record.legs.some((leg) => sides.get(symbolOf(leg)) === -Math.sign(sizeOf(leg)));
    const standsOn = coversCalls && record.request.underlying === underlying && uncoveredShorts(record.legs).calls > 0;
    return crosses || standsOn ? [record] : [];
  });
}

/** An exit comes before an entry. */
function takeBack(turn: Turn, entries: readonly OrderRecord[]): void {
  for (const record of entries) if (record.status !== 'cancelPending') requestCancel(turn, record, STOPPED);
}

function sizeOf(leg: Leg): number {
  return leg.kind === 'stock' ? leg.shares : leg.ratio;
}

function retryLater(turn: Turn, positionId: string): void {
  wakeIn(turn, turn.settings.execution.exitRetrySeconds * 1000, 'retry', positionId);
}

/**
 * The orders that undo `legs`, in a sequence that never leaves a short option uncovered: one combination where the broker takes
 * it; else shorts bought back first, longs sold after, shares last.
 */
export function closingStages(
  legs: readonly Leg[],
  position: Pick<Position, 'units'>,
  units: number,
  broker: Pick<BrokerCapabilities, 'requiresCoverInsideOrder' | 'maxLegs'>,
): Stage[] {
  const options = optionLegs(legs);
  const stock = legs.filter((leg) => leg.kind === 'stock');
  const stages: Stage[] = [];
  const whole = stock.length === 0 ? 1 : 0;
  if (options.length > 0) {
    const contracts = commonContracts(options.map((leg) => leg.ratio));
    const perUnit = options.map((leg) => ({ ...leg, ratio: leg.ratio / contracts }));
    const weight = (units / contracts) * whole;
    const isTaken = !broker.requiresCoverInsideOrder || uncoveredShortContracts(perUnit) === 0;
    if (perUnit.length === 1 || (perUnit.length <= broker.maxLegs && isTaken)) {
      stages.push({ assetClass: 'option', legs: perUnit, contracts, unitWeight: weight });
    } else {
      const buys = options.filter((leg) => leg.ratio > 0);
      const sells = options.filter((leg) => leg.ratio < 0);
      const singles = [...buys, ...sells];
      singles.forEach((leg, index) => {
        const count = Math.abs(leg.ratio);
        stages.push({
          assetClass: 'option',
          legs: [{ ...leg, ratio: Math.sign(leg.ratio) }],
          contracts: count,
          unitWeight: index === singles.length - 1 ? (units / count) * whole : 0,
        });
      });
    }
  }
  for (const leg of stock) {
    const shares = Math.abs(leg.shares);
    stages.push({
      assetClass: 'stock',
      legs: [{ ...leg, shares: Math.sign(leg.shares) }],
      contracts: shares,
      unitWeight: Math.min(units, position.units) / shares,
    });
  }
  return stages;
}

/**
 * The stages as they are, unless the first would take the cover of another position's short while one after it would not: shares
 * that were delivered do not wait for a long put that somebody else needs, and their money may be the cover that sets it free. That
 * one goes alone, and the rest is tried again after it.
 */
function whatMayGo(turn: Turn, position: Position, stages: readonly Stage[]): readonly Stage[] {
  if (stages.length < 2 || !coversAnother(turn, position)) return stages;
  const book = riskBookOf(turn);
  const mayGo = ({ legs, contracts }: Stage): boolean => coverGate(position, book, scaled(legs, contracts)).passed;
  const [first] = stages;
  const other = first && !mayGo(first) ? stages.find(mayGo) : undefined;
  return other ? [{ ...other, unitWeight: 0 }] : stages;
}

/** Whether all of a position closes at a limit of the owner's own. */
export function closesAtOwnLimit(position: Position, broker: BrokerCapabilities): boolean {
  const units = Math.max(position.units, 1);
  return takesOwnLimit(closingStages(undoing(position, units), position, units, broker), units);
}

/** Largest number of whole units that all quantities are multiples of. */
function commonContracts(quantities: readonly number[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  return quantities.reduce((common, quantity) => gcd(common, Math.abs(quantity)), 0) || 1;
}
