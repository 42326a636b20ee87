import { civilDate, sessionOn } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import type { Position } from '#domain/portfolio/position';
import { sharesOf } from '#domain/structures/anatomy';
import { scaled } from '#domain/structures/margin';
import { profitBounds } from '#domain/structures/payoff';
import { type Cents, cents } from '#domain/units';
import type { TradingHalt } from '#ports/marketData';
import { goesOn } from '../positions/calm.ts';
import { heldLegs, nearestExpiration } from '../positions/legs.ts';
import type { ClosingOrder, Exposure, RiskBook } from '../risk/book.ts';
import { theoreticalPrice } from '../scanner/theory.ts';
import { leavingQuoteOf } from '../spot.ts';
import { effectiveMode, sizeCapOf } from '../trust/trust.ts';
import type { Turn } from '../turn.ts';
import { entriesBlockedBy } from './blocks.ts';
import { coolingBreaker } from './coolDowns.ts';
import { underlyingsInDoubt } from './doubt.ts';
import { externalClosingSides, externalClosings, externalExposures } from './externalExposures.ts';
import { isOver } from './orderRecord.ts';
import { coveredLoss, ownFreeShares, shareCover } from './shareCover.ts';
import { buyingPowerOf } from './tiedUp.ts';

/** The book that the gate judges by, assembled for this moment. Orders that may still fill count as filled. */
export function riskBookOf(turn: Turn): RiskBook {
  const { state, present, now, settings } = turn;
  const today = civilDate(now);
  const exposures = exposuresOf(turn);
  const snapshot = present.snapshot;
  const sendsSeconds = Math.max(settings.risk.duplicateWindowSeconds, settings.risk.lastOrdersSeconds);
  return {
    now,
    today,
    session: sessionOn(today),
    killState: turn.parts.latch.read().state,
    entriesBlockedBy: entriesBlockedBy(turn),
    live: turn.parts.mode === 'live' ? { arming: state.arming } : null,
    account: snapshot?.account ?? null,
    snapshotAt: snapshot?.at ?? null,
    equity: conservativeEquity(turn),
    dayStartEquity: state.day?.startEquity ?? null,
    weekStartEquity: state.weekStart?.equity ?? null,
    peakEquity: state.peak?.equity ?? null,
    exposures,
    ordersToday: state.day?.orders ?? 0,
    ordersLastMinute: state.sendTimes.filter((at) => now - at < 60_000).length,
    entriesTodayBySymbol: state.entriesToday,
    lastEntryAt: state.lastEntryAt,
    ordersLastSecond: state.sendTimes.filter((at) => now - at < 1_000).length,
    recentSends: state.recentSends.filter((send) => now - send.at <= sendsSeconds * 1000),
    underlyingsInDoubt: underlyingsInDoubt(state.orders),
    pausedSymbols: state.pausedSymbols,
    haltedSymbols: haltedSymbols(turn),
    roundTripsToday: state.roundTripsToday,
    dayTrades: state.dayTrades.reduce((sum, { count }) => sum + count, 0),
    lastLossAt: state.lastLossAt,
    closingSides: closingSidesOf(turn),
    earningsOf: (underlying: string) => present.histories.get(underlying)?.earnings.map(({ date }) => date) ?? null,
    quoteOf: (symbol: string): Quote | null => present.quotes.get(symbol) ?? null,
    leavingQuoteOf: (symbol: string): Quote | null => leavingQuoteOf(present, symbol),
    theoryOf: (contract) =>
      theoreticalPrice(
        contract,
        present.scan?.output.market ?? null,
        present.quotes.get(contract.underlying) ?? null,
        now,
        settings.risk.theoryMaxAgeSeconds,
      ),
    sectorOf: turn.parts.sectorOf,
    coolingOf: (strategyId: string, underlying: string) => coolingBreaker(turn, strategyId, underlying),
    leaveOf: (strategyId: string) =>
      turn.parts.catalog.some(({ id }) => id === strategyId)
        ? { mode: effectiveMode(turn, strategyId), maxContracts: sizeCapOf(turn, strategyId) }
        : null,
    freeShares: (underlying: string) => freeSharesOf(turn, underlying),
    closingUnits: closingUnitsOf(turn),
    closingOrders: closingOrdersOf(turn),
  };
}

/** Everything that counts against the limits. */
export function exposuresOf(turn: Turn): Exposure[] {
  const { state, present } = turn;
  const exposures: Exposure[] = [];
  const cover = shareCover(state);
  for (const position of state.positions.values()) {
    const legs = heldLegs(position);
    const covered = cover(position.underlying, legs);
    const { maxLossPerUnit, entryCredit, units } = position;
    const mark = present.marks.get(position.positionId);
    exposures.push({
      positionId: position.positionId,
      strategyId: position.strategyId,
      underlying: position.underlying,
      sector: turn.parts.sectorOf(position.underlying),
      legs,
      units: 1,
      maxLoss: maxLossPerUnit === null ? coveredLoss(covered, entryCredit * units) : cents(Math.round(maxLossPerUnit * units)),
      buyingPowerEffect: buyingPowerOf(covered, creditOf(position)),
      deltaShares: mark?.deltaShares ?? null,
      vegaDollarsPerPoint: mark?.vegaDollarsPerPoint ?? null,
      source: 'position',
      expiration: position.expiration,
    });
  }
  for (const order of state.orders.values()) {
    if (isOver(order.status) || order.request.purpose !== 'open') continue;
    const whole = order.entry?.legs ?? order.legs;
    const units = Math.max(1, Math.ceil((order.request.contracts - order.filled) * (order.unitWeight || 1)));
    const spec = present.specs.get(order.request.intentId);
    const legs = order.request.assetClass === 'stock' && whole.length > 1 ? whole : order.legs;
    const bounds = profitBounds(
      whole,
      order.request.assetClass === 'stock' && spec ? order.request.netLimit + spec.restOfPrice : order.request.netLimit,
    );
    const covered = cover(order.request.underlying, scaled(legs, units));
    const { netLimit } = order.request;
    exposures.push({
      positionId: order.positionId,
      strategyId: order.strategyId,
      underlying: order.request.underlying,
      sector: turn.parts.sectorOf(order.request.underlying),
      legs,
      units,
      maxLoss: bounds.maxLoss === null ? coveredLoss(covered, netLimit * units) : cents(bounds.maxLoss * units),
      buyingPowerEffect: buyingPowerOf(covered, netLimit * 100 * units),
      deltaShares: spec?.risk.deltaSharesPerUnit === null || spec === undefined ? null : spec.risk.deltaSharesPerUnit * units,
      vegaDollarsPerPoint:
        spec?.risk.vegaDollarsPerUnit === null || spec === undefined ? null : spec.risk.vegaDollarsPerUnit * units,
      source: 'workingOrder',
      expiration: nearestExpiration(
        legs.flatMap((leg) =>
          leg.kind === 'option'
            ? [{ symbol: leg.contract.symbol, contract: leg.contract, quantity: leg.ratio, ratio: leg.ratio, entryPrice: 0 }]
            : [],
        ),
      ),
    });
  }
  exposures.push(...externalExposures(turn, cover));
  return exposures;
}

/** What came in for what is held, in dollars; for shares alone what they cost, whatever their unit is. */
function creditOf({ legs, entryCredit, units }: Position): number {
  const options = legs.some(({ contract }) => contract !== null);
  return options ? entryCredit * 100 * units : -legs.reduce((sum, { quantity, entryPrice }) => sum + quantity * entryPrice, 0);
}

/** Shares held that no short call needs, without those that are being sold. */
export function freeSharesOf(turn: Turn, underlying: string): number {
  let free = 0;
  for (const position of turn.state.positions.values()) {
    if (position.underlying !== underlying) continue;
    const own = ownFreeShares(heldLegs(position));
    free += isBeingLeft(turn, position) ? Math.min(0, own) : own;
  }
  for (const order of turn.state.orders.values()) {
    if (
      isOver(order.status) ||
      order.request.purpose !== 'open' ||
      order.request.underlying !== underlying ||
      order.legs.length !== 1
    )
      continue;
    const [leg] = order.legs;
    if (leg?.kind === 'option' && leg.contract.right === 'call' && leg.ratio < 0)
      free -= leg.contract.multiplier * (order.request.contracts - order.filled);
  }
  for (const { underlying: theirs, legs } of externalClosings(turn))
    if (theirs === underlying) free += Math.min(0, sharesOf(legs));
  return Math.max(0, free);
}

/** Its exit is being worked, or goes on after a pause. */
export function isBeingLeft({ state, parts }: Turn, { positionId, status, exitReason }: Position): boolean {
  if (status === 'closing' && exitReason !== null && goesOn(exitReason, parts.latch.read().state)) return true;
  return [...state.works.values()].some(
    (work) => work.positionId === positionId && work.purpose === 'close' && work.outcome === null,
  );
}

/** What working closing orders may still take away, ours and those of other hands. */
export function closingOrdersOf(turn: Turn): ClosingOrder[] {
  const ours = [...turn.state.orders.values()]
    .filter(({ status, request }) => !isOver(status) && request.purpose === 'close')
    .map(({ positionId, request, legs, filled }) => ({
      positionId,
      underlying: request.underlying,
      legs: scaled(legs, request.contracts - filled),
    }));
  return [...ours, ...externalClosings(turn)];
}

function closingUnitsOf(turn: Turn): Map<string, number> {
  const closing = new Map<string, number>();
  for (const order of turn.state.orders.values()) {
    if (isOver(order.status) || order.request.purpose !== 'close') continue;
    closing.set(order.positionId, (closing.get(order.positionId) ?? 0) + order.request.contracts - order.filled);
  }
  return closing;
}

/** Sides of working closing orders, ours and others', per symbol. */
function closingSidesOf(turn: Turn): Map<string, number> {
  const sides = new Map<string, number>();
  for (const order of turn.state.orders.values()) {
    if (isOver(order.status) || order.request.purpose !== 'close') continue;
    for (const leg of order.request.legs) sides.set(leg.symbol, leg.side === 'buy' ? 1 : -1);
  }
  for (const [symbol, side] of externalClosingSides(turn)) sides.set(symbol, side);
  return sides;
}

const HOUR_MS = 3_600_000;

/** Underlyings that rest after a refusal in a trading halt, and those whose halt the feed told of. */
export function haltedSymbols(turn: Turn): ReadonlySet<string> {
  const { state, settings, now } = turn;
  const rests = [...state.haltedAt].filter(([, at]) => now - at < settings.risk.symbolHaltSeconds * 1000);
  return new Set([...rests.map(([underlying]) => underlying), ...toldHalts(turn).keys()]);
}

/** Why each of them rests. */
export function haltReasons(turn: Turn): ReadonlyMap<string, string> {
  const told = toldHalts(turn);
  return new Map(
    [...haltedSymbols(turn)].map((underlying) => [
      underlying,
      told.get(underlying)?.reason ?? 'the broker refused an order for a trading halt',
    ]),
  );
}

/** The feed's halts that still count: none is believed for ever, since the word of its end may have been lost. */
export function toldHalts({ state, settings, now }: Turn): ReadonlyMap<string, TradingHalt> {
  return new Map([...state.toldHalts].filter(([, { at }]) => now - at < settings.risk.toldHaltHours * HOUR_MS));
}

/**
 * The broker's equity less what leaving everything at natural prices would cost against its mids; null when a position has no
 * mark, or only an old one: what is not known counts as lost.
 */
export function conservativeEquity({ state, present, settings, now }: Turn): Cents | null {
  const reported = state.lastEquity?.equity;
  if (reported === undefined) return null;
  let cost = 0;
  for (const position of state.positions.values()) {
    if (position.legs.length === 0) continue;
    const mark = present.marks.get(position.positionId);
    if (!mark || Math.abs(now - mark.at) > settings.risk.maxMarkAgeSeconds * 1000) return null;
    cost += Math.max(0, mark.midValue - mark.naturalValue);
  }
  return cents(reported - cost);
}
