/**
 * American prices for whole expiries: the early-exercise premium of one expiry as a polynomial in volatility and distance from
 * the boundary, built once by the collocation engine and then read in about a tenth of a microsecond per contract.
 *
 * In units of the strike the premium depends on (r, q, T), volatility and S/K alone: quotes and spot may move, the surface stays
 * good until rates change or T has moved by more than the caller cares about (rebuild every few minutes).
 */
import { invariant } from '../units.ts';
import type { ChainGreeks, ExpiryTerms } from './chainKernel.ts';
import { type BoundaryScheme, boundaryAt, hasSingleBoundary, solveExerciseBoundary } from './exerciseBoundary.ts';
import { earlyExercisePremium, premiumRule } from './exercisePremium.ts';

/** How finely a surface is sampled. */
export interface SurfaceScheme {
  /** Chebyshev points in ln σ. */
  readonly volatilities: number;
  /** Chebyshev points in distance from the boundary. */
  readonly distances: number;
  readonly boundary: BoundaryScheme;
}

/** Errors of a few 1e-7 of the strike for volatility ranges up to a factor of five. */
export const CHAIN_SURFACE: SurfaceScheme = {
  volatilities: 9,
  distances: 22,
  boundary: { nodes: 8, inner: 8, sweeps: 6, tolerance: 1e-9, outer: 24 },
};

/** Errors of at most about 1e-5 of the strike, built five times faster: for a first look at an expiry or one that is read once. */
export const QUICK_SURFACE: SurfaceScheme = {
  volatilities: 5,
  distances: 12,
  boundary: { nodes: 6, inner: 6, sweeps: 4, tolerance: 1e-9, outer: 16 },
};

/** Early-exercise premium of one right and expiry over a range of volatilities. */
export interface PremiumSurface {
  readonly right: 'call' | 'put';
  readonly years: number;
  /** False when early exercise is never worth it: the premium is zero everywhere. */
  readonly exercisable: boolean;
  readonly lnLow: number;
  readonly lnHigh: number;
  readonly scheme: SurfaceScheme;
  /** Chebyshev coefficients in ln σ of ln B(T; σ). */
  readonly boundary: Float64Array;
  /** coefficients[k·distances + l] of T_k(ln σ)·T_l(distance). */
  readonly coefficients: Float64Array;
  /** How many coefficients of each row matter; the rest of the row is below {@link NEGLIGIBLE}. */
  readonly used: Uint8Array;
}

export interface SurfaceInput {
  readonly right: 'call' | 'put';
  readonly rate: number;
  readonly dividendYield: number;
  readonly years: number;
  /** Range of volatilities that will be asked for; a little margin is added. */
  readonly lowestVolatility: number;
  readonly highestVolatility: number;
}

/** Distance (in total volatilities) from the boundary at which the premium is taken to have died out. */
const REACH = 7;

/** Coefficients below this part of the strike are dropped from the end of each row. */
const NEGLIGIBLE = 2e-9;

function usedColumns(coefficients: Float64Array, rows: number, columns: number): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, k) => {
    let last = columns;
    // The first row sets how many basis values are computed, so no row may use more than it.
    while (k > 0 && last > 0 && Math.abs(coefficients[k * columns + last - 1]!) < NEGLIGIBLE) last--;
    return last;
  });
}

/** Solves and samples the premium of one right and expiry; about half a millisecond ({@link QUICK_SURFACE}: a tenth). */
export function buildPremiumSurface(input: SurfaceInput, scheme: SurfaceScheme = CHAIN_SURFACE): PremiumSurface {
  const { right, years, lowestVolatility, highestVolatility } = input;
  invariant(years > 0 && lowestVolatility > 0 && highestVolatility >= lowestVolatility, `no surface: ${JSON.stringify(input)}`);
  const rate = right === 'put' ? input.rate : input.dividendYield;
  const dividendYield = right === 'put' ? input.dividendYield : input.rate;
  const { volatilities: rows, distances: columns } = scheme;
  const lnLow = Math.log(0.98 * lowestVolatility);
  const lnHigh = Math.log(1.02 * highestVolatility);
  const boundary = new Float64Array(rows);
  const samples = new Float64Array(rows * columns);
  const exercisable = hasSingleBoundary(rate, dividendYield, years);
  for (let i = 0; exercisable && i < rows; i++) {
    const z = Math.cos((Math.PI * (i + 0.5)) / rows);
    const volatility = Math.exp(0.5 * (lnLow + lnHigh) + 0.5 * (lnHigh - lnLow) * z);
    const solved = solveExerciseBoundary(rate, dividendYield, volatility, years, scheme.boundary);
    const rule = premiumRule(solved);
    boundary[i] = Math.log(boundaryAt(solved, years));
    const reach = REACH * volatility * Math.sqrt(years);
    for (let j = 0; j < columns; j++) {
      const y = 0.5 * (1 + Math.cos((Math.PI * (j + 0.5)) / columns));
      samples[i * columns + j] = earlyExercisePremium(rule, Math.exp(boundary[i]! + reach * y * y));
    }
  }
  const coefficients = transformRows(transformColumns(samples, rows, columns), rows, columns);
  const used = usedColumns(coefficients, rows, columns);
  return { right, years, exercisable, lnLow, lnHigh, scheme, boundary: transformRows(boundary, rows, 1), coefficients, used };
}

const cosineTables = new Map<number, Float64Array>();

/** cos(mπ/2n) for m below 4n: every cosine that n Chebyshev points need. */
function cosinesOf(n: number): Float64Array {
  const kept = cosineTables.get(n);
  if (kept) return kept;
  const made = Float64Array.from({ length: 4 * n }, (_, m) => Math.cos((Math.PI * m) / (2 * n)));
  cosineTables.set(n, made);
  return made;
}

/** Chebyshev coefficients along the second index. */
function transformColumns(values: Float64Array, rows: number, columns: number): Float64Array {
  const cosines = cosinesOf(columns);
  const out = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < columns; l++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += values[i * columns + j]! * cosines[(l * (2 * j + 1)) % (4 * columns)]!;
      out[i * columns + l] = (sum * (l === 0 ? 1 : 2)) / columns;
    }
  }
  return out;
}

/** Chebyshev coefficients along the first index. */
function transformRows(values: Float64Array, rows: number, columns: number): Float64Array {
  const cosines = cosinesOf(rows);
  const out = new Float64Array(values.length);
  for (let l = 0; l < columns; l++) {
    for (let k = 0; k < rows; k++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += values[i * columns + l]! * cosines[(k * (2 * i + 1)) % (4 * rows)]!;
      out[k * columns + l] = (sum * (k === 0 ? 1 : 2)) / rows;
    }
  }
  return out;
}

/** Where American prices are written: one entry per strike, dollars per share. */
export interface AmericanPrices {
  readonly callPrice: Float64Array;
  readonly putPrice: Float64Array;
}

/** Reads surfaces for a whole expiry. One reader serves one thread; its rows are scratch memory. */
export class AmericanChainReader {
  private readonly polynomials = new Float64Array(64);

  /**
   * American call and put prices of every strike: the European prices of {@link ChainGreeks} plus the premium, or exercise
   * value at and beyond the boundary. Volatilities outside a surface's range are clamped to it. Allocates nothing.
   */
  price(
    terms: ExpiryTerms,
    strikes: Float64Array,
    lnStrikes: Float64Array,
    volatilities: Float64Array,
    european: ChainGreeks,
    calls: PremiumSurface,
    puts: PremiumSurface,
    out: AmericanPrices,
    count: number = strikes.length,
  ): void {
    const { spot } = terms;
    const lnSpot = Math.log(spot);
    for (let i = 0; i < count; i++) {
      const strike = strikes[i]!;
      const m = lnSpot - lnStrikes[i]!;
      const volatility = volatilities[i]!;
      const put = this.premium(puts, m, volatility);
      const call = this.premium(calls, -m, volatility);
      out.putPrice[i] = put < 0 ? strike - spot : Math.max(european.putPrice[i]! + strike * put, strike - spot);
      out.callPrice[i] = call < 0 ? spot - strike : Math.max(european.callPrice[i]! + spot * call, spot - strike);
    }
  }

  /**
   * Premium per unit of (canonical) strike at log-distance m = ln(S/K) for a put, ln(K/S) for a call; -1 where exercising now
   * is best, 0 where exercise never is.
   */
  premium(surface: PremiumSurface, m: number, volatility: number): number {
    if (!surface.exercisable) return 0;
    const { lnLow, lnHigh, scheme, coefficients, boundary, years, used } = surface;
    const { volatilities: rows, distances: columns } = scheme;
    const lnVolatility = Math.min(Math.max(Math.log(volatility), lnLow), lnHigh);
    const z = (2 * lnVolatility - lnLow - lnHigh) / (lnHigh - lnLow);
    const edge = clenshaw(boundary, rows, z);
    const distance = m - edge;
    if (distance <= 0) return -1;
    const reach = REACH * volatility * Math.sqrt(years);
    if (distance >= reach) return 0;
    const y = 2 * Math.sqrt(distance / reach) - 1;
    // Collapse the volatility direction row by row, then the distance direction: rows·columns multiplications.
    const basis = this.polynomials;
    basis[0] = 1;
    basis[1] = y;
    for (let l = 2; l < used[0]!; l++) basis[l] = 2 * y * basis[l - 1]! - basis[l - 2]!;
    let before = 1;
    let now = z;
    let sum = dotRow(coefficients, 0, basis, used[0]!);
    for (let k = 1; k < rows; k++) {
      sum += now * dotRow(coefficients, k * columns, basis, used[k]!);
      const next = 2 * z * now - before;
      before = now;
      now = next;
    }
    return sum > 0 ? sum : 0;
  }
}

function dotRow(coefficients: Float64Array, offset: number, basis: Float64Array, columns: number): number {
  let even = 0;
  let odd = 0;
  for (let l = 0; l + 1 < columns; l += 2) {
    even += coefficients[offset + l]! * basis[l]!;
    odd += coefficients[offset + l + 1]! * basis[l + 1]!;
  }
  if (columns % 2 === 1) even += coefficients[offset + columns - 1]! * basis[columns - 1]!;
  return even + odd;
}

function clenshaw(c: Float64Array, n: number, z: number): number {
  let b1 = 0;
  let b2 = 0;
  for (let k = n - 1; k > 0; k--) {
    const b0 = 2 * z * b1 - b2 + c[k]!;
    b2 = b1;
    b1 = b0;
  }
  return z * b1 - b2 + c[0]!;
}
