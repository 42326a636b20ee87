import type { GateResult } from '#domain/decisions/decision';
import { optionLegs } from '#domain/structures/anatomy';
import { uncoveredShorts } from '#domain/structures/coverage';
import type { Leg } from '#domain/structures/leg';
import { scaled } from '#domain/structures/margin';
import { intrinsicDollars } from '#domain/structures/payoff';
import type { Contracts } from '#domain/units';
import type { RiskSettings } from '#ports/settings/settings';
import type { RiskBook, RiskRequest } from './book.ts';
import { combinationQuote, combinationTick, symbolOf } from './combinationQuote.ts';
import { coverGate, netted, sizeOf } from './cover.ts';
import { atLeast, atMost, holds } from './gates.ts';
import { takenTwice } from './takenTwice.ts';

/** What protects a closing order whatever its size: never stopped by loss limits, counts or throttles. */
export function closeGates(request: RiskRequest, book: RiskBook, limits: RiskSettings): GateResult[] {
  const { session, now } = book;
  return [
    holds('killSwitch', book.killState !== 'HALTED', book.killState),
    holds('marketHours', session !== null && now >= session.open && now < session.close),
    ...closePriceGates(request, book, limits),
  ];
}

/**
 * Whether `contracts` units only take away from what is held, and leave nothing uncovered that was covered before: neither in the
 * position itself nor in another one of the underlying.
 */
export function reduceOnlyGates(request: RiskRequest, book: RiskBook, contracts: Contracts): GateResult[] {
  const held = heldLegs(request, book);
  const closing = request.positionId === null ? 0 : (book.closingUnits?.get(request.positionId) ?? 0);
  const working = request.replacing === true ? 0 : closing;
  const taken = scaled(request.legs, contracts + working);
  const twice = takenTwice(taken, heldInAll(book), takenByOthers(request, book));
  return [
    holds('wholeContracts', Number.isInteger(contracts)),
    holds(
      'reduceOnly',
      taken.every((leg) => reduces(leg, held)) && twice.length === 0,
      `${working} units in working closing orders, ${twice.length} legs that others close too`,
    ),
    atMost('uncoveredShort', uncoveredOf([...held, ...taken]), uncoveredOf(held), 'contracts'),
    coverGate(request, book, taken),
  ];
}

/** The legs that the request may take from: its position's, or everything held in the underlying when it names none. */
function heldLegs({ positionId, underlying }: RiskRequest, book: RiskBook): Leg[] {
  return book.exposures
    .filter((exposure) => exposure.source === 'position' && exposure.underlying === underlying)
    .filter((exposure) => positionId === null || exposure.positionId === positionId)
    .flatMap((exposure) => scaled(exposure.legs, exposure.units));
}

function heldInAll({ exposures }: RiskBook): Leg[] {
  return exposures.filter(({ source }) => source === 'position').flatMap(({ legs, units }) => scaled(legs, units));
}

/** What working closing orders of other positions and of other hands may still take. */
function takenByOthers({ positionId }: RiskRequest, { closingOrders }: RiskBook): Leg[] {
  return (closingOrders ?? []).filter((order) => order.positionId !== positionId).flatMap(({ legs }) => legs);
}

/** No closing order can be of more units than the largest leg held, whatever it asks for. */
export function mostUnitsHeld(request: RiskRequest, book: RiskBook): Contracts {
  return Math.max(0, ...heldLegs(request, book).map((leg) => Math.abs(sizeOf(leg))));
}

function reduces(leg: Leg, held: readonly Leg[]): boolean {
  const symbol = symbolOf(leg);
  const quantity = held.filter((other) => symbolOf(other) === symbol).reduce((sum, other) => sum + sizeOf(other), 0);
  return Math.sign(quantity) === -Math.sign(sizeOf(leg)) && Math.abs(sizeOf(leg)) <= Math.abs(quantity);
}

function uncoveredOf(legs: readonly Leg[]): number {
  const { calls, puts } = uncoveredShorts(netted(legs), 'boundToAdjusted');
  return calls + puts;
}

/**
 * Price sanity of a closing order. Never pays more than the legs could ever be worth; and where there is a quote to compare
 * with, is not worse than its mid by more than the exit collar. A price that asks too much only fails to fill.
 */
function closePriceGates(request: RiskRequest, book: RiskBook, limits: RiskSettings): GateResult[] {
  const { legs, netLimit } = request;
  const gates: GateResult[] = [...sideGate(request)];
  const tick = combinationTick(legs, netLimit);
  const ceiling = mostItCanBeWorth(legs);
  if (ceiling !== null) gates.push(atLeast('worstPrice', netLimit, -(ceiling + tick), 'dollars'));
  const quote = combinationQuote(legs, (symbol) => book.leavingQuoteOf?.(symbol) ?? book.quoteOf(symbol));
  if (quote !== null) {
    const room = limits.exitCollarFraction * quote.width + limits.exitCollarTicks * tick;
    gates.push(atMost('priceCollar', Math.round((quote.mid - netLimit) * 1e4) / 1e4, Math.round(room * 1e4) / 1e4, 'dollars'));
  }
  return gates;
}

/**
 * A single leg's limit has the sign of its side: - to buy it, + to sell it. On the wire it has none, so that a price meant as a
 * credit would be paid. Nothing is bought or sold for 0.
 */
function sideGate({ legs: [only, ...others], netLimit }: RiskRequest): GateResult[] {
  if (!only || others.length > 0) return [];
  return [holds('limitSide', netLimit * sizeOf(only) < 0, `${sizeOf(only) > 0 ? 'buys' : 'sells'} at ${netLimit}`)];
}

/** The most that one unit of the legs can be worth at expiration, dollars per share; null when it has no bound. */
export function mostItCanBeWorth(legs: readonly Leg[]): number | null {
  const options = optionLegs(legs);
  const [first] = options;
  const slope = options.reduce((sum, leg) => sum + (leg.contract.right === 'call' ? leg.ratio : 0), 0);
  if (options.length !== legs.length || !first || slope > 0) return null;
  const knots = [0, ...options.map((leg) => leg.contract.strike)];
  return Math.max(0, ...knots.map((spot) => intrinsicDollars(legs, spot))) / first.contract.multiplier;
}
