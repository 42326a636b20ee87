/** What the kernels of this folder share: two doubles a vector, coefficients read from memory, and the two transcendentals. */

export function splat(x: f64): v128 {
  return f64x2.splat(x);
}

/** a·b + c: rounded once where the processor can, twice where it cannot. The kernels' answers may differ in the last digits between machines. */
export function fma(a: v128, b: v128, c: v128): v128 {
  return v128.relaxed_madd<f64>(a, b, c);
}

// Coefficients are read from memory: an engine builds a vector constant in several instructions, but loads it in one.

/** The k-th coefficient of a table, in both lanes. */
export function at(table: usize, k: usize): v128 {
  return v128.load_splat<f64>(table + (k << 3));
}

/** 1/k! */
const EXPONENTIAL = memory.data<f64>([
  1.0,
  1.0,
  1.0 / 2.0,
  1.0 / 6.0,
  1.0 / 24.0,
  1.0 / 120.0,
  1.0 / 720.0,
  1.0 / 5040.0,
  1.0 / 40320.0,
  1.0 / 362880.0,
  1.0 / 3628800.0,
  1.0 / 39916800.0,
  1.0 / 479001600.0,
]);

/** -708, log2 e, 1.5·2⁵², ln 2 in two parts. */
const EXPONENTIAL_CONSTANTS = memory.data<f64>([
  -708.0,
  Math.LOG2E,
  6755399441055744.0,
  0.6931471803691238,
  1.9082149292705877e-10,
]);

/**
 * exp(x) for x up to some hundreds (in the tails beneath 0 it stays at exp(-708)): x = k ln 2 + r, Taylor to r¹² in Estrin's
 * order, k added to the exponent bits.
 */
export function exponential(given: v128): v128 {
  // The relaxed maximum is one instruction; the strict one, careful about NaN and signed zeros, is seven.
  const c = EXPONENTIAL_CONSTANTS;
  const x = f64x2.pmax(given, at(c, 0));
  const magic = at(c, 2); // 1.5·2⁵²: adding it rounds to an integer that sits in the low bits
  const shifted = f64x2.add(f64x2.mul(x, at(c, 1)), magic);
  const k = f64x2.sub(shifted, magic);
  let r = f64x2.sub(x, f64x2.mul(k, at(c, 3)));
  r = f64x2.sub(r, f64x2.mul(k, at(c, 4)));
  const t = EXPONENTIAL;
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const r8 = f64x2.mul(r4, r4);
  const c01 = fma(at(t, 1), r, at(t, 0));
  const c23 = fma(at(t, 3), r, at(t, 2));
  const c45 = fma(at(t, 5), r, at(t, 4));
  const c67 = fma(at(t, 7), r, at(t, 6));
  const c89 = fma(at(t, 9), r, at(t, 8));
  const cab = fma(at(t, 11), r, at(t, 10));
  const low = fma(fma(c67, r2, c45), r4, fma(c23, r2, c01));
  const high = fma(at(t, 12), r4, fma(cab, r2, c89));
  return v128.add<i64>(fma(high, r8, low), v128.shl<i64>(shifted, 52));
}

/** The same for x >= 0 and to the last digit: 1 and x are added last, so that theirs are the only roundings that count. */
export function exponentialAboveOne(x: v128): v128 {
  const c = EXPONENTIAL_CONSTANTS;
  const magic = at(c, 2);
  const shifted = f64x2.add(f64x2.mul(x, at(c, 1)), magic);
  const k = f64x2.sub(shifted, magic);
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, at(c, 3))), f64x2.mul(k, at(c, 4)));
  let sum = at(EXPONENTIAL, 12);
  for (let i = 11; i > 1; i--) sum = fma(sum, r, at(EXPONENTIAL, i));
  const less = fma(f64x2.mul(r, r), sum, r);
  return v128.add<i64>(f64x2.add(at(EXPONENTIAL, 0), less), v128.shl<i64>(shifted, 52));
}

/** Of ln((1+z)/(1-z)) = 2z + z·R(z²): the coefficients of R for |z| <= 0.1716, after fdlibm's e_log.c (Sun Microsystems 1993). */
const LOGARITHM = memory.data<f64>([
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805, 0.15313837699209373,
  0.14798198605116586,
]);
/** ln 2 in two parts, 1, 2, 1/2, 2⁵² + 1023. */
const LOGARITHM_CONSTANTS = memory.data<f64>([0.6931471803691238, 1.9082149292705877e-10, 1.0, 2.0, 0.5, 4503599627371519.0]);

/** R of {@link LOGARITHM} at w = z². */
function logarithmRest(w: v128): v128 {
  const t = LOGARITHM;
  const w2 = f64x2.mul(w, w);
  const odd = f64x2.mul(w2, fma(w2, fma(w2, at(t, 5), at(t, 3)), at(t, 1)));
  const even = f64x2.mul(w, fma(w2, fma(w2, fma(w2, at(t, 6), at(t, 4)), at(t, 2)), at(t, 0)));
  return f64x2.add(odd, even);
}

/** Bits of √½ rounded down to its upper half: mantissas are taken from there to twice it. */
const ROOT_HALF: i64 = 0x3fe6a09e00000000;

/** Bits of x (positive, normal) moved so that the exponent field counts from √½. */
function moved(x: v128): v128 {
  return v128.add<i64>(x, i64x2.splat(0x3ff0000000000000 - ROOT_HALF));
}

/** The exponent field of moved bits as a number, without its bias. */
function exponentOf(bits: v128): v128 {
  const field = v128.or(v128.shr<u64>(bits, 52), i64x2.splat(0x4330000000000000));
  return f64x2.sub(field, at(LOGARITHM_CONSTANTS, 5));
}

/** ln x for positive normal x, error below 1 ulp. */
export function logarithm(x: v128): v128 {
  const c = LOGARITHM_CONSTANTS;
  const bits = moved(x);
  const k = exponentOf(bits);
  const mantissa = v128.add<i64>(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(ROOT_HALF));
  const f = f64x2.sub(mantissa, at(c, 2));
  const half = f64x2.mul(f64x2.mul(at(c, 4), f), f);
  const z = f64x2.div(f, f64x2.add(at(c, 3), f));
  const rest = logarithmRest(f64x2.mul(z, z));
  const fine = fma(z, f64x2.add(half, rest), f64x2.mul(k, at(c, 1)));
  return fma(k, at(c, 0), f64x2.add(f64x2.sub(fine, half), f));
}

/** ln(a/b) for positive normal a and b, accurate also where they are nearly equal: the difference is taken before the logarithm. */
export function logarithmOfQuotient(a: v128, b: v128): v128 {
  const c = LOGARITHM_CONSTANTS;
  const bits = moved(f64x2.div(a, b));
  const k = exponentOf(bits);
  const whole = v128.shl<i64>(v128.sub<i64>(v128.shr<u64>(bits, 52), i64x2.splat(1023)), 52);
  const scaled = v128.add<i64>(b, whole);
  const z = f64x2.div(f64x2.sub(a, scaled), f64x2.add(a, scaled));
  const rest = logarithmRest(f64x2.mul(z, z));
  const fine = fma(z, rest, f64x2.mul(k, at(c, 1)));
  return fma(k, at(c, 0), fma(z, at(c, 3), fine));
}
