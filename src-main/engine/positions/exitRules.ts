import type { GateResult } from '#domain/decisions/decision';
import { addDays, atNewYork, daysToExpiration, isTradingDay, nextTradingDay, sessionOn } from '#domain/market/calendar';
import type { ExitReason, Position } from '#domain/portfolio/position';
import { earlyAssignmentRisk, strikeInterest } from '#domain/structures/assignment';
import { type Instant, type IsoDate, plusMs } from '#domain/units';
import type { Dividend } from '#ports/marketData';
import type { PositionSettings } from '#ports/settings/settings';
import { shortLegs } from './legs.ts';
import type { Mark } from './mark.ts';

/** What the exit rules look at. */
export interface ExitView {
  readonly position: Position;
  readonly mark: Mark | null;
  readonly now: Instant;
  readonly today: IsoDate;
  readonly settings: PositionSettings;
  readonly dividends: readonly Dividend[];
  readonly rate: number;
  askOf(symbol: string): number | null;
}

/** A rule that fires: why, with its numbers, and how much to close. */
export interface ExitSignal {
  readonly reason: ExitReason;
  readonly rule: GateResult;
  readonly units: number;
  /** Of a scale-out: which step it is, from 1. */
  readonly step?: number;
  /** Fires at once, wide market or not, without repeated hits. */
  readonly urgent: boolean;
}

/** Every rule as it stands now, for the window: value, trigger and what suspends it. */
export interface ExitStanding {
  readonly rule: ExitReason;
  readonly value: number | null;
  readonly trigger: number | null;
  readonly unit: string;
  readonly fires: boolean;
  readonly suspended: string | null;
  /** 0 = far, 1 = fires, where value over trigger does not say it. */
  readonly nearness?: number;
}

/** Dollars a share of one unit, in cents. */
const CENTS_PER_UNIT = 100 * 100;

/** The rule that fires first, or null. Time and assignment rules come before price rules: they cannot wait. */
export function firstExit(view: ExitView): ExitSignal | null {
  const urgent = expiryGuard(view) ?? earlyAssignment(view);
  if (urgent) return urgent;
  const believed = view.mark !== null && !tooWide(view);
  const stopped = believed ? stopLoss(view) : null;
  if (stopped) return stopped;
  const timed = timeStop(view);
  if (timed || !believed) return timed;
  return takeProfit(view) ?? trailing(view) ?? scaleOut(view) ?? rollDue(view);
}

/** A market too wide to believe suspends every rule that looks at prices, and the high-water mark too. */
export function tooWide({ mark, settings, position }: ExitView): boolean {
  if (!mark) return true;
  const reference = Math.max(Math.abs(mark.unitMid), Math.abs(position.entryCredit));
  return mark.spread > settings.maxMarkSpreadDollars && mark.spread > settings.maxMarkSpreadFraction * reference;
}

/** Minutes before the close at which an expiring short must be gone; half days keep the distance. */
export function expiryCutoffAt(expiration: IsoDate, settings: PositionSettings): Instant | null {
  const session = sessionOn(expiration);
  if (!session) return null;
  const usual = atNewYork(expiration, settings.expiryCutoff);
  if (!session.earlyClose) return usual;
  return plusMs(session.close, usual - atNewYork(expiration, '16:00'));
}

/** Whether the rule of the last day is for it: something short expires, and assignment is not taken. */
export function isClosedOnLastDay(position: Position): boolean {
  return position.expiration !== null && !position.exitPlan.takeAssignment && shortLegs(position).length > 0;
}

function expiryGuard({ position, now, today, settings }: ExitView): ExitSignal | null {
  if (position.expiration === null || position.expiration > today || position.exitPlan.takeAssignment) return null;
  if (shortLegs(position).every((leg) => leg.contract?.expiration !== today)) return null;
  const cutoff = expiryCutoffAt(position.expiration, settings);
  if (cutoff === null || now < cutoff) return null;
  return {
    reason: 'expiryGuard',
    rule: fired('expiryCutoff', now, cutoff, 'epoch ms', settings.expiryCutoff),
    units: position.units,
    urgent: true,
  };
}

function earlyAssignment({ position, mark, today, settings, dividends, askOf, rate }: ExitView): ExitSignal | null {
  if (!settings.earlyAssignmentTest || !mark || position.exitPlan.takeAssignment) return null;
  const tomorrow = isTradingDay(today) ? nextTradingDay(today) : addDays(today, 1);
  const dividend = dividends.find(
    (candidate) => candidate.underlying === position.underlying && candidate.exDate > today && candidate.exDate <= tomorrow,
  );
  if (!dividend) return null;
  for (const leg of shortLegs(position)) {
    const ask = askOf(leg.symbol);
    if (leg.contract?.right !== 'call' || ask === null) continue;
    const risk = earlyAssignmentRisk(leg.contract, {
      spot: mark.spot,
      optionPrice: ask,
      dividend: dividend.amount,
      strikeInterest: strikeInterest(leg.contract.strike, rate, daysToExpiration(today, leg.contract.expiration) / 365),
    });
    if (risk.atRisk)
      return {
        reason: 'earlyAssignmentRisk',
        rule: fired('timeValueBelowDividend', risk.extrinsic, dividend.amount, 'dollars', leg.symbol),
        units: position.units,
        urgent: true,
      };
  }
  return null;
}

function timeStop({ position, today }: ExitView): ExitSignal | null {
  const limit = position.exitPlan.timeStopDays;
  if (limit === null || position.expiration === null) return null;
  const days = daysToExpiration(today, position.expiration);
  return days <= limit
    ? { reason: 'timeStop', rule: fired('daysToExpiration', days, limit, 'days'), units: position.units, urgent: false }
    : null;
}

/** Maximum profit of all units that were opened, in cents; null when there is none to measure by. */
export function profitTarget(position: Position): number | null {
  if (position.maxProfitPerUnit === null || position.maxProfitPerUnit <= 0) return null;
  return position.maxProfitPerUnit * position.openedUnits;
}

function takeProfit({ position, mark }: ExitView): ExitSignal | null {
  const target = profitTarget(position);
  const fraction = position.exitPlan.takeProfitFraction;
  if (target === null || fraction === null || !mark || mark.profit < target * fraction) return null;
  return {
    reason: 'takeProfit',
    rule: fired('profit', mark.profit, Math.round(target * fraction), 'cents'),
    units: position.units,
    urgent: false,
  };
}

/** A loss and the loss at which the stop fires, both in cents. */
interface StopFigures {
  readonly loss: number | null;
  readonly limit: number;
}

/**
 * The stop: a multiple of the credit, or of the debit that was paid. Measured over the whole trade, and, once a part of it is
 * closed, over the units still held by themselves: what the others made must not lengthen the way to the stop of these. The
 * figures of whichever is nearer.
 */
function stopFigures({ position, mark }: Pick<ExitView, 'position' | 'mark'>): StopFigures | null {
  const multiple = position.exitPlan.stopLossMultiple;
  const premium = Math.abs(position.entryCredit) * CENTS_PER_UNIT;
  if (multiple === null || premium <= 0) return null;
  const limitOf = (units: number): number => Math.round(premium * units * multiple);
  const whole = { loss: mark ? -mark.profit : null, limit: limitOf(position.openedUnits) };
  if (!mark || position.units === 0 || position.units >= position.openedUnits) return whole;
  const paid = Math.round(position.entryCredit * CENTS_PER_UNIT * position.units);
  const held = { loss: -(paid + mark.midValue), limit: limitOf(position.units) };
  return held.loss / held.limit > -mark.profit / whole.limit ? held : whole;
}

function stopLoss({ position, mark }: ExitView): ExitSignal | null {
  const figures = stopFigures({ position, mark });
  if (figures === null || figures.loss === null || figures.loss < figures.limit) return null;
  return { reason: 'stopLoss', rule: fired('loss', figures.loss, figures.limit, 'cents'), units: position.units, urgent: false };
}

function trailing({ position, mark }: ExitView): ExitSignal | null {
  const plan = position.exitPlan.trailing;
  const target = profitTarget(position);
  if (!plan || target === null || !mark || position.highWaterProfit < target * plan.activateAt) return null;
  const floor = Math.round(position.highWaterProfit - target * plan.giveBack);
  return mark.profit <= floor
    ? {
        reason: 'trailingStop',
        rule: fired('profit', mark.profit, floor, 'cents', `from a high of ${position.highWaterProfit}`),
        units: position.units,
        urgent: false,
      }
    : null;
}

function scaleOut({ position, mark }: ExitView): ExitSignal | null {
  const step = position.exitPlan.scaleOut[position.scaledOut];
  const target = profitTarget(position);
  if (!step || target === null || !mark || mark.profit < target * step.atProfitFraction) return null;
  const units = Math.min(position.units, Math.max(1, Math.round(position.units * step.closeFraction)));
  return {
    reason: units >= position.units ? 'takeProfit' : 'scaleOut',
    rule: fired('profit', mark.profit, Math.round(target * step.atProfitFraction), 'cents', `step ${position.scaledOut + 1}`),
    units,
    step: position.scaledOut + 1,
    urgent: false,
  };
}

function rollDue({ position, mark, today }: ExitView): ExitSignal | null {
  const plan = position.exitPlan.roll;
  if (!plan || !mark || position.expiration === null || position.rolls >= plan.maxRolls || shortLegs(position).length === 0)
    return null;
  const days = daysToExpiration(today, position.expiration);
  if (mark.shortDelta >= plan.whenShortDeltaAbove)
    return {
      reason: 'roll',
      rule: fired('shortDelta', Math.round(mark.shortDelta * 1e4) / 1e4, plan.whenShortDeltaAbove, 'delta'),
      units: position.units,
      urgent: false,
    };
  if (days <= plan.atDaysToExpiration)
    return {
      reason: 'roll',
      rule: fired('daysToExpiration', days, plan.atDaysToExpiration, 'days'),
      units: position.units,
      urgent: false,
    };
  return null;
}

function fired(gate: string, value: number, limit: number, unit: string, note?: string): GateResult {
  return { gate, passed: false, value, limit, unit, ...(note === undefined ? {} : { note }) };
}

/** Before it is active a trailing stop waits for its first profit; then what may be given back runs out. */
function trailingStanding(
  view: ExitView,
  { activateAt, giveBack }: NonNullable<Position['exitPlan']['trailing']>,
  target: number,
  wide: string | null,
): ExitStanding {
  const profit = view.mark?.profit ?? null;
  const high = view.position.highWaterProfit;
  const rule = 'trailingStop';
  if (high < target * activateAt)
    return {
      rule,
      value: profit,
      trigger: Math.round(target * activateAt),
      unit: 'cents',
      fires: false,
      suspended: 'starts at this profit',
      nearness: 0,
    };
  const trigger = Math.round(high - target * giveBack);
  const left = profit === null ? 1 : (profit - trigger) / Math.max(1, high - trigger);
  const nearness = Math.min(1, Math.max(0, 1 - left));
  return { rule, value: profit, trigger, unit: 'cents', fires: trailing(view) !== null, suspended: wide, nearness };
}

/** Where every rule stands, for the window. */
export function standings(view: ExitView): readonly ExitStanding[] {
  const { position, mark, today } = view;
  const plan = position.exitPlan;
  const target = profitTarget(position);
  const wide = mark && tooWide(view) ? 'the market is too wide to believe' : mark ? null : 'no usable quote';
  const days = position.expiration === null ? null : daysToExpiration(today, position.expiration);
  const rows: ExitStanding[] = [];
  const add = (
    rule: ExitReason,
    value: number | null,
    trigger: number | null,
    unit: string,
    fires: boolean,
    priced: boolean,
  ): void => {
    rows.push({ rule, value, trigger, unit, fires, suspended: priced ? wide : null });
  };
  if (plan.takeProfitFraction !== null && target !== null)
    add(
      'takeProfit',
      mark?.profit ?? null,
      Math.round(target * plan.takeProfitFraction),
      'cents',
      takeProfit(view) !== null,
      true,
    );
  const stop = stopFigures(view);
  if (stop !== null) add('stopLoss', stop.loss, stop.limit, 'cents', stopLoss(view) !== null, true);
  if (plan.trailing && target !== null) rows.push(trailingStanding(view, plan.trailing, target, wide));
  if (plan.timeStopDays !== null) add('timeStop', days, plan.timeStopDays, 'days', timeStop(view) !== null, false);
  if (plan.roll) add('roll', mark?.shortDelta ?? null, plan.roll.whenShortDeltaAbove, 'delta', rollDue(view) !== null, true);
  if (isClosedOnLastDay(position)) add('expiryGuard', days, 0, 'days', expiryGuard(view) !== null, false);
  return rows;
}
