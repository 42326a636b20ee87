import { parseOccSymbol } from '#domain/market/instrument';
import type { AccountSnapshot } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { isOver } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { adopt, giveUp, type Paid } from './adopt.ts';
import { settleClearing } from './clearing.ts';
import { timesSeen } from './drift.ts';

/** Every symbol in which the two books differ, explained and, where it can be, resolved. */
export function explainDifferences(turn: Turn, snapshot: AccountSnapshot): readonly Difference[] {
  const theirs = new Map<string, number>();
  for (const position of snapshot.positions) theirs.set(position.symbol, (theirs.get(position.symbol) ?? 0) + position.quantity);
  const gaps = gapsOf(turn, theirs);
  if (gaps.size === 0) return [];
  const result: Difference[] = [];
  for (const underlying of new Set([...gaps.keys()].map((symbol) => underlyingOf(turn, snapshot, symbol)))) {
    const own = new Map([...gaps].filter(([symbol]) => underlyingOf(turn, snapshot, symbol) === underlying));
    if (isUnderWay(turn, own)) {
      for (const [symbol, gap] of own) result.push(difference(symbol, theirs, gap, 'orderUnderWay', false, 'waiting'));
      continue;
    }
    const clearing = settleClearing(turn, underlying, own);
    for (const [symbol, gap] of own) {
      const explained = clearing.get(symbol);
      if (explained) result.push(difference(symbol, theirs, gap, explained, true, 'booked'));
    }
    for (const [symbol, gap] of gapsOf(turn, theirs)) {
      if (underlyingOf(turn, snapshot, symbol) !== underlying) continue;
      result.push(resolveElsewhere(turn, snapshot, symbol, gap, theirs));
    }
  }
  return result;
}

/** theirs - ours, per symbol, where it is not 0. */
function gapsOf(turn: Turn, theirs: ReadonlyMap<string, number>): Map<string, number> {
  const gaps = new Map(theirs);
  for (const position of turn.state.positions.values())
    for (const leg of position.legs) gaps.set(leg.symbol, (gaps.get(leg.symbol) ?? 0) - leg.quantity);
  for (const [symbol, gap] of gaps) if (gap === 0) gaps.delete(symbol);
  return gaps;
}

function underlyingOf(turn: Turn, snapshot: AccountSnapshot, symbol: string): string {
  const theirs = snapshot.positions.find((position) => position.symbol === symbol)?.underlying;
  if (theirs) return theirs;
  for (const position of turn.state.positions.values())
    if (position.legs.some((leg) => leg.symbol === symbol)) return position.underlying;
  return parseOccSymbol(symbol)?.root ?? symbol;
}

/** A fill may be on its way: an order in one of the symbols has not reached its end. */
function isUnderWay(turn: Turn, gaps: ReadonlyMap<string, number>): boolean {
  return [...turn.state.orders.values()].some(
    (order) => !isOver(order.status) && order.request.legs.some((leg) => gaps.has(leg.symbol)),
  );
}

/**
 * A trade that was not ours: adopted or given up, and counted from then on. Where the broker's own executions explain it to the
 * contract it is believed at once and booked at their price; else it must be seen twice.
 */
function resolveElsewhere(
  turn: Turn,
  snapshot: AccountSnapshot,
  symbol: string,
  gap: number,
  theirs: ReadonlyMap<string, number>,
): Difference {
  const paid = paidElsewhere(turn, symbol, gap);
  if (!paid && timesSeen(turn, symbol) < turn.settings.failsafe.driftPolls)
    return difference(symbol, theirs, gap, 'unexplained', false, 'waiting');
  const ours = quantityOf(turn, symbol);
  const grows = ours === 0 || Math.sign(gap) === Math.sign(ours);
  if (grows) return ended(adopt(turn, snapshot, symbol, gap, paid));
  const beyond = Math.sign(gap) * Math.max(0, Math.abs(gap) - Math.abs(ours));
  // Through zero and on: what was held is gone, and the rest is a holding of another hand.
  if (paid && beyond !== 0)
    return ended(
      giveUp(turn, symbol, gap - beyond, paid) && adopt(turn, snapshot, symbol, beyond, { ...paid, contracts: beyond }),
    );
  return ended(giveUp(turn, symbol, gap, paid));

  function ended(done: boolean): Difference {
    return difference(symbol, theirs, gap, done ? 'external' : 'unexplained', done, done ? 'booked' : 'waiting');
  }
}

/** The executions of other hands in a symbol, when they are exactly the difference; null when they are not, or not told. */
function paidElsewhere(turn: Turn, symbol: string, gap: number): Paid | null {
  const told = turn.state.cashBook?.fillGaps.get(symbol);
  if (!told || told.contracts !== gap) return null;
  const held = [...turn.state.positions.values()].flatMap(({ legs }) => legs).find((leg) => leg.symbol === symbol);
  const isOption = held ? held.contract !== null : parseOccSymbol(symbol) !== null;
  const multiplier = held?.contract?.multiplier ?? (isOption ? 100 : 1);
  return { symbol, contracts: gap, price: Math.abs(told.cash / 100 / multiplier / gap) };
}

function quantityOf(turn: Turn, symbol: string): number {
  let sum = 0;
  for (const position of turn.state.positions.values())
    for (const leg of position.legs) if (leg.symbol === symbol) sum += leg.quantity;
  return sum;
}

function difference(
  symbol: string,
  theirs: ReadonlyMap<string, number>,
  gap: number,
  classification: string,
  resolved: boolean,
  ended: NonNullable<Difference['ended']>,
): Difference {
  const quantity = theirs.get(symbol) ?? 0;
  return {
    kind: 'position',
    subject: symbol,
    ours: String(quantity - gap),
    theirs: String(quantity),
    classification,
    resolved,
    ended,
  };
}
