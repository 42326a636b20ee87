/**
 * American and European options with cash dividends that really leave the share price (spot model), by finite differences:
 * Crank-Nicolson in ln S with Rannacher start-up after every event, early exercise by operator splitting (Ikonen and Toivanen,
 * Applied Mathematics Letters 17, 2004), V(S, t-) = max(exercise, V(S - D, t+)) at every ex-date. Works for any sign of rates.
 */
import { invariant } from '../units.ts';
import type { AmericanInput, DiscreteDividend } from './american.ts';
import { DAYS_PER_YEAR, type Greeks } from './blackScholes.ts';

/** Resolution of the grid. */
export interface GridScheme {
  /** Price intervals; even, so that spot lies on a node. */
  readonly points: number;
  /** Time steps over the whole life. */
  readonly steps: number;
}

/** About 1e-5 of the strike, a few milliseconds. */
export const STANDARD_GRID: GridScheme = { points: 600, steps: 300 };

/** What the grid reads off around spot; units as in `Greeks`. */
export interface GridResult {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly thetaPerDay: number;
}

/** Half the grid's width in standard deviations at expiry. */
const WIDTH_IN_DEVIATIONS = 6;
/** Fully implicit half-steps after a kink (payoff, dividend) to damp Crank-Nicolson's oscillations. */
const START_UP_HALF_STEPS = 4;

interface Grid {
  readonly dx: number;
  readonly spots: Float64Array;
  readonly exercise: Float64Array;
  readonly values: Float64Array;
  readonly multiplier: Float64Array;
  readonly scratch: Float64Array;
  readonly ratio: Float64Array;
}

/** Price, delta, gamma and theta of an option with cash dividends; `style` says whether it may be exercised early. */
export function priceOnGrid(
  input: AmericanInput,
  style: 'american' | 'european' = 'american',
  scheme: GridScheme = STANDARD_GRID,
): GridResult {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  invariant(spot > 0 && strike > 0 && volatility > 0 && years > 0, `not an option for the grid: ${JSON.stringify(input)}`);
  invariant(
    scheme.points >= 20 && scheme.points % 2 === 0 && scheme.steps >= 4,
    'a grid needs an even number of points, 20 or more',
  );
  const dividends = (input.discreteDividends ?? [])
    .filter((d) => d.years > 0 && d.years <= years && d.amount > 0)
    .sort((a, b) => b.years - a.years);
  const grid = layOut(input, dividends, scheme.points);
  const american = style === 'american';
  let later = years;
  for (const dividend of dividends) {
    march(grid, input, later - dividend.years, stepsFor(later - dividend.years, years, scheme.steps), american);
    payDividend(grid, dividend.amount, american);
    later = dividend.years;
  }
  march(grid, input, later, stepsFor(later, years, scheme.steps), american);
  const middle = scheme.points / 2;
  const { values, dx } = grid;
  const down = values[middle - 1]!;
  const price = values[middle]!;
  const up = values[middle + 1]!;
  const slope = (up - down) / (2 * dx);
  const bend = (up - 2 * price + down) / (dx * dx);
  const delta = slope / spot;
  const gamma = (bend - slope) / (spot * spot);
  const exercised = american && price <= Math.max(right === 'call' ? spot - strike : strike - spot, 0);
  const theta = rate * price - (rate - dividendYield) * spot * delta - 0.5 * volatility * volatility * spot * spot * gamma;
  return { price, delta, gamma, thetaPerDay: exercised ? 0 : theta / DAYS_PER_YEAR };
}

/** Relative bump of volatility and absolute bump of rates for {@link greeksOnGrid}: wide enough to stand above the grid's own noise. */
const VOLATILITY_BUMP = 0.02;
const RATE_BUMP = 1e-3;

/** All greeks from the grid, units as in `Greeks`: vega and both rhos are central differences of whole runs (seven in all). */
export function greeksOnGrid(
  input: AmericanInput,
  style: 'american' | 'european' = 'american',
  scheme: GridScheme = STANDARD_GRID,
): Greeks {
  const slope = (up: Partial<AmericanInput>, down: Partial<AmericanInput>, width: number): number =>
    (priceOnGrid({ ...input, ...up }, style, scheme).price - priceOnGrid({ ...input, ...down }, style, scheme).price) / width;
  const { volatility, rate, dividendYield } = input;
  const dv = VOLATILITY_BUMP * volatility;
  return {
    ...priceOnGrid(input, style, scheme),
    vegaPerPoint: 0.01 * slope({ volatility: volatility + dv }, { volatility: volatility - dv }, 2 * dv),
    rhoPerPoint: 0.01 * slope({ rate: rate + RATE_BUMP }, { rate: rate - RATE_BUMP }, 2 * RATE_BUMP),
    dividendRhoPerPoint:
      0.01 * slope({ dividendYield: dividendYield + RATE_BUMP }, { dividendYield: dividendYield - RATE_BUMP }, 2 * RATE_BUMP),
  };
}

function stepsFor(span: number, years: number, steps: number): number {
  return span > 0 ? Math.max(4, Math.ceil((steps * span) / years)) : 0;
}

function layOut(input: AmericanInput, dividends: readonly DiscreteDividend[], points: number): Grid {
  const { right, spot, strike, years, rate, dividendYield, volatility } = input;
  const paid = dividends.reduce((sum, d) => sum + d.amount, 0);
  const lost = paid < 0.9 * spot ? -Math.log1p(-paid / spot) : 2.3;
  const drift = Math.abs(rate - dividendYield - 0.5 * volatility * volatility) * years;
  const half = WIDTH_IN_DEVIATIONS * volatility * Math.sqrt(years) + drift + lost;
  const dx = (2 * half) / points;
  const sign = right === 'call' ? 1 : -1;
  const size = points + 1;
  const spots = Float64Array.from({ length: size }, (_, i) => spot * Math.exp((i - points / 2) * dx));
  const exercise = spots.map((s) => Math.max(sign * (s - strike), 0));
  const values = spots.map((s, i) => cellAverage(s, strike, sign, dx, exercise[i]!));
  return {
    dx,
    spots,
    exercise,
    values,
    multiplier: new Float64Array(size),
    scratch: new Float64Array(size),
    ratio: new Float64Array(size),
  };
}

/** The payoff averaged over the cell around the strike, so that the kink's place between nodes does not matter. */
function cellAverage(s: number, strike: number, sign: number, dx: number, payoff: number): number {
  const low = s * Math.exp(-0.5 * dx);
  const high = s * Math.exp(0.5 * dx);
  if (strike <= low || strike >= high) return payoff;
  const integral = (from: number, to: number) => sign * (to - from - strike * Math.log(to / from));
  return (sign > 0 ? integral(strike, high) : integral(low, strike)) / dx;
}

/** Steps the values back by `span` years. */
function march(grid: Grid, input: AmericanInput, span: number, steps: number, american: boolean): void {
  if (!(span > 0)) return;
  const dt = span / steps;
  grid.multiplier.fill(0);
  const startUp = Math.min(START_UP_HALF_STEPS, 2 * steps);
  advance(grid, input, dt / 2, startUp, 1, american);
  grid.multiplier.fill(0);
  advance(grid, input, dt, steps - startUp / 2, 0.5, american);
}

/** `count` steps of the theta scheme; the tridiagonal matrix is constant, so its elimination is done once. */
function advance(grid: Grid, input: AmericanInput, dt: number, count: number, theta: number, american: boolean): void {
  if (count <= 0) return;
  const { dx, values, multiplier, scratch, ratio, exercise, spots } = grid;
  const { rate, dividendYield, volatility } = input;
  const diffusion = (0.5 * volatility * volatility) / (dx * dx);
  const drift = (rate - dividendYield - 0.5 * volatility * volatility) / (2 * dx);
  const lower = diffusion - drift;
  const upper = diffusion + drift;
  const centre = -2 * diffusion - rate;
  const last = values.length - 1;
  const a = -theta * dt * lower;
  const b = 1 - theta * dt * centre;
  const c = -theta * dt * upper;
  const explicit = (1 - theta) * dt;
  ratio[0] = 0;
  for (let i = 1; i < last; i++) ratio[i] = c / (b - a * ratio[i - 1]!);
  for (let step = 0; step < count; step++) {
    const low = edge(values, spots, 0, 1, 2, american ? exercise[0]! : 0);
    const high = edge(values, spots, last, last - 1, last - 2, american ? exercise[last]! : 0);
    scratch[0] = low;
    for (let i = 1; i < last; i++) {
      const known =
        values[i]! + explicit * (lower * values[i - 1]! + centre * values[i]! + upper * values[i + 1]!) + dt * multiplier[i]!;
      scratch[i] = (known - a * scratch[i - 1]!) / (b - a * ratio[i - 1]!);
    }
    values[last] = high;
    let next = high;
    for (let i = last - 1; i > 0; i--) {
      const solved = scratch[i]! - ratio[i]! * next;
      next = solved;
      if (american) {
        const value = Math.max(solved - dt * multiplier[i]!, exercise[i]!);
        multiplier[i] = multiplier[i]! + (value - solved) / dt;
        values[i] = value;
      } else values[i] = solved;
    }
    values[0] = low;
  }
}

/** Edge value by a straight line in S (no gamma out there), never below what exercise gives. */
function edge(values: Float64Array, spots: Float64Array, at: number, near: number, far: number, floor: number): number {
  const slope = (values[near]! - values[far]!) / (spots[near]! - spots[far]!);
  return Math.max(values[near]! + slope * (spots[at]! - spots[near]!), floor);
}

/** V(S, before) = V(S - D, after), by cubic interpolation in ln S; the holder may exercise just before. */
function payDividend(grid: Grid, amount: number, american: boolean): void {
  const { values, spots, exercise, dx, scratch } = grid;
  const first = Math.log(spots[0]!);
  const last = values.length - 1;
  scratch.set(values);
  for (let i = 0; i <= last; i++) {
    const after = Math.max(spots[i]! - amount, spots[0]!);
    const position = Math.min(Math.max((Math.log(after) - first) / dx, 0), last);
    const k = Math.min(Math.max(Math.floor(position) - 1, 0), last - 3);
    const u = position - k;
    const held =
      (-scratch[k]! * (u - 1) * (u - 2) * (u - 3)) / 6 +
      (scratch[k + 1]! * u * (u - 2) * (u - 3)) / 2 -
      (scratch[k + 2]! * u * (u - 1) * (u - 3)) / 2 +
      (scratch[k + 3]! * u * (u - 1) * (u - 2)) / 6;
    values[i] = american ? Math.max(held, exercise[i]!) : Math.max(held, 0);
  }
}
