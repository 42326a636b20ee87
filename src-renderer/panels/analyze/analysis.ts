import type { OptionContract } from '#domain/market/instrument';
import { calendarDaysBetween, expirationsOf } from '#domain/structures/anatomy';
import type { Leg } from '#domain/structures/leg';
import { type Scenario, type StructureGreeks, structureGreeks, structureValue } from '#domain/structures/valuation';
import type { IsoDate } from '#domain/units';
import { addDays } from './days.ts';

/** The market as it is: what the sliders start from. */
export interface Market {
  readonly spot: number;
  readonly today: IsoDate;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatilityOf: (contract: OptionContract) => number;
}

/** How the owner bends it: fractions of spot and volatility, and days that pass. */
export interface Bend {
  readonly spotMove: number;
  readonly volatilityMove: number;
  readonly days: number;
}

export interface PayoffPoint {
  readonly spot: number;
  /** Profit in cents at the first expiration and in the bent world. */
  readonly atExpiration: number;
  readonly now: number;
}

/** The market after the bend, at a price of its own when one is given. */
export function scenarioOf(market: Market, bend: Bend, spot = market.spot * (1 + bend.spotMove)): Scenario {
  return {
    spot,
    date: addDays(market.today, bend.days),
    rate: market.rate,
    dividendYield: market.dividendYield,
    volatilityOf: (contract) => Math.max(0.001, market.volatilityOf(contract) * (1 + bend.volatilityMove)),
  };
}

/** Calendar days from today to the first expiration; 0 without options. */
export function daysToFirstExpiration(legs: readonly Leg[], today: IsoDate): number {
  const [first] = expirationsOf(legs);
  return first ? Math.max(0, calendarDaysBetween(today, first)) : 0;
}

/** Profit over a range of prices around the market and every strike: at the first expiration, and in the bent world. */
export function payoffPoints(
  legs: readonly Leg[],
  cash: number,
  market: Market,
  bend: Bend,
  count = 121,
): readonly PayoffPoint[] {
  const strikes = legs.flatMap((leg) => (leg.kind === 'option' ? [leg.contract.strike] : []));
  const low = Math.min(market.spot * 0.85, ...strikes.map((strike) => strike * 0.97));
  const high = Math.max(market.spot * 1.15, ...strikes.map((strike) => strike * 1.03));
  const end = { ...bend, days: daysToFirstExpiration(legs, market.today) };
  return Array.from({ length: count }, (_, index) => {
    const spot = Math.round((low + ((high - low) * index) / (count - 1)) * 100) / 100;
    const profit = (of: Bend) => Math.round((cash + structureValue(legs, scenarioOf(market, of, spot))) * 100);
    return { spot, atExpiration: profit(end), now: profit(bend) };
  });
}

/** Prices at which the result at the first expiration changes its sign, by a straight line between neighbours. */
export function breakevensOf(points: readonly PayoffPoint[]): readonly number[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (!before || before.atExpiration >= 0 === point.atExpiration >= 0) return [];
    const share = before.atExpiration / (before.atExpiration - point.atExpiration);
    return [Math.round((before.spot + share * (point.spot - before.spot)) * 100) / 100];
  });
}

export interface GreeksRow extends StructureGreeks {
  readonly spot: number;
  readonly days: number;
  readonly profit: number;
}

/** Profit (dollars) and greeks of the whole subject in the bent world at one price. */
export function greeksRow(legs: readonly Leg[], cash: number, market: Market, bend: Bend): GreeksRow {
  const scenario = scenarioOf(market, bend);
  const greeks = structureGreeks(legs, scenario);
  return { ...greeks, spot: scenario.spot, days: bend.days, profit: cash + greeks.value };
}

export interface ConePoint {
  readonly days: number;
  readonly low95: number;
  readonly low68: number;
  readonly high68: number;
  readonly high95: number;
}

/** Where the price may be, day by day: one and two standard deviations of a lognormal around the forward. */
export function probabilityCone(market: Market, volatility: number, days: number, steps = 24): readonly ConePoint[] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const day = (days * index) / steps;
    const years = day / 365;
    const deviation = volatility * Math.sqrt(years);
    const middle = Math.log(market.spot) + (market.rate - market.dividendYield) * years - (deviation * deviation) / 2;
    const at = (score: number) => Math.exp(middle + score * deviation);
    return { days: day, low95: at(-2), low68: at(-1), high68: at(1), high95: at(2) };
  });
}
