import type { OptionContract } from '#domain/market/instrument';
import { calendarDaysBetween, expirationsOf } from '#domain/structures/anatomy';
import { lognormalPriceAt } from '#domain/structures/distribution';
import type { Leg } from '#domain/structures/leg';
import { intrinsicDollars, slopeAtInfinity } from '#domain/structures/payoff';
import { BRISK, type Scenario, type StructureGreeks, structureGreeks, structureValue } from '#domain/structures/valuation';
import type { IsoDate } from '#domain/units';
import { addDays } from './days.ts';

/** The market of one underlying as it is: what the sliders start from. */
export interface Market {
  readonly spot: number;
  readonly today: IsoDate;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatilityOf: (contract: OptionContract) => number;
}

/** What is held in one underlying, in its market. */
export interface Holding {
  readonly underlying: string;
  readonly legs: readonly Leg[];
  readonly market: Market;
}

/** How the owner bends the world: fractions of spot and volatility, and days that pass. */
export interface Bend {
  readonly spotMove: number;
  readonly volatilityMove: number;
  readonly days: number;
}

/** The market after the bend, `move` being the fraction of its price that it has moved by. */
export function scenarioOf(market: Market, bend: Bend, move = bend.spotMove): Scenario {
  return {
    spot: market.spot * (1 + move),
    date: addDays(market.today, bend.days),
    rate: market.rate,
    dividendYield: market.dividendYield,
    volatilityOf: (contract) => Math.max(0.001, market.volatilityOf(contract) * (1 + bend.volatilityMove)),
  };
}

/** Calendar days from today to the first expiration of one holding; 0 without options. */
function daysOf({ legs, market }: Holding): number {
  const [first] = expirationsOf(legs);
  return first ? Math.max(0, calendarDaysBetween(market.today, first)) : 0;
}

/** Days until the last of the first expirations: as far as the sliders and the cone reach. */
export function daysToExpiration(holdings: readonly Holding[]): number {
  return holdings.reduce((most, holding) => Math.max(most, daysOf(holding)), 0);
}

/** Profit (dollars) in the bent world when every price has moved by `move`. */
export function profitAt(holdings: readonly Holding[], cash: number, bend: Bend, move: number): number {
  return holdings.reduce((sum, { legs, market }) => sum + structureValue(legs, scenarioOf(market, bend, move)), cash);
}

/** Profit (dollars) when every holding has come to its own first expiration with its price moved by `move`. */
export function profitAtExpiration(holdings: readonly Holding[], cash: number, bend: Bend, move: number): number {
  return holdings.reduce((sum, holding) => {
    const { legs, market } = holding;
    // Intrinsic value is all that is left when there is one expiration; later legs live on.
    if (expirationsOf(legs).length <= 1) return sum + intrinsicDollars(legs, market.spot * (1 + move));
    return sum + structureValue(legs, scenarioOf(market, { ...bend, days: daysOf(holding) }, move));
  }, cash);
}

/** The horizontal axis: the price of the one underlying, or (of several) the move of all of them. */
export interface Axis {
  readonly unit: 'price' | 'move';
  /** Moves to look at, ascending; the marks below are among them. */
  readonly moves: readonly number[];
  /** What the axis says of a move: a price, or per cent. */
  readonly at: (move: number) => number;
}

const STEPS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50] as const;
const MOST_POINTS = 420;
const PORTFOLIO_REACH = 20;

/** An even grid of prices around the market and every strike, fine enough that strikes fall on it. */
export function axisOf(holdings: readonly Holding[]): Axis {
  const [only] = holdings;
  if (!only || holdings.length > 1) {
    const percents = Array.from({ length: 8 * PORTFOLIO_REACH + 1 }, (_, index) => (index - 4 * PORTFOLIO_REACH) / 4);
    return { unit: 'move', moves: percents.map((each) => each / 100), at: (move) => move * 100 };
  }
  const { spot } = only.market;
  const strikes = strikesOf(only.legs);
  const low = Math.min(spot * 0.85, ...strikes.map((strike) => strike * 0.97));
  const high = Math.max(spot * 1.15, ...strikes.map((strike) => strike * 1.03));
  const step = STEPS.find((each) => (high - low) / each <= MOST_POINTS) ?? (high - low) / MOST_POINTS;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  const prices = Array.from({ length: count }, (_, index) => Number(((first + index) * step).toFixed(4)));
  return { unit: 'price', moves: prices.map((price) => price / spot - 1), at: (move) => Number((spot * (1 + move)).toFixed(4)) };
}

function strikesOf(legs: readonly Leg[]): readonly number[] {
  return legs.flatMap((leg) => (leg.kind === 'option' ? [leg.contract.strike] : []));
}

/** One curve over the axis, in cents. */
export interface Curve {
  readonly label: string;
  readonly points: readonly { readonly at: number; readonly cents: number }[];
}

/** Days that pass for each of the curves between now and the end: a third and two thirds of what is left. */
export function daysBetween(bendDays: number, days: number): readonly number[] {
  const left = days - bendDays;
  return [1, 2].map((third) => bendDays + Math.round((left * third) / 3)).filter((day) => day > bendDays && day < days);
}

/** A curve on about `wanted` of the axis's points: theoretical values are smooth, and cost more than intrinsic ones. */
export function curveOn(axis: Axis, label: string, profit: (move: number) => number, wanted = Number.POSITIVE_INFINITY): Curve {
  const every = Math.max(1, Math.floor(axis.moves.length / wanted));
  const last = axis.moves.length - 1;
  const moves = axis.moves.filter((_, index) => index % every === 0 || index === last);
  return { label, points: moves.map((move) => ({ at: axis.at(move), cents: Math.round(profit(move) * 100) })) };
}

/** Places of the axis at which a curve changes its sign, by a straight line between neighbours. */
export function zerosOf({ points }: Curve): readonly number[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (!before || before.cents >= 0 === point.cents >= 0) return [];
    const share = before.cents / (before.cents - point.cents);
    return [Math.round((before.at + share * (point.at - before.at)) * 100) / 100];
  });
}

/** Largest profit and loss at expiration in cents; null = without bound (calls beyond the axis, or more points than it shows). */
export function extremesOf(
  holdings: readonly Holding[],
  { points }: Curve,
): { readonly best: number | null; readonly worst: number | null } {
  const slope = holdings.reduce((sum, { legs }) => sum + slopeAtInfinity(legs), 0);
  const cents = points.map((point) => point.cents);
  return { best: slope > 1e-9 ? null : Math.max(...cents), worst: slope < -1e-9 ? null : Math.min(...cents) };
}

export interface GreeksRow extends StructureGreeks {
  readonly move: number;
  readonly days: number;
  readonly profit: number;
}

/** Profit (dollars) and greeks of the whole subject in the bent world. */
export function greeksRow(holdings: readonly Holding[], cash: number, bend: Bend): GreeksRow {
  const sum = { value: 0, delta: 0, gamma: 0, thetaPerDay: 0, vegaPerPoint: 0, rhoPerPoint: 0 };
  for (const { legs, market } of holdings) {
    const scenario = scenarioOf(market, bend);
    const greeks = structureGreeks(legs, scenario, BRISK);
    // Shares of different underlyings do not add up; dollars per 1 % of each of them do.
    const perMove = holdings.length > 1 ? scenario.spot / 100 : 1;
    sum.value += greeks.value;
    sum.delta += greeks.delta * perMove;
    sum.gamma += greeks.gamma * perMove * perMove;
    sum.thetaPerDay += greeks.thetaPerDay;
    sum.vegaPerPoint += greeks.vegaPerPoint;
    sum.rhoPerPoint += greeks.rhoPerPoint;
  }
  return { ...sum, move: bend.spotMove, days: bend.days, profit: cash + sum.value };
}

/** Greeks of one leg in the bent world. */
export interface LegRow extends StructureGreeks {
  readonly key: string;
  readonly name: string;
  readonly quantity: number;
  readonly volatility: number | null;
}

/** Every leg by itself, options by strike. */
export function legRows(holdings: readonly Holding[], bend: Bend, nameOf: (leg: Leg) => string): readonly LegRow[] {
  return holdings.flatMap(({ legs, market }, part) => {
    const scenario = scenarioOf(market, bend);
    const strike = (leg: Leg) => (leg.kind === 'option' ? leg.contract.strike : 0);
    return [...legs]
      .sort((left, right) => strike(left) - strike(right))
      .map((leg, index) => ({
        ...structureGreeks([leg], scenario, BRISK),
        key: `${part}/${index}`,
        name: nameOf(leg),
        quantity: leg.kind === 'option' ? leg.ratio : leg.shares,
        volatility: leg.kind === 'option' ? scenario.volatilityOf(leg.contract) : null,
      }));
  });
}

export interface ConePoint {
  readonly days: number;
  readonly low95: number;
  readonly low68: number;
  readonly high68: number;
  readonly high95: number;
}

/** Where the price may be, day by day: one and two standard deviations of a lognormal around the forward. */
export function probabilityCone(market: Market, volatility: number, days: number, steps = 48): readonly ConePoint[] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    // Dense at the start, where a root rises steeply.
    const day = days * (index / steps) ** 2;
    const years = day / 365;
    const forward = market.spot * Math.exp((market.rate - market.dividendYield) * years);
    const at = (score: number) => lognormalPriceAt({ forward, years, volatility }, score);
    return { days: day, low95: at(-2), low68: at(-1), high68: at(1), high95: at(2) };
  });
}
