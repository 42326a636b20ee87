import { expNegative } from '../pricing/expNegative.ts';
import { inverseNormalCdf, scaledMills } from '../pricing/normal.ts';
import { invariant } from '../units.ts';
import { meanOf, quantileOf } from './sample.ts';

/** Option legs of a portfolio as columns. Everything as of the risk horizon (tomorrow, say). */
export interface RiskLegs {
  /** Index of the underlying in the simulated markets. */
  readonly underlying: Int32Array;
  /** 1 = call, 0 = put. */
  readonly isCall: Uint8Array;
  readonly strike: Float64Array;
  /** Years to expiration that remain at the horizon; 0 = expired by then. */
  readonly years: Float64Array;
  /** Annual volatility at the horizon before the path's shock. */
  readonly volatility: Float64Array;
  /** Continuous rate and dividend yield per year. */
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
  /** Signed contracts x multiplier. */
  readonly size: Float64Array;
  /** Value today per share of the underlying deliverable, dollars: profit is measured from here. */
  readonly valueNow: Float64Array;
}

/** Simulated markets at the horizon, one row of `paths` numbers per underlying. */
export interface RiskPaths {
  readonly paths: number;
  /** ln of the simulated spot. */
  readonly logSpot: Float64Array;
  /** Factor on every volatility of the underlying, 1 = unchanged. */
  readonly volatilityFactor: Float64Array;
}

/** What moves the underlyings to the horizon: correlated log returns, volatilities that answer to them. */
export interface RiskMarket {
  readonly spot: ArrayLike<number>;
  /** Annual volatility of each underlying's own return. */
  readonly volatility: ArrayLike<number>;
  /** Expected log growth per year. */
  readonly drift: ArrayLike<number>;
  /** Correlation matrix, row by row, n x n. */
  readonly correlation: ArrayLike<number>;
  /** Relative change of implied volatilities per unit of log return: -4 = a 1 % fall lifts them by 4 %. */
  readonly volatilityBeta: ArrayLike<number>;
  readonly horizonYears: number;
}

/** Bounds of the factor on volatilities, so that a far path cannot make them vanish or explode. */
const LEAST_FACTOR = 0.25;
const LARGEST_FACTOR = 5;

/**
 * Draws `paths` horizons of correlated lognormal spots. `random` gives uniforms in [0, 1) from a seeded generator. Every second
 * path mirrors the one before it (antithetic), so that means are exact to first order. Throws InvariantError when the
 * correlation matrix is not positive definite.
 */
export function drawPaths(market: RiskMarket, paths: number, random: () => number): RiskPaths {
  const n = market.spot.length;
  const factor = choleskyOf(market.correlation, n);
  const logSpot = new Float64Array(n * paths);
  const volatilityFactor = new Float64Array(n * paths);
  const root = Math.sqrt(market.horizonYears);
  const z = new Float64Array(n);
  for (let path = 0; path < paths; path++) {
    for (let i = 0; i < n; i++) z[i] = path % 2 === 1 ? -z[i]! : inverseNormalCdf(Math.max(random(), Number.MIN_VALUE));
    for (let i = 0; i < n; i++) {
      let shock = 0;
      for (let j = 0; j <= i; j++) shock += factor[i * n + j]! * z[j]!;
      const sigma = market.volatility[i]!;
      const move = (market.drift[i]! - 0.5 * sigma * sigma) * market.horizonYears + sigma * root * shock;
      logSpot[i * paths + path] = Math.log(market.spot[i]!) + move;
      volatilityFactor[i * paths + path] = factorAt(market.volatilityBeta[i]!, move);
    }
  }
  return { paths, logSpot, volatilityFactor };
}

/**
 * Adds to `profit` what the option legs gain on every path, dollars: full revaluation by Black-Scholes-Merton. Leg by leg, so that
 * what belongs to the leg is hoisted and the paths stream by; one exponential and two rationals per value (K φ(d2) = F φ(d1)).
 * Allocates one column of spots per call.
 */
export function addOptionProfits(legs: RiskLegs, { paths, logSpot, volatilityFactor }: RiskPaths, profit: Float64Array): void {
  const spots = logSpot.map(Math.exp);
  for (let leg = 0; leg < legs.size.length; leg++) {
    addLegProfits(legs, leg, { logSpot, spots, volatilityFactor, from: legs.underlying[leg]! * paths, count: paths }, profit, 0);
  }
}

/** Points of the spot grid: 256 keep every path within a cent of full revaluation (10,000 dollars of premium). Range 64 to 8,192. */
export const DEFAULT_GRID_POINTS = 256;

/**
 * The same through a grid of spots: every underlying's legs are revalued together at `points` spots, and each path reads the
 * sum off by cubic interpolation (Catmull-Rom). Ten times faster for many legs; needs volatilities that depend on the spot
 * alone, as {@link drawPaths} makes them. Legs that have expired by the horizon have a kink and are valued path by path.
 */
export function addOptionProfitsByGrid(
  legs: RiskLegs,
  market: RiskMarket,
  drawn: RiskPaths,
  profit: Float64Array,
  points: number = DEFAULT_GRID_POINTS,
): void {
  const { paths, logSpot, volatilityFactor } = drawn;
  const kinked = legs.years.some((years) => !(years > 0));
  const spots = kinked ? logSpot.map(Math.exp) : new Float64Array();
  for (let underlying = 0; underlying < market.spot.length; underlying++) {
    const own = Array.from(legs.size.keys()).filter((leg) => legs.underlying[leg] === underlying);
    const row = logSpot.subarray(underlying * paths, (underlying + 1) * paths);
    const grid = spotGrid(row, Math.log(market.spot[underlying]!), market.volatilityBeta[underlying]!, points);
    const values = new Float64Array(points);
    for (const leg of own) {
      if (legs.years[leg]! > 0) addLegProfits(legs, leg, grid, values, 0);
      else addLegProfits(legs, leg, { logSpot, spots, volatilityFactor, from: underlying * paths, count: paths }, profit, 0);
    }
    const scale = 1 / (grid.logSpot[1]! - grid.logSpot[0]!);
    const start = grid.logSpot[0]!;
    for (let path = 0; path < paths; path++) {
      const at = (row[path]! - start) * scale;
      const i = Math.floor(at);
      const t = at - i;
      const [before, low, high, after] = [values[i - 1]!, values[i]!, values[i + 1]!, values[i + 2]!];
      profit[path]! +=
        low + 0.5 * t * (high - before + t * (2 * before - 5 * low + 4 * high - after + t * (3 * (low - high) + after - before)));
    }
  }
}

/** A stretch of markets of one underlying. */
interface MarketRow {
  readonly logSpot: Float64Array;
  readonly spots: Float64Array;
  readonly volatilityFactor: Float64Array;
  readonly from: number;
  readonly count: number;
}

/** Equal steps of ln S over all paths of an underlying, with two spare points at both ends for the interpolation. */
function spotGrid(row: Float64Array, logNow: number, volatilityBeta: number, points: number): MarketRow {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < row.length; i++) {
    low = Math.min(low, row[i]!);
    high = Math.max(high, row[i]!);
  }
  const step = Math.max((high - low) / (points - 5), 1e-9);
  const logSpot = Float64Array.from({ length: points }, (_, i) => low + (i - 2) * step);
  const volatilityFactor = logSpot.map((value) => factorAt(volatilityBeta, value - logNow));
  return { logSpot, spots: logSpot.map(Math.exp), volatilityFactor, from: 0, count: points };
}

/** Factor on volatilities after a log move. */
function factorAt(volatilityBeta: number, move: number): number {
  return Math.min(Math.max(1 + volatilityBeta * move, LEAST_FACTOR), LARGEST_FACTOR);
}

/** What belongs to a leg and not to a path. */
export interface LegTerms {
  /** 1 = call, -1 = put. */
  readonly sign: number;
  /** Signed size times sign. */
  readonly signedSize: number;
  /** Value today of the whole leg, dollars. */
  readonly base: number;
  /** Discount of the dividend yield; the strike's present value. */
  readonly carry: number;
  readonly owed: number;
  /** d1 = (ln S + shift) / total + total / 2. */
  readonly shift: number;
  /** σ√T before the path's factor; 0 = expired by the horizon. */
  readonly rootVariance: number;
}

/** Hoists what a leg's values on all paths share. */
export function legTermsOf(legs: RiskLegs, leg: number): LegTerms {
  const years = Math.max(legs.years[leg]!, 0);
  const [strike, size, rate, dividendYield] = [legs.strike[leg]!, legs.size[leg]!, legs.rate[leg]!, legs.dividendYield[leg]!];
  const sign = legs.isCall[leg] === 1 ? 1 : -1;
  return {
    sign,
    signedSize: size * sign,
    base: size * legs.valueNow[leg]!,
    carry: Math.exp(-dividendYield * years),
    owed: strike * Math.exp(-rate * years),
    shift: (rate - dividendYield) * years - Math.log(strike),
    rootVariance: legs.volatility[leg]! * Math.sqrt(years),
  };
}

/** Adds what one leg gains on `count` paths from `from` on. */
function addLegProfits(legs: RiskLegs, leg: number, market: MarketRow, profit: Float64Array, into: number): void {
  const { logSpot, spots, volatilityFactor, from, count } = market;
  const { sign, base, carry, owed, shift, rootVariance, signedSize } = legTermsOf(legs, leg);
  if (!(rootVariance > 0)) {
    for (let i = 0; i < count; i++) {
      profit[into + i]! += sign * signedSize * Math.max(sign * (carry * spots[from + i]! - owed), 0) - base;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const total = rootVariance * volatilityFactor[from + i]!;
    const d1 = sign * ((logSpot[from + i]! + shift) / total + 0.5 * total);
    const d2 = d1 - sign * total;
    const carried = carry * spots[from + i]!;
    const density = carried * expNegative(-0.5 * d1 * d1);
    const tail1 = density * scaledMills(Math.abs(d1));
    const tail2 = density * scaledMills(Math.abs(d2));
    const first = d1 < 0 ? tail1 : carried - tail1;
    const second = d2 < 0 ? tail2 : owed - tail2;
    profit[into + i]! += signedSize * (first - second) - base;
  }
}

/** Adds to `profit` what shares gain on every path: `shares` of the underlying in row `underlying`, from `spot` now. */
export function addShareProfits(underlying: number, shares: number, spot: number, paths: RiskPaths, profit: Float64Array): void {
  const row = underlying * paths.paths;
  for (let path = 0; path < paths.paths; path++) profit[path]! += shares * (Math.exp(paths.logSpot[row + path]!) - spot);
}

export interface SimulatedRisk {
  /** Profit at the bad end, dollars (usually negative): exceeded on the down side in a share `cutoff` of paths. */
  readonly valueAtRisk: number;
  /** Mean of the profits at or below it. */
  readonly conditionalValueAtRisk: number;
  readonly meanProfit: number;
  readonly worst: number;
}

/** Reads value at risk and its conditional off simulated profits. */
export function riskOf(profit: Float64Array, cutoff = 0.01): SimulatedRisk {
  const sorted = Float64Array.from(profit).sort();
  const tail = sorted.subarray(0, Math.floor((sorted.length - 1) * cutoff) + 1);
  return {
    valueAtRisk: quantileOf(sorted, cutoff),
    conditionalValueAtRisk: meanOf(tail),
    meanProfit: meanOf(sorted),
    worst: sorted[0] ?? Number.NaN,
  };
}

/** Lower triangle L with L Lᵀ = the correlation matrix. */
function choleskyOf(correlation: ArrayLike<number>, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = correlation[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      invariant(i !== j || sum > 0, `not a correlation matrix: row ${i} depends on the rows above it`);
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  return lower;
}
