import { civilDate, sessionAt } from '#domain/market/calendar';
import type { Position } from '#domain/portfolio/position';
import { optionLegs } from '#domain/structures/anatomy';
import { uncoveredShortContracts } from '#domain/structures/coverage';
import { cents, plusMs } from '#domain/units';
import type { KillState } from '#ports/latch';
import type { ExecutionSettings } from '#ports/settings/settings';
import type { MarketView } from '#ports/strategy';
import { checksAreOften } from '../agenda.ts';
import { checkMarks } from '../breakers/losses.ts';
import { isBeingWorked } from '../execution/work.ts';
import { isBeingLeft } from '../state/riskBook.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { canWait, goesOn, isCalm } from './calm.ts';
import { closePosition } from './close.ts';
import { type ExitSignal, type ExitView, firstExit, tooWide } from './exitRules.ts';
import { exitViewOf } from './exitView.ts';
import { heldLegs } from './legs.ts';
import { makeWay } from './makeWay.ts';
import { markOf } from './mark.ts';
import { rollTargetOf } from './roll.ts';
import { tellRefusal } from './tellRefusal.ts';

/** New extremes are journalled when they differ by this much, so that an uneventful minute writes nothing. */
const MARK_STEP_CENTS = 1_000;

/** One round over all open positions, on fresh quotes: marks, extremes, exits; then what they leave of the equity. */
export function manageAll(turn: Turn): void {
  if (!sessionAt(turn.now)) return;
  for (const position of [...turn.state.positions.values()]) manageOne(turn, position.positionId);
  checkMarks(turn);
}

function manageOne(turn: Turn, positionId: string): void {
  const before = turn.state.positions.get(positionId);
  if (!before || before.legs.length === 0) return;
  const mark = markOf(before, (symbol) => turn.present.quotes.get(symbol) ?? null, turn.now, turn.settings.scanner.riskFreeRate);
  if (mark) turn.present.marks.set(positionId, mark);
  else turn.present.marks.delete(positionId);
  const view = exitViewOf(turn, before);
  if (mark && !tooWide(view)) noteExtremes(turn, before, mark.profit);
  const position = turn.state.positions.get(positionId) ?? before;
  if (isBeingWorked(turn, positionId)) return overtake(turn, { ...view, position });
  const retryAt = turn.present.nextExitTryAt.get(positionId);
  const pausing = retryAt !== undefined && turn.now < retryAt;
  if (pausing && !isCalm(position.exitReason)) return;
  const { execution } = turn.settings;
  const killState = turn.parts.latch.read().state;
  const signal =
    orphanSignal(position) ?? incompleteSignal(turn, position) ?? exitDue({ ...view, position }, execution, killState);
  // The pause after a calm try holds calm tries back, not a stop.
  if (pausing && (!signal || canWait(signal, execution))) return;
  if (!signal) {
    turn.present.exitHits.delete(positionId);
    return;
  }
  if (!confirmed(turn, position, signal)) return;
  leave(turn, position, signal);
}

/** What is to be done now: an exit that was begun goes on, but a stop overtakes one that could wait. */
function exitDue(view: ExitView, execution: ExecutionSettings, killState: KillState): ExitSignal | null {
  const begun = resumed(view.position, killState);
  if (begun && !isCalm(begun.reason)) return begun;
  const due = firstExit(view);
  return due && (!begun || due.reason === begun.reason || !canWait(due, execution)) ? due : begun;
}

/** While something else is worked, a stop or a guard takes it back; the next round works the position to natural. */
function overtake(turn: Turn, view: ExitView): void {
  const { position } = view;
  const due = orphanSignal(position) ?? firstExit(view);
  if (!due) turn.present.exitHits.delete(position.positionId);
  else if (!canWait(due, turn.settings.execution) && confirmed(turn, position, due)) makeWay(turn, position, due.reason);
}

function leave(turn: Turn, position: Position, signal: ExitSignal): void {
  const rollTo = signal.reason === 'roll' ? rollTargetOf(turn, position) : null;
  // Nothing pays for the roll: no pause follows, a stop may fire at the next check.
  if (signal.reason === 'roll' && !rollTo) return;
  turn.present.exitHits.delete(position.positionId);
  const { execution } = turn.settings;
  const calm = canWait(signal, execution);
  const pause = (calm ? execution.calmExitRetrySeconds : execution.exitRetrySeconds) * 1000;
  turn.present.nextExitTryAt.set(position.positionId, plusMs(turn.now, pause));
  // What is pressing is looked at when its pause ends, not at the first check after it.
  if (!calm) wakeIn(turn, pause, 'retry', position.positionId);
  const { reason, rule, step } = signal;
  const refused = closePosition(turn, position, signal.units, { reason, rule, step, rollTo });
  if (signal.urgent || refused?.some(({ gate }) => gate === 'reduceOnly')) tellRefusal(turn, position, refused, signal.urgent);
}

/** An exit that was triggered before (and not filled, or cut off by a restart) goes on without asking the rule again. */
function resumed(position: Position, killState: KillState): ExitSignal | null {
  if (
    position.status !== 'closing' ||
    position.exitReason === null ||
    // The owner's own order is his, and so is a switch that he released: when it does not fill, only the rules act again.
    !goesOn(position.exitReason, killState)
  )
    return null;
  return {
    reason: position.exitReason,
    rule: { gate: 'exitUnfinished', passed: false, value: position.units, limit: 0, unit: 'contracts' },
    units: position.units,
    urgent: true,
  };
}

/**
 * A structure that lost a leg (assignment, broker liquidation, a trade elsewhere) is not what was decided: close what is left. Where
 * assignment is wanted what is left may stay, but never a short that lost its cover.
 */
function orphanSignal(position: Position): ExitSignal | null {
  if (!position.tags.includes('orphan')) return null;
  if (position.exitPlan.takeAssignment && uncoveredShortContracts(heldLegs(position), 'boundToAdjusted') === 0) return null;
  return {
    reason: 'orphanRepair',
    rule: {
      gate: 'orphanLegs',
      passed: false,
      value: position.legs.length,
      limit: 0,
      unit: 'legs',
      note: position.legs.map((leg) => leg.symbol).join(', '),
    },
    units: Math.max(position.units, 1),
    urgent: true,
  };
}

/** Shares that were bought under a call which then did not sell are no covered call: nobody decided to hold them alone. */
function incompleteSignal(turn: Turn, position: Position): ExitSignal | null {
  if (position.legs.some((leg) => leg.contract !== null)) return null;
  const orders = [...turn.state.orders.values()].filter((order) => order.positionId === position.positionId);
  const decided = orders.find(({ request, entry }) => request.purpose === 'open' && entry !== null)?.entry?.legs ?? [];
  const wanted = optionLegs(decided).length;
  const sold = orders.some(({ legs, filled }) => filled > 0 && optionLegs(legs).length > 0);
  if (wanted === 0 || sold) return null;
  return {
    reason: 'partialFillCleanup',
    rule: { gate: 'optionLegs', passed: false, value: 0, limit: wanted, unit: 'legs', note: position.structure },
    units: Math.max(position.units, 1),
    urgent: true,
  };
}

/**
 * On expiration day a price rule must hold several checks in a row: quotes jump, and the checks come every second. Where they do not,
 * a stop would wait for minutes.
 */
function confirmed(turn: Turn, position: Position, signal: ExitSignal): boolean {
  const today = civilDate(turn.now);
  if (signal.urgent || position.expiration !== today || !checksAreOften(turn, today)) return true;
  const hits = (turn.present.exitHits.get(position.positionId) ?? 0) + 1;
  turn.present.exitHits.set(position.positionId, hits);
  return hits >= turn.settings.positions.consecutiveHits;
}

function noteExtremes(turn: Turn, position: Position, profit: number): void {
  const maxAdverse = Math.min(position.maxAdverse, profit);
  const maxFavourable = Math.max(position.maxFavourable, profit);
  const highWaterProfit = Math.max(position.highWaterProfit, profit);
  const step = Math.max(MARK_STEP_CENTS, 0);
  const moved = position.maxAdverse - maxAdverse >= step || maxFavourable - position.maxFavourable >= step;
  if (moved)
    turn.emit({
      kind: 'PositionMarked',
      positionId: position.positionId,
      maxAdverse: cents(maxAdverse),
      maxFavourable: cents(maxFavourable),
      highWaterProfit: cents(highWaterProfit),
    });
}

/** The exit plans that apply now, as the strategies say; only a changed plan is journalled. The owner's own plan stands. */
export function refreshExitPlans(turn: Turn, market: MarketView): void {
  for (const position of turn.state.positions.values()) {
    if (position.tags.includes('ownPlan') || isBeingLeft(turn, position)) continue;
    const scanned = turn.present.strategies.find(({ strategy }) => strategy.id === position.strategyId);
    if (!scanned) continue;
    const exitPlan = scanned.strategy.manage(position, market);
    if (JSON.stringify(exitPlan) !== JSON.stringify(position.exitPlan))
      turn.emit({ kind: 'ExitPlanChanged', positionId: position.positionId, exitPlan, by: position.strategyId });
  }
}
