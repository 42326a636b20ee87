/**
 * A quicker first guess where quotes live: total volatility tabulated over |x| (log-moneyness) and β (normalised price).
 *
 * Both axes are the upper bits of the number itself: exponent plus leading mantissa bits is a piecewise linear logarithm that
 * costs no logarithm. The table is filled on first use by the exact solver (about 20 ms, 54 kB), so it cannot disagree with it.
 */

const X_BITS = 2;
const BETA_BITS = 3;
const X_LOWEST_EXPONENT = -12;
const X_OCTAVES = 14;
const BETA_LOWEST_EXPONENT = -30;
const BETA_OCTAVES = 30;
const COLUMNS = (BETA_OCTAVES << BETA_BITS) + 1;
const ROWS = (X_OCTAVES << X_BITS) + 1;
const X_SHIFT = 20 - X_BITS;
const BETA_SHIFT = 20 - BETA_BITS;
const X_FRACTION = 2 ** -X_SHIFT;
const BETA_FRACTION = 2 ** -BETA_SHIFT;
const X_BASE = (1023 + X_LOWEST_EXPONENT) << X_BITS;
const BETA_BASE = (1023 + BETA_LOWEST_EXPONENT) << BETA_BITS;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

const number = new Float64Array(1);
const bits = new Int32Array(number.buffer);
/** Index of the upper half of a double in `bits`: 1 on little-endian machines. */
number[0] = 1;
const HIGH = bits[0] === 0 ? 1 : 0;

let table: Float32Array | null = null;

/** The number whose upper bits are `high`. */
function fromHigh(high: number): number {
  bits[HIGH] = high;
  bits[1 - HIGH] = 0;
  return number[0]!;
}

/** Fills the table with `solve(x, beta)`, the exact total volatility. */
function build(solve: (x: number, beta: number, gap: number) => number): Float32Array {
  const made = new Float32Array(ROWS * COLUMNS);
  for (let i = 0; i < ROWS; i++) {
    const x = -fromHigh((i + X_BASE) << X_SHIFT);
    const bMax = Math.exp(0.5 * x);
    for (let j = 0; j < COLUMNS; j++) {
      const beta = Math.min(fromHigh((j + BETA_BASE) << BETA_SHIFT), 0.95 * bMax);
      made[i * COLUMNS + j] = solve(x, beta, bMax - beta);
    }
  }
  return made;
}

/** The table itself, rows of x by columns of β: for a kernel that looks it up by itself. */
export function totalVolatilityTable(solve: (x: number, beta: number, gap: number) => number): Float32Array {
  table ??= build(solve);
  return table;
}

/**
 * Guess of the total volatility for x <= 0 and 0 < beta below half its bound; 0 where the table does not reach (then the
 * rational guess is used). Relative error at most about 2 %, typically 1e-3.
 */
export function tabulatedTotalVolatility(
  x: number,
  beta: number,
  solve: (x: number, beta: number, gap: number) => number,
): number {
  table ??= build(solve);
  number[0] = x;
  const highX = bits[HIGH]! & 0x7fffffff;
  number[0] = beta;
  const highBeta = bits[HIGH]!;
  const i = (highX >> X_SHIFT) - X_BASE;
  const j = (highBeta >> BETA_SHIFT) - BETA_BASE;
  // At the money to within a fraction of the volatility: b = s/√2π - |x|/2 + ...
  if (i < 0) return beta > -4 * x ? SQRT_TWO_PI * (beta - 0.5 * x) : 0;
  if (j < 0 || i >= ROWS - 1 || j >= COLUMNS - 1) return 0;
  const u = (highX & ((1 << X_SHIFT) - 1)) * X_FRACTION;
  const v = (highBeta & ((1 << BETA_SHIFT) - 1)) * BETA_FRACTION;
  const at = i * COLUMNS + j;
  const low = table[at]! + v * (table[at + 1]! - table[at]!);
  const high = table[at + COLUMNS]! + v * (table[at + COLUMNS + 1]! - table[at + COLUMNS]!);
  return low + u * (high - low);
}
