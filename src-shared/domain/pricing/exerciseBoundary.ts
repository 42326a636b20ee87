/**
 * The early-exercise boundary of an American put by spectral collocation: L. Andersen, M. Lake, D. Offengenden,
 * "High-performance American option pricing", Journal of Computational Finance 20(1), 2016.
 *
 * Strike 1, rate r > 0, yield q, volatility σ. The boundary is B(τ) = X·exp(-√H(√τ)), X = min(1, r/q), and H is a polynomial
 * through Chebyshev-Lobatto points in √τ. Each sweep of the fixed-point equation (ALO's 'FP-B')
 *
 *   B(τ) = e^{-(r-q)τ} N/D,  N = Φ(d-(τ, B)) + r ∫ e^{ru} Φ(d-(τ-u, B(τ)/B(u))) du,  D likewise with q and d+
 *
 * costs nodes x inner evaluations; the interpolation weights depend on the scheme alone and are computed once.
 */
import { AndersonMixer } from './anderson.ts';
import { gaussLegendre } from './gaussLegendre.ts';
import { INV_SQRT_TWO_PI, quickCdf } from './normal.ts';

/** Past sweeps that the accelerator combines. */
const MEMORY = 6;

/** How finely the boundary and the premium are resolved. */
export interface BoundaryScheme {
  /** Chebyshev intervals in √τ (boundary values solved for). */
  readonly nodes: number;
  /** Gauss-Legendre points of each collocation integral. */
  readonly inner: number;
  /** Most sweeps of the fixed-point equation. */
  readonly sweeps: number;
  /** Sweeps stop when no boundary value moves by more than this (relative). */
  readonly tolerance: number;
  /** Quadrature points of the premium integral. */
  readonly outer: number;
}

/** A solved boundary; strike 1. */
export interface ExerciseBoundary {
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
  readonly years: number;
  readonly scheme: BoundaryScheme;
  /** B(0+) = min(1, r/q). */
  readonly limit: number;
  /** √H at the collocation points √τ = √T (1 + cos(iπ/n))/2, so entry 0 is at expiry T and the last is 0. */
  readonly depth: Float64Array;
  /** Chebyshev coefficients of H. */
  readonly coefficients: Float64Array;
  /** Sweeps used, and the largest relative move of the last one. */
  readonly sweeps: number;
  readonly lastMove: number;
}

/** Parts of the collocation that depend on nodes and inner points only. */
interface Collocation {
  /** √((τ-u)/τ) = sin of the angle at each inner point. */
  readonly back: Float64Array;
  /** u/τ and du/τ at each inner point. */
  readonly forth: Float64Array;
  readonly width: Float64Array;
  /** (1 + cos(iπ/n))/2 for each node. */
  readonly position: Float64Array;
  /** cos(jπ/n) for j below 2n. */
  readonly cosines: Float64Array;
  /** weights[(i·inner + k)·(n+1) + j]: contribution of H_j to H at the k-th inner point of node i. */
  readonly weights: Float64Array;
}

const collocations = new Map<number, Collocation>();

function collocationOf(nodes: number, inner: number): Collocation {
  const key = 65_536 * nodes + inner;
  const kept = collocations.get(key);
  if (kept) return kept;
  const rule = gaussLegendre(inner);
  const position = Float64Array.from({ length: nodes + 1 }, (_, i) => 0.5 * (1 + Math.cos((i * Math.PI) / nodes)));
  position[nodes] = 0;
  const weights = new Float64Array(nodes * inner * (nodes + 1));
  for (let i = 0; i < nodes; i++) {
    for (let k = 0; k < inner; k++) {
      const x = position[i]! * Math.cos(0.25 * Math.PI * (1 + rule.nodes[k]!));
      lobattoWeights(nodes, 2 * x - 1, weights, (i * inner + k) * (nodes + 1));
    }
  }
  const back = rule.nodes.map((y) => Math.sin(0.25 * Math.PI * (1 + y)));
  const forth = back.map((sine) => 1 - sine * sine);
  const width = rule.nodes.map((y, k) => 0.25 * Math.PI * rule.weights[k]! * Math.sin(0.5 * Math.PI * (1 + y)));
  const cosines = Float64Array.from({ length: 2 * nodes }, (_, j) => Math.cos((j * Math.PI) / nodes));
  const made = { back, forth, width, position, cosines, weights };
  collocations.set(key, made);
  return made;
}

/** Barycentric weights of interpolation at z through the points cos(jπ/n), written to out[offset...]. */
function lobattoWeights(n: number, z: number, out: Float64Array, offset: number): void {
  let sum = 0;
  for (let j = 0; j <= n; j++) {
    const distance = z - Math.cos((j * Math.PI) / n);
    if (Math.abs(distance) < 1e-15) {
      out.fill(0, offset, offset + n + 1);
      out[offset + j] = 1;
      return;
    }
    const w = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === n ? 0.5 : 1)) / distance;
    out[offset + j] = w;
    sum += w;
  }
  for (let j = 0; j <= n; j++) out[offset + j] = out[offset + j]! / sum;
}

/** Critical price of Barone-Adesi and Whaley (1987) for a put with strike 1: where the sweeps start. */
function quadraticGuess(r: number, q: number, vol: number, tau: number, start: number, tolerance: number): number {
  const variance = vol * vol;
  const root = vol * Math.sqrt(tau);
  const n1 = (2 * (r - q)) / variance - 1;
  // 2r/(1-e^{-rτ}) tends to 2/τ as r goes to 0.
  const perLife = r > 0 ? r / -Math.expm1(-r * tau) : 1 / tau;
  const exponent = -0.5 * (n1 + Math.sqrt(n1 * n1 + (8 * perLife) / variance));
  const df = Math.exp(-r * tau);
  const dq = Math.exp(-q * tau);
  let s = start;
  for (let pass = 0; pass < 12; pass++) {
    const d1 = (Math.log(s) + (r - q) * tau) / root + 0.5 * root;
    const held = dq * quickCdf(-d1);
    const put = df * quickCdf(root - d1) - s * held;
    const f = (1 - held) * s + exponent * (1 - s - put);
    const slope = (1 - held) * (1 - exponent) + (dq * INV_SQRT_TWO_PI * Math.exp(-0.5 * d1 * d1)) / root;
    const next = Math.min(Math.max(s - f / slope, 0.2 * s), start);
    const moved = Math.abs(next - s);
    s = next;
    if (moved < tolerance * s) break;
  }
  return s;
}

/** Interest over the option's life below which the premium (at most that part of the strike) is below rounding. */
const NO_INTEREST = 1e-13;

/** True when a put may be worth exercising early and has one boundary. */
export function hasSingleBoundary(rate: number, dividendYield: number, years: number): boolean {
  return rate * years > NO_INTEREST || (rate >= 0 && dividendYield * years < -NO_INTEREST);
}

/** Everything one sweep reads and writes. */
interface Problem {
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
  readonly years: number;
  readonly limit: number;
  readonly collocation: Collocation;
  /** r·e^{ru}·du and q·e^{qu}·du at every inner point of every node. */
  readonly grow: Float64Array;
  /** √H and H at the nodes. */
  readonly depth: Float64Array;
  readonly h: Float64Array;
}

/** Solves the boundary of a put with strike 1; needs rate > 0 (or rate 0 with a negative yield), volatility > 0, years > 0. */
export function solveExerciseBoundary(
  rate: number,
  dividendYield: number,
  volatility: number,
  years: number,
  scheme: BoundaryScheme,
): ExerciseBoundary {
  const n = scheme.nodes;
  const collocation = collocationOf(n, scheme.inner);
  const { position, cosines } = collocation;
  const limit = dividendYield > rate ? rate / dividendYield : 1;
  const depth = new Float64Array(n + 1);
  const next = new Float64Array(n + 1);
  const h = new Float64Array(n + 1);
  // The accelerator needs a smooth start to learn from; a few plain sweeps forgive a rough one.
  const care = scheme.sweeps > 4 ? 1e-8 : 1e-4;
  let start = limit;
  for (let i = n - 1; i >= 0; i--) {
    start = quadraticGuess(rate, dividendYield, volatility, years * position[i]! * position[i]!, start, care);
    depth[i] = Math.log(limit / start);
  }
  const grow = growthTable(rate, dividendYield, years, collocation);
  const problem = { rate, dividendYield, volatility, years, limit, collocation, grow, depth, h };
  // A handful of sweeps is over before the accelerator has anything to combine.
  const mixer = scheme.sweeps > 4 ? new AndersonMixer(n + 1, MEMORY) : null;
  let sweeps = 0;
  let lastMove = Number.POSITIVE_INFINITY;
  while (sweeps < scheme.sweeps && lastMove > scheme.tolerance) {
    for (let j = 0; j <= n; j++) h[j] = depth[j]! * depth[j]!;
    lastMove = 0;
    for (let i = 0; i < n; i++) {
      const boundary = limit * Math.exp(-depth[i]!);
      const moved = sweepNode(problem, i, boundary, sweeps === 0) / boundary;
      next[i] = Math.max(depth[i]! - Math.log(moved), 0);
      lastMove = Math.max(lastMove, Math.abs(moved - 1));
    }
    if (mixer && sweeps > 0) mixer.advance(depth, next);
    else depth.set(next);
    for (let j = 0; j < n; j++) if (!(depth[j]! > 0)) depth[j] = next[j]!;
    sweeps++;
  }
  for (let j = 0; j <= n; j++) h[j] = depth[j]! * depth[j]!;
  const coefficients = lobattoCoefficients(h, cosines);
  return { rate, dividendYield, volatility, years, scheme, limit, depth, coefficients, sweeps, lastMove };
}

/** One application of the fixed-point equation at node i; the first one as a partial Newton step. */
function sweepNode(problem: Problem, i: number, boundary: number, newton: boolean): number {
  const { volatility, limit, grow, h, collocation } = problem;
  const { back: backs, weights, position } = collocation;
  const inner = backs.length;
  const width = h.length;
  const own = problem.depth[i]!;
  const root = Math.sqrt(problem.years) * position[i]!;
  const tau = root * root;
  const total = volatility * root;
  const carry = problem.rate - problem.dividendYield;
  const dPlus = (Math.log(boundary) + carry * tau) / total + 0.5 * total;
  const dMinus = dPlus - total;
  let numerator = 0;
  let denominator = 0;
  const slowPlus = carry / volatility + 0.5 * volatility;
  for (let k = 0; k < inner; k++) {
    const point = i * inner + k;
    const row = point * width;
    let hu = 0;
    for (let j = 0; j < width; j++) hu += weights[row + j]! * h[j]!;
    const back = backs[k]! * root;
    const d = (Math.sqrt(hu > 0 ? hu : 0) - own) / (volatility * back) + slowPlus * back;
    numerator += grow[2 * point]! * quickCdf(d - volatility * back);
    denominator += grow[2 * point + 1]! * quickCdf(d);
  }
  const top = quickCdf(dMinus) + numerator;
  const bottom = quickCdf(dPlus) + denominator;
  const factor = Math.exp(-carry * tau);
  const value = (factor * top) / bottom;
  if (!newton) return value;
  const slopeTop = (INV_SQRT_TWO_PI * Math.exp(-0.5 * dMinus * dMinus)) / (boundary * total);
  const slopeBottom = (INV_SQRT_TWO_PI * Math.exp(-0.5 * dPlus * dPlus)) / (boundary * total);
  const slope = factor * (slopeTop / bottom - (slopeBottom * top) / (bottom * bottom));
  const stepped = boundary + (boundary - value) / (slope - 1);
  return stepped > 0.5 * boundary && stepped < 2 * boundary ? Math.min(stepped, limit) : value;
}

/** The interest and dividend weights of every inner point, with τ-u = τ sin² of its angle. */
function growthTable(rate: number, dividendYield: number, years: number, { position, forth, width }: Collocation): Float64Array {
  const n = position.length - 1;
  const inner = forth.length;
  const table = new Float64Array(2 * n * inner);
  for (let i = 0; i < n; i++) {
    const tau = years * position[i]! * position[i]!;
    for (let k = 0; k < inner; k++) {
      const u = tau * forth[k]!;
      const du = tau * width[k]!;
      table[2 * (i * inner + k)] = rate * Math.exp(rate * u) * du;
      table[2 * (i * inner + k) + 1] = dividendYield * Math.exp(dividendYield * u) * du;
    }
  }
  return table;
}

/** Chebyshev coefficients from values at cos(iπ/n). */
function lobattoCoefficients(values: Float64Array, cosines: Float64Array): Float64Array {
  const n = values.length - 1;
  const out = new Float64Array(n + 1);
  for (let k = 0; k <= n; k++) {
    let sum = 0.5 * (values[0]! + (k % 2 === 0 ? 1 : -1) * values[n]!);
    for (let j = 1; j < n; j++) sum += values[j]! * cosines[(j * k) % (2 * n)]!;
    out[k] = (2 / n) * sum * (k === 0 || k === n ? 0.5 : 1);
  }
  return out;
}

/** B(τ) in units of the strike, 0 <= τ <= T. */
export function boundaryAt(boundary: ExerciseBoundary, tau: number): number {
  return boundary.limit * Math.exp(-depthAt(boundary, Math.sqrt(tau / boundary.years)));
}

/** ln(limit/B) at √(τ/T) = x in [0, 1]. */
export function depthAt(boundary: ExerciseBoundary, x: number): number {
  const c = boundary.coefficients;
  const z = 2 * x - 1;
  let b1 = 0;
  let b2 = 0;
  for (let k = c.length - 1; k > 0; k--) {
    const b0 = 2 * z * b1 - b2 + c[k]!;
    b2 = b1;
    b1 = b0;
  }
  const h = z * b1 - b2 + c[0]!;
  return h > 0 ? Math.sqrt(h) : 0;
}
