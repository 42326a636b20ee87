import { civilDate, nextTradingDay, sessionOn } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import type { ExitReason, Position, PositionLeg } from '#domain/portfolio/position';
import { intrinsicValue } from '#domain/structures/intrinsic';
import { type Cents, cashOf, cents } from '#domain/units';
import { nearestExpiration } from '../positions/legs.ts';
import { closeTrade } from '../positions/trade.ts';
import { isSane } from '../risk/combinationQuote.ts';
import { feeRoom } from '../state/cashBook.ts';
import { notify, type Turn } from '../turn.ts';
import { AWAITED } from './drift.ts';

const ROUNDING_CENTS = 2;

/** How a symbol's difference was explained; `AWAITED`: neither a price nor the broker's record says yet how it ended. */
export type Clearing = 'expired' | 'assigned' | 'exercised' | 'delivered' | typeof AWAITED;

interface Gone {
  readonly position: Position;
  readonly leg: PositionLeg;
  /** Signed contracts that left. */
  readonly quantity: number;
  readonly expired: boolean;
}

/**
 * Explains option legs that went away by themselves: expired, assigned, exercised, with the shares that came or went. The
 * broker's orders were asked first, so no fill explains them. Which legs were exercised is read from the shares that moved and
 * from what was paid for them; where neither decides, what is in the money by our last look. Positions change at the strike.
 */
export function settleClearing(
  turn: Turn,
  underlying: string,
  gaps: ReadonlyMap<string, number>,
  accountCash: Cents,
): ReadonlyMap<string, Clearing> {
  const gone = goneLegs(turn, underlying, gaps);
  const explained = new Map<string, Clearing>();
  if (gone.length === 0) return explained;
  const shares = gaps.get(underlying) ?? 0;
  const delivered = gone.filter(({ leg }) => leg.contract?.settlement === 'physical');
  const exercised = exercisedAmong(delivered, shares, spotOf(turn, underlying), cashMoved(turn, accountCash));
  if (exercised === null) return explained;
  for (const item of gone) {
    const byCash = item.leg.contract?.settlement === 'cash';
    if (byCash && item.expired && isAwaited(turn, item, gone)) {
      explained.set(item.leg.symbol, AWAITED);
      continue;
    }
    const was = byCash ? item.expired && settlesForMoney(turn, item) : exercised.has(item);
    if (!was && !item.expired) continue;
    explained.set(item.leg.symbol, was ? (item.quantity < 0 ? 'assigned' : 'exercised') : 'expired');
  }
  if (shares !== 0) explained.set(underlying, 'delivered');
  const settled = gone.filter(({ leg }) => explained.get(leg.symbol) !== AWAITED);
  const positions = new Set(settled.map(({ position }) => position.positionId));
  for (const positionId of positions)
    applyClearing(
      turn,
      positionId,
      settled.filter(({ position }) => position.positionId === positionId),
      explained,
    );
  return explained;
}

function goneLegs(turn: Turn, underlying: string, gaps: ReadonlyMap<string, number>): Gone[] {
  const today = civilDate(turn.now);
  const found: Gone[] = [];
  const left = new Map(gaps);
  for (const position of turn.state.positions.values()) {
    if (position.underlying !== underlying) continue;
    for (const leg of position.legs) {
      const gap = left.get(leg.symbol) ?? 0;
      if (!leg.contract || gap === 0 || Math.sign(gap) === Math.sign(leg.quantity)) continue;
      const quantity = Math.sign(leg.quantity) * Math.min(Math.abs(leg.quantity), Math.abs(gap));
      left.set(leg.symbol, gap + quantity);
      const session = sessionOn(leg.contract.expiration);
      // A cash-settled contract may be gone from the morning of its expiration on (settled at the open).
      const overToday = leg.contract.settlement === 'cash' || session === null || turn.now >= session.close;
      const expired = leg.contract.expiration < today || (leg.contract.expiration === today && overToday);
      found.push({ position, leg, quantity, expired });
    }
  }
  return found;
}

/** Shares that move when a leg is exercised or assigned: + arrive. A short put brings shares, a short call takes them. */
function sharesOf({ leg, quantity }: Gone): number {
  const sign = leg.contract?.right === 'call' ? 1 : -1;
  return sign * quantity * (leg.contract?.multiplier ?? 0);
}

/** The subset of legs whose exercise explains the shares that moved, and best the cash that did; null when none explains the shares. */
function exercisedAmong(
  gone: readonly Gone[],
  shares: number,
  spot: number | null,
  moved: { readonly least: number; readonly most: number } | null,
): ReadonlySet<Gone> | null {
  let best: { set: ReadonlySet<Gone>; paid: boolean; agreement: number } | null = null;
  for (let mask = 0; mask < 1 << Math.min(gone.length, 12); mask += 1) {
    const set = new Set(gone.filter((_, index) => (mask >> index) & 1));
    // Before its expiration a leg can only be gone because it was assigned or exercised.
    if (gone.some((item) => !item.expired && !set.has(item))) continue;
    if ([...set].reduce((sum, item) => sum + sharesOf(item), 0) !== shares) continue;
    const cash = -[...set].reduce((sum, item) => sum + cashOf(item.leg.contract?.strike ?? 0, 1, sharesOf(item)), 0);
    // A last look of before a restart may be hours old: a put assigned and a call exercised bring the same shares, not at one price.
    const paid = moved !== null && cash >= moved.least && cash <= moved.most;
    const agreement = gone.filter((item) => set.has(item) === isInTheMoney(item.leg, spot)).length;
    if (best === null || (paid && !best.paid) || (paid === best.paid && agreement > best.agreement))
      best = { set, paid, agreement };
  }
  return best?.set ?? null;
}

/** Cents by which the account moved beyond our book, with the room of fees that are not settled; null without a book. */
function cashMoved(turn: Turn, accountCash: Cents): { readonly least: number; readonly most: number } | null {
  const book = turn.state.cashBook;
  if (!book) return null;
  const gap = accountCash - book.cash;
  const { most, least } = feeRoom(book);
  return { least: gap - most - ROUNDING_CENTS, most: gap - least + ROUNDING_CENTS };
}

function isInTheMoney(leg: PositionLeg, spot: number | null): boolean {
  return leg.contract !== null && spot !== null && intrinsicValue(leg.contract.right, leg.contract.strike, spot) >= 0.01;
}

/** The broker's record of it stands; where it says nothing (yet), our last look at the price. */
function settlesForMoney(turn: Turn, item: Gone): boolean {
  if (settledInCash(turn, item) !== null) return true;
  return !isToldExpired(turn, item) && isInTheMoney(item.leg, spotOf(turn, item.position.underlying));
}

function isToldExpired(turn: Turn, { leg }: Gone): boolean {
  return turn.present.snapshot?.activities.some(({ symbol, kind }) => symbol === leg.symbol && kind === 'expiration') ?? false;
}

/**
 * A start, before the feed's first price of the underlying, and the broker has told of no contract of that expiration: worthless or
 * not is a guess then. Its record is there by the next session; a broker that keeps none is not waited for beyond it.
 */
function isAwaited(turn: Turn, { leg, position }: Gone, gone: readonly Gone[]): boolean {
  const expiration = leg.contract?.expiration;
  if (expiration === undefined || civilDate(turn.now) > nextTradingDay(expiration)) return false;
  if (spotOf(turn, position.underlying) !== null) return false;
  return !gone.some(
    (item) => item.leg.contract?.expiration === expiration && (settledInCash(turn, item) !== null || isToldExpired(turn, item)),
  );
}

function spotOf(turn: Turn, underlying: string): number | null {
  const quote = turn.present.quotes.get(underlying) ?? null;
  if (isSane(quote)) return midOf(quote);
  return turn.present.scan?.output.market.underlyings.find((view) => view.underlying === underlying)?.spot ?? null;
}

function applyClearing(turn: Turn, positionId: string, gone: readonly Gone[], explained: ReadonlyMap<string, Clearing>): void {
  const held = turn.state.positions.get(positionId);
  if (!held) return;
  const spot = spotOf(turn, held.underlying);
  let cash: number = held.cashFlow;
  let legs = held.legs.map((leg) => ({ ...leg }));
  let shareMove = 0;
  let reason: ExitReason = 'expired';
  let strikes: number[] = [];
  const settled: { symbol: string; cash: Cents }[] = [];
  for (const item of gone) {
    const how = explained.get(item.leg.symbol);
    const contract = item.leg.contract;
    if (!how || how === AWAITED || !contract) continue;
    legs = legs
      .map((leg) => (leg.symbol === item.leg.symbol ? { ...leg, quantity: leg.quantity - item.quantity } : leg))
      .filter((leg) => leg.quantity !== 0);
    if (how === 'expired') continue;
    reason = how === 'assigned' ? 'assigned' : 'exercised';
    if (contract.settlement === 'cash') {
      const brought =
        settledInCash(turn, item) ??
        cashOf(intrinsicValue(contract.right, contract.strike, spot ?? contract.strike), contract.multiplier, item.quantity);
      cash += brought;
      settled.push({ symbol: item.leg.symbol, cash: cents(brought) });
      continue;
    }
    const moved = sharesOf(item);
    shareMove += moved;
    cash -= cashOf(contract.strike, 1, moved);
    strikes = [...strikes, contract.strike];
    notify(
      turn,
      'assignment',
      `${held.underlying}: ${how}`,
      `${Math.abs(item.quantity)} ${contract.right} ${contract.strike}: ${moved > 0 ? '+' : ''}${moved} shares`,
      true,
    );
  }
  legs = withShares(legs, held.underlying, shareMove, strikes[0] ?? 0);
  const { remaining, passedOn } = withoutForeignShares(turn, held, legs);
  cash -= passedOn;
  const onlyShares = remaining.length > 0 && remaining.every((leg) => leg.contract === null && leg.quantity > 0);
  const units = remaining.length === 0 ? 0 : onlyShares ? Math.abs(remaining[0]?.quantity ?? 0) / 100 : held.units;
  const orphan = remaining.length > 0 && !onlyShares ? ['orphan'] : [];
  const calledAway = held.legs.some((leg) => leg.contract === null && leg.quantity > 0) && shareMove < 0;
  const position: Position = {
    ...held,
    legs: remaining,
    units,
    cashFlow: cents(cash),
    expiration: nearestExpiration(remaining),
    tags: [...held.tags, ...orphan, ...(reason === 'expired' ? [] : [reason])],
    ...(onlyShares ? { structure: 'longStock', status: 'open' as const, exitReason: null, exitPlan: SHARES_PLAN } : {}),
  };
  if (shareMove !== 0 && onlyShares && !held.legs.some((leg) => leg.contract === null)) {
    splitAssigned(turn, held, position, shareMove, strikes[0] ?? 0, cash);
    return;
  }
  turn.emit({ kind: 'PositionChanged', position, why: reason, ...(settled.length === 0 ? {} : { settled }) });
  if (remaining.length === 0) closeTrade(turn, position, held, calledAway ? 'calledAway' : reason);
}

/** What the broker says that a contract settled for: its own value, where our last look has only a price. Null when not told yet. */
function settledInCash(turn: Turn, { leg, quantity }: Gone): number | null {
  const told = turn.present.snapshot?.activities.find(
    (activity) => activity.symbol === leg.symbol && activity.netCash !== 0 && activity.quantity !== 0,
  );
  const isSettlement = told?.kind === 'exercise' || told?.kind === 'assignment' || told?.kind === 'optionTrade';
  return told && isSettlement ? Math.round((told.netCash * Math.abs(quantity)) / Math.abs(told.quantity)) : null;
}

const SHARES_PLAN: Position['exitPlan'] = {
  takeProfitFraction: null,
  stopLossMultiple: null,
  trailing: null,
  timeStopDays: null,
  roll: null,
  scaleOut: [],
  takeAssignment: true,
};

function withShares(legs: PositionLeg[], underlying: string, moved: number, strike: number): PositionLeg[] {
  if (moved === 0) return legs;
  const known = legs.find((leg) => leg.contract === null);
  if (!known)
    return [...legs, { symbol: underlying, contract: null, quantity: moved, ratio: Math.sign(moved) * 100, entryPrice: strike }];
  return legs
    .map((leg) => (leg === known ? { ...leg, quantity: leg.quantity + moved } : leg))
    .filter((leg) => leg.quantity !== 0);
}

/** A call written against shares of another position of the campaign takes its shares from there, and what they bring goes there. */
function withoutForeignShares(
  turn: Turn,
  held: Position,
  legs: PositionLeg[],
): { readonly remaining: PositionLeg[]; readonly passedOn: number } {
  const short = legs.find((leg) => leg.contract === null && leg.quantity < 0);
  if (!short) return { remaining: legs, passedOn: 0 };
  let owed = -short.quantity;
  let passedOn = 0;
  for (const other of turn.state.positions.values()) {
    if (owed === 0 || other.positionId === held.positionId || other.underlying !== held.underlying) continue;
    const stock = other.legs.find((leg) => leg.contract === null && leg.quantity > 0);
    if (!stock || other.legs.length > 1) continue;
    const taken = Math.min(owed, stock.quantity);
    owed -= taken;
    const rest = other.legs.map((leg) => ({ ...leg, quantity: leg.quantity - taken })).filter((leg) => leg.quantity !== 0);
    const brought = cashOf(short.entryPrice, 1, taken);
    passedOn += brought;
    const position = {
      ...other,
      legs: rest,
      units: (stock.quantity - taken) / 100,
      cashFlow: cents(other.cashFlow + brought),
    };
    turn.emit({ kind: 'PositionChanged', position, why: 'called away' });
    if (rest.length === 0) closeTrade(turn, position, other, 'calledAway');
  }
  const settled = -short.quantity - owed;
  const remaining = legs
    .map((leg) => (leg === short ? { ...leg, quantity: leg.quantity + settled } : leg))
    .filter((leg) => leg.quantity !== 0);
  return { remaining, passedOn };
}

/** A put that was assigned has told its story; the shares are a position of their own in the same campaign. */
function splitAssigned(turn: Turn, held: Position, after: Position, shares: number, strike: number, cash: number): void {
  const shareCash = -cashOf(strike, 1, shares);
  const closed: Position = {
    ...after,
    legs: [],
    units: 0,
    structure: held.structure,
    status: 'closed',
    cashFlow: cents(cash - shareCash),
  };
  turn.emit({ kind: 'PositionChanged', position: closed, why: 'assigned' });
  closeTrade(turn, closed, held, 'assigned');
  turn.state.counters.position += 1;
  turn.emit({
    kind: 'PositionOpened',
    position: {
      ...after,
      positionId: `p${turn.state.counters.position}`,
      decisionId: null,
      structure: 'longStock',
      openedAt: turn.now,
      entryCredit: -strike,
      cashFlow: cents(shareCash),
      fees: cents(0),
      openedUnits: after.units,
      maxLossPerUnit: cents(Math.round(strike * 100 * 100)),
      maxProfitPerUnit: null,
      highWaterProfit: cents(0),
      maxAdverse: cents(0),
      maxFavourable: cents(0),
      realised: cents(0),
      realisedBeforeFees: cents(0),
      rolls: 0,
      scaledOut: 0,
      tags: ['assigned'],
    },
  });
}
