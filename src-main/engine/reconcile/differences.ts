import { parseOccSymbol } from '#domain/market/instrument';
import type { AccountSnapshot } from '#ports/broker';
import type { Difference } from '#ports/facts';
import { isOver } from '../state/orderRecord.ts';
import type { Turn } from '../turn.ts';
import { adopt, giveUp, type Paid } from './adopt.ts';
import { settleClearing } from './clearing.ts';
import { AWAITED, LAGS, lagMs, timesSeen } from './drift.ts';

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
    result.push(...takeTold(turn, snapshot, own, theirs));
    const left = new Map([...gapsOf(turn, theirs)].filter(([symbol]) => own.has(symbol)));
    if (wasJustFilled(turn, left) || wasJustTold(turn, left)) {
      for (const [symbol, gap] of left) result.push(difference(symbol, theirs, gap, LAGS, false, 'waiting'));
      continue;
    }
    const clearing = settleClearing(turn, underlying, left, snapshot.account.cash);
    for (const [symbol, gap] of left) {
      const explained = clearing.get(symbol);
      const waits = explained === AWAITED;
      if (explained) result.push(difference(symbol, theirs, gap, explained, !waits, waits ? 'waiting' : 'booked'));
    }
    for (const [symbol, gap] of gapsOf(turn, theirs)) {
      if (underlyingOf(turn, snapshot, symbol) !== underlying || clearing.get(symbol) === AWAITED) continue;
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
 * We know of a fill that the account need not show yet. Taken at its word, an account that lags behind a spread just opened would
 * look like one whose two legs were assigned and exercised.
 */
function wasJustFilled(turn: Turn, gaps: ReadonlyMap<string, number>): boolean {
  return [...turn.state.orders.values()].some(
    (order) =>
      order.filled > 0 && turn.now - order.updatedAt < lagMs(turn) && order.request.legs.some((leg) => gaps.has(leg.symbol)),
  );
}

/**
 * The broker's record told of an execution a moment ago, and this account is older than that record. Taken at its word, a leg that
 * the broker closed would be adopted as a new holding and given up again when the account has caught up, at prices nobody paid.
 */
function wasJustTold(turn: Turn, gaps: ReadonlyMap<string, number>): boolean {
  return [...gaps.keys()].some((symbol) => {
    const at = turn.state.toldFillAt.get(symbol);
    return at !== undefined && turn.now - at < lagMs(turn);
  });
}

/** Executions of other hands come first: what they explain is neither an expiry nor a riddle, and has the broker's own price. */
function takeTold(
  turn: Turn,
  snapshot: AccountSnapshot,
  gaps: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
): Difference[] {
  return [...gaps].flatMap(([symbol, gap]) => {
    // A fill of ours that the record does not tell of yet would be taken for the other hand's.
    if (wasJustFilled(turn, new Map([[symbol, gap]]))) return [];
    const paid = paidElsewhere(turn, symbol, gap);
    if (!paid) return [];
    const done = takeOver(turn, snapshot, symbol, paid.contracts, paid);
    return [difference(symbol, theirs, gap, done ? 'external' : 'unexplained', done, done ? 'booked' : 'waiting')];
  });
}

/** A trade that was not ours and that no execution tells of: seen twice before it is believed, then counted from then on. */
function resolveElsewhere(
  turn: Turn,
  snapshot: AccountSnapshot,
  symbol: string,
  gap: number,
  theirs: ReadonlyMap<string, number>,
): Difference {
  const believed = timesSeen(turn, symbol) >= turn.settings.failsafe.driftPolls;
  const done = believed && takeOver(turn, snapshot, symbol, gap, null);
  return difference(symbol, theirs, gap, done ? 'external' : 'unexplained', done, done ? 'booked' : 'waiting');
}

/** Adopted where a holding grows, given up where it goes; true when all of it could be. */
function takeOver(turn: Turn, snapshot: AccountSnapshot, symbol: string, change: number, paid: Paid | null): boolean {
  const ours = quantityOf(turn, symbol);
  if (ours === 0 || Math.sign(change) === Math.sign(ours)) return adopt(turn, snapshot, symbol, change, paid);
  const beyond = Math.sign(change) * Math.max(0, Math.abs(change) - Math.abs(ours));
  // Through zero and on: what was held is gone, and the rest is a holding of another hand.
  if (paid && beyond !== 0)
    return giveUp(turn, symbol, change - beyond, paid) && adopt(turn, snapshot, symbol, beyond, { ...paid, contracts: beyond });
  return giveUp(turn, symbol, change, paid);
}

/**
 * The executions of other hands in a symbol, where they go no further than the difference. Null when none is told, or when one of
 * ours is not confirmed yet: an account that lags behind it would look the same.
 */
function paidElsewhere(turn: Turn, symbol: string, gap: number): Paid | null {
  const told = turn.state.cashBook?.fillGaps.get(symbol);
  if (!told || told.theirs < told.ours || told.contracts === 0) return null;
  if (Math.sign(told.contracts) !== Math.sign(gap) || Math.abs(told.contracts) > Math.abs(gap)) return null;
  const held = [...turn.state.positions.values()].flatMap(({ legs }) => legs).find((leg) => leg.symbol === symbol);
  const isOption = held ? held.contract !== null : parseOccSymbol(symbol) !== null;
  const multiplier = held?.contract?.multiplier ?? (isOption ? 100 : 1);
  return { symbol, contracts: told.contracts, price: Math.abs(told.cash / 100 / multiplier / told.contracts) };
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
