import { atNewYork, civilDate, daysToExpiration, sessionAt, sessionOn } from '#domain/market/calendar';
import { midOf, type Quote } from '#domain/market/chain';
import type { Position } from '#domain/portfolio/position';
import type { Instant, IsoDate } from '#domain/units';
import type { EngineSettings } from '#ports/settings/settings';
import { type Hindrances, hindrancesOf } from './hindrances.ts';
import type { SessionRecord } from './session.ts';
import type { HeldQuotes } from './watch.ts';

/** How far beyond its trigger a price must be, so that a market between two looks of ours cannot have been on the other side. */
const BEYOND = 0.25;
const BEYOND_CENTS_PER_UNIT = 500;
/** Two looks of the harness further apart than this do not follow each other. */
const APART_MS = 200_000;

/** Which exits were due and never decided. */
export interface DueExits {
  readonly findings: readonly string[];
  /** Positions that their plan wanted closed at some look, decided or not. */
  readonly judged: number;
}

/** One position for which a rule holds, look after look. */
interface Run {
  readonly rule: string;
  readonly since: Instant;
  readonly looks: number;
}

/**
 * A position that its own plan wants closed is closed, or an order of it is worked: by the quotes that the feed showed, far beyond
 * the trigger, look after look, while every line was up and nothing else was worked on it. The rules are told here anew, from the
 * plan in the journal.
 */
export function dueExits(record: SessionRecord): DueExits {
  const { rows, watch, settings, plan } = record;
  const hindrances = hindrancesOf(rows, plan);
  const positions = new Map<string, Position>();
  const decidedAt = new Map<string, Instant>();
  const runs = new Map<string, Run>();
  const findings: string[] = [];
  const wanted = new Set<string>();
  let next = 0;
  let before: Instant | null = null;
  for (const look of watch.held) {
    for (let row = rows[next]; row && row.at <= look.at; row = rows[++next]) {
      const { at, fact } = row;
      if (fact.kind === 'PositionOpened' || fact.kind === 'PositionChanged')
        positions.set(fact.position.positionId, fact.position);
      if (fact.kind === 'PositionClosed') positions.delete(fact.positionId);
      if (fact.kind === 'ExitTriggered') decidedAt.set(fact.positionId, at);
      const held = fact.kind === 'ExitPlanChanged' ? positions.get(fact.positionId) : undefined;
      if (fact.kind === 'ExitPlanChanged' && held) positions.set(fact.positionId, { ...held, exitPlan: fact.exitPlan });
    }
    for (const [positionId, position] of sessionAt(look.at) ? positions : []) {
      const rule = ruleDue(position, look, settings);
      if (rule !== null) wanted.add(positionId);
      const isDecided = (decidedAt.get(positionId) ?? 0) >= (before ?? 0);
      const run = runs.get(positionId);
      if (rule === null || before === null || isDecided || !isFree(position, before, look, hindrances)) {
        runs.delete(positionId);
        continue;
      }
      const goesOn = run ? { ...run, looks: run.looks + 1 } : { rule, since: look.at, looks: 1 };
      runs.set(positionId, goesOn);
      if (goesOn.looks === looksNeeded(position, look.at, settings))
        findings.push(
          `exit: ${positionId} is not closed, though ${goesOn.rule} holds since ${new Date(goesOn.since).toISOString()}`,
        );
    }
    before = look.at;
  }
  return { findings, judged: wanted.size };
}

/** So many looks that the engine has looked twice, or on the last day as often as must agree and once more. */
function looksNeeded({ expiration }: Position, at: Instant, { positions }: EngineSettings): number {
  const rounds = expiration === civilDate(at) ? positions.consecutiveHits + 1 : 2;
  return Math.ceil((rounds * positions.checkSeconds * 1000) / 180_000) + 1;
}

/** Nothing stood between the engine and an exit since the look before. */
function isFree(position: Position, before: Instant, { at }: HeldQuotes, hindrances: Hindrances): boolean {
  if (position.status === 'opening' || position.legs.length === 0 || !sessionAt(at) || at - before > APART_MS) return false;
  const isWorked = hindrances.works.some(
    (work) => work.positionId === position.positionId && work.from <= at && work.until >= before,
  );
  return !isWorked && !hindrances.within(before, at) && !hindrances.unquoted(position.underlying, before, at);
}

/** The rule of the position's plan that holds far beyond its trigger, with its numbers; null when none does or the quotes do not say. */
function ruleDue(position: Position, { at, quotes }: HeldQuotes, settings: EngineSettings): string | null {
  const { exitPlan, openedUnits, expiration } = position;
  const worth = worthOf(position, quotes);
  if (worth === null || !isUsable(quotes.get(position.underlying))) return null;
  const today = civilDate(at);
  if (isPastCutoff(position, at, today, settings)) return 'the expiry guard';
  const days = expiration === null ? null : daysToExpiration(today, expiration);
  if (days !== null && exitPlan.timeStopDays !== null && days <= exitPlan.timeStopDays) return `a time stop (${days} days left)`;
  if (worth.spread > settings.positions.maxMarkSpreadDollars) return null;
  const profit = position.cashFlow + worth.mid;
  const beyond = (trigger: number): number => trigger + Math.max(BEYOND * trigger, BEYOND_CENTS_PER_UNIT * openedUnits);
  const premium = Math.abs(position.entryCredit) * 10_000 * openedUnits;
  const stop = exitPlan.stopLossMultiple === null || premium <= 0 ? null : premium * exitPlan.stopLossMultiple;
  if (stop !== null && -profit >= beyond(stop)) return `a stop (${Math.round(-profit)} cents lost, ${Math.round(stop)} allowed)`;
  const most = (position.maxProfitPerUnit ?? 0) * openedUnits;
  const goal = exitPlan.takeProfitFraction === null || most <= 0 ? null : most * exitPlan.takeProfitFraction;
  return goal !== null && profit >= beyond(goal) ? `a profit (${Math.round(profit)} cents, ${Math.round(goal)} wanted)` : null;
}

/** All legs at mid in cents, and their whole bid/ask a share of one unit in dollars. */
function worthOf(
  position: Position,
  quotes: ReadonlyMap<string, Quote>,
): { readonly mid: number; readonly spread: number } | null {
  let mid = 0;
  let spread = 0;
  for (const { symbol, quantity, contract } of position.legs) {
    const quote = quotes.get(symbol);
    if (!isUsable(quote)) return null;
    const size = quantity * (contract?.multiplier ?? 1);
    mid += size * midOf(quote) * 100;
    spread += Math.abs(size) * (quote.ask - quote.bid);
  }
  return { mid, spread: spread / (100 * Math.max(1, position.units)) };
}

function isUsable(quote: Quote | undefined): quote is Quote {
  return quote !== undefined && quote.bid >= 0 && quote.ask > 0 && quote.ask >= quote.bid;
}

function isPastCutoff(
  { expiration, exitPlan, legs }: Position,
  at: Instant,
  today: IsoDate,
  { positions }: EngineSettings,
): boolean {
  if (expiration !== today || exitPlan.takeAssignment) return false;
  if (!legs.some((leg) => leg.quantity < 0 && leg.contract?.expiration === today)) return false;
  const session = sessionOn(today);
  if (!session) return false;
  const beforeClose = atNewYork(today, '16:00') - atNewYork(today, positions.expiryCutoff);
  return at >= session.close - beforeClose;
}
