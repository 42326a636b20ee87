import { sessionAt } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Position } from '#domain/portfolio/position';
import { type Instant, instant } from '#domain/units';
import { isWanted } from '#host/alertChoice';
import type { JournalFact } from '#ports/facts';
import { type Hindrances, hindrancesOf } from './hindrances.ts';
import type { SessionRecord } from './session.ts';

/** From the look at the account that shows it: a repair is on record, and the owner has been told. */
const REPAIR_MS = 60_000;
/** An owner who switched off whatever can be switched off. */
const ONLY_URGENT = { fills: false, exits: false, breaches: false, connections: false, days: false };

/** What the broker's risk desk bought or sold in one contract. */
interface Taken {
  readonly symbol: string;
  readonly from: Instant;
  readonly at: Instant;
}

/** What became of the legs that another hand took. */
export interface TakenLegs {
  readonly findings: readonly string[];
  /** How many could be judged: the engine saw the account and nothing hindered it for a minute. */
  readonly judged: number;
}

/**
 * Whatever leg the broker took: within a minute of the first look at the account that shows it, with nothing in the way, the books
 * follow, what is left of the structure is being closed, and the owner has been told in a way that he cannot switch off.
 */
export function takenLegs(record: SessionRecord): TakenLegs {
  const hindrances = hindrancesOf(record.rows, record.plan);
  const findings: string[] = [];
  let judged = 0;
  for (const taken of takenByTheDesk(record)) {
    const due = dueAt(taken, record, hindrances);
    if (due === null) continue;
    judged += 1;
    const wrong = whatIsMissing(taken, due, record);
    if (wrong !== null)
      findings.push(`taken: ${taken.symbol} at ${clock(taken.at)}, ${wrong} a minute after it could be seen (${clock(due)})`);
  }
  return { findings, judged };
}

function takenByTheDesk({ exchange }: SessionRecord): Taken[] {
  const desks = new Map(
    exchange.desk
      .orders({ status: 'all' })
      .filter(({ origin, filledQuantity }) => origin === 'brokerLiquidation' && filledQuantity > 0)
      .map(({ id, legs }) => [id, legs[0]?.symbol ?? '']),
  );
  const fills = new Map<string, Taken>();
  for (const { at, kind, symbol, orderId } of exchange.desk.ledger()) {
    if (kind !== 'fill' || orderId === null || symbol === null || desks.get(orderId) !== symbol) continue;
    fills.set(orderId, { symbol, from: fills.get(orderId)?.from ?? at, at });
  }
  return [...fills.values()];
}

/** A minute after the first look that shows it whole and that nothing spoils; null where none came within the session. */
function dueAt({ symbol, from, at }: Taken, { watch, exchange }: SessionRecord, hindrances: Hindrances): Instant | null {
  const underlying = parseOccSymbol(symbol)?.root ?? symbol;
  const others = exchange.desk.ledger().filter((entry) => entry.symbol === symbol && entry.at >= from);
  for (const look of watch.looks) {
    const due = look.at + REPAIR_MS;
    if (look.at < at || !look.fresh) continue;
    const session = sessionAt(look.at);
    if (!session || due >= session.close) continue;
    // Another hand that trades in the same contract meanwhile may undo what was done.
    const isMixed = others.some((entry) => entry.at > at && entry.at <= due);
    const isWorked = hindrances.works.some(
      (work) => work.from < look.at && work.until >= look.at && work.symbols.includes(symbol),
    );
    if (isMixed || isWorked || hindrances.within(look.at, due) || hindrances.unquoted(underlying, look.at, due)) continue;
    return instant(due);
  }
  return null;
}

/** What has not been done by then; null when all of it has. */
function whatIsMissing({ symbol, from }: Taken, due: Instant, { rows, watch }: SessionRecord): string | null {
  const positions = new Map<string, Position>();
  let shortened: string | null = null;
  const tried = new Set<string>();
  for (const { at, fact } of rows) {
    if (at > due) break;
    if (at >= from && isGoneFrom(fact, symbol, positions))
      shortened = fact.kind === 'PositionChanged' ? fact.position.positionId : null;
    if (fact.kind === 'PositionOpened' || fact.kind === 'PositionChanged') positions.set(fact.position.positionId, fact.position);
    if (fact.kind === 'PositionClosed') positions.delete(fact.positionId);
    if (at < from) continue;
    if (fact.kind === 'ExitTriggered') tried.add(fact.positionId);
    if (fact.kind === 'OrderIntended' && fact.request.purpose === 'close') tried.add(fact.positionId);
  }
  if (shortened === null) return 'the books do not show it';
  const left = positions.get(shortened);
  const mayStay = left === undefined || left.legs.length === 0 || (left.exitPlan.takeAssignment && !hasBareShort(left));
  if (!mayStay && !tried.has(shortened)) return `nothing closes what is left of ${shortened}`;
  // By the contract that is gone, or, after a death in between, by the position that lost it.
  const isOfIt = ({ body }: { readonly body: string }): boolean => body.includes(symbol) || body.startsWith(`${shortened}: `);
  const isTold = watch.told.some((told) => told.at >= from && told.at <= due && isOfIt(told) && isWanted(told, ONLY_URGENT));
  return isTold ? null : 'the owner was not told';
}

/** The row takes the contract out of a position without an order of ours. */
function isGoneFrom(fact: JournalFact, symbol: string, before: ReadonlyMap<string, Position>): boolean {
  if (fact.kind !== 'PositionChanged' || fact.why !== 'closed elsewhere') return false;
  const held = (position: Position | undefined): number =>
    position?.legs.reduce((sum, leg) => (leg.symbol === symbol ? sum + leg.quantity : sum), 0) ?? 0;
  return Math.abs(held(fact.position)) < Math.abs(held(before.get(fact.position.positionId)));
}

/** More shorts than longs of one right: what is left would not stand by itself. */
function hasBareShort({ legs }: Position): boolean {
  return (['call', 'put'] as const).some(
    (right) => legs.reduce((sum, leg) => (leg.contract?.right === right ? sum + leg.quantity : sum), 0) < 0,
  );
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
