/**
 * b/b' of Black's normalised formula for two strikes at a time: the same formulas and coefficients as normalisedBlack.ts and
 * normal.ts in src-shared/domain/pricing, chosen by mask instead of by branch. Arguments of Mills' ratio stay below 7.
 */

import { at, exponentialAboveOne, fma } from './vectors';

/** Numerator and denominator of Mills' ratio on [0, 7]. */
const MILLS_TOP = memory.data<f64>([
  1.2533141373155003, 1.633549504224686, 1.064377866052927, 0.4353987609914627, 0.12059763605482421, 0.023013309890005926,
  0.0029510194227595344, 0.00023313583671970292, 8.752046980359565e-6,
]);
const MILLS_BOTTOM = memory.data<f64>([
  1.0, 2.1012684895309177, 2.0258203520821882, 1.1790960065768243, 0.4579518771523551, 0.12353069723703386, 0.023246471840316245,
  0.0029597703845734807, 0.00023313586570342847, 8.752046607313896e-6,
]);
/** Numerator and denominator of its slope on [0, 7]. */
const SLOPE_TOP = memory.data<f64>([
  1.0, 1.038908514843648, 0.5649583501580642, 0.1979556284910314, 0.04798323707493186, 0.008156552223731168,
  0.0009463969977441558, 6.863663622724516e-5, 2.3999093030437332e-6,
]);
const SLOPE_BOTTOM = memory.data<f64>([
  1.0, 2.2922226521591478, 2.4378334059839695, 1.5877611171291126, 0.7032174804502126, 0.22202343078866343, 0.050807328575514975,
  0.008362499900764092, 0.0009535952546096066, 6.863667304347799e-5, 2.3999088588010584e-6,
]);
/** 1/k! for odd k from 3 on. */
const ODD = memory.data<f64>([
  1.0 / 6.0,
  1.0 / 120.0,
  1.0 / 5040.0,
  1.0 / 362880.0,
  1.0 / 39916800.0,
  1.0 / 6227020800.0,
  1.0 / 1307674368000.0,
  1.0 / 355687428096000.0,
  1.0 / 121645100408832000.0,
  1.0 / 51090942171709440000.0,
  1.0 / 25852016738884980000000.0,
]);
/** 0 to 22. */
const WHOLE = memory.data<f64>([
  0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0,
]);
/** √2π, 1/2, and the two t below which the series is shorter. */
const CONSTANTS = memory.data<f64>([2.5066282746310002, 0.5, 0.1, 0.35]);

/** The first eight terms of a polynomial in a, in Estrin's order. */
function eightTerms(t: usize, a: v128, a2: v128, a4: v128): v128 {
  const low = fma(fma(at(t, 3), a, at(t, 2)), a2, fma(at(t, 1), a, at(t, 0)));
  const high = fma(fma(at(t, 7), a, at(t, 6)), a2, fma(at(t, 5), a, at(t, 4)));
  return fma(high, a4, low);
}

/** A polynomial of degree `top` in Horner's order: slower than Estrin's, and closer to the last digit. */
function horner(t: usize, top: usize, a: v128): v128 {
  let sum = at(t, top);
  for (let k = top; k > 0; k--) sum = fma(sum, a, at(t, k - 1));
  return sum;
}

/** Mills' ratio (1 - Φ(a))/φ(a), 0 <= a <= 7. */
function millsRatio(a: v128): v128 {
  return f64x2.div(horner(MILLS_TOP, 8, a), horner(MILLS_BOTTOM, 9, a));
}

/** 1 - a·M(a), 0 <= a <= 7. */
function millsSlope(a: v128): v128 {
  const a2 = f64x2.mul(a, a);
  const a4 = f64x2.mul(a2, a2);
  const a8 = f64x2.mul(a4, a4);
  const top = fma(at(SLOPE_TOP, 8), a8, eightTerms(SLOPE_TOP, a, a2, a4));
  const far = fma(at(SLOPE_BOTTOM, 10), a2, fma(at(SLOPE_BOTTOM, 9), a, at(SLOPE_BOTTOM, 8)));
  return f64x2.div(top, fma(far, a8, eightTerms(SLOPE_BOTTOM, a, a2, a4)));
}

/** Y(h+t) - Y(h-t) as a series in t to about six digits: what the first of two steps needs. */
export function shortOddSeries(h: v128, hh: v128, t: v128): v128 {
  const n = WHOLE;
  const w = f64x2.mul(t, t);
  const o1 = millsSlope(f64x2.neg(h));
  const e2 = f64x2.sub(fma(hh, o1, o1), at(n, 1));
  const o3 = fma(at(n, 2), o1, e2);
  const e4 = fma(at(n, 3), e2, f64x2.mul(hh, o3));
  const o5 = fma(at(n, 4), o3, e4);
  const o7 = fma(at(n, 6), o5, fma(at(n, 5), e4, f64x2.mul(hh, o5)));
  const tail = fma(w, f64x2.mul(o7, at(ODD, 2)), f64x2.mul(o5, at(ODD, 1)));
  const sum = fma(w, fma(w, tail, f64x2.mul(o3, at(ODD, 0))), o1);
  return f64x2.mul(f64x2.add(t, t), sum);
}

/** The same to the last digit for t below 0.5; where all t are below 0.1 or 0.35 the terms from t¹³ or t¹⁹ on are beneath rounding. */
export function oddSeries(h: v128, hh: v128, t: v128): v128 {
  const n = WHOLE;
  const w = f64x2.mul(t, t);
  const w2 = f64x2.mul(w, w);
  const w4 = f64x2.mul(w2, w2);
  const o1 = millsSlope(f64x2.neg(h));
  const e0 = f64x2.sub(o1, at(n, 1));
  const e2 = fma(hh, o1, e0);
  const o3 = fma(at(n, 2), o1, e2);
  const e4 = fma(at(n, 3), e2, f64x2.mul(hh, o3));
  const o5 = fma(at(n, 4), o3, e4);
  const e6 = fma(at(n, 5), e4, f64x2.mul(hh, o5));
  const o7 = fma(at(n, 6), o5, e6);
  const e8 = fma(at(n, 7), e6, f64x2.mul(hh, o7));
  const o9 = fma(at(n, 8), o7, e8);
  const e10 = fma(at(n, 9), e8, f64x2.mul(hh, o9));
  const o11 = fma(at(n, 10), o9, e10);
  let far = fma(w, f64x2.mul(o11, at(ODD, 4)), f64x2.mul(o9, at(ODD, 3)));
  if (!v128.all_true<i64>(f64x2.lt(t, at(CONSTANTS, 2)))) {
    const e12 = fma(at(n, 11), e10, f64x2.mul(hh, o11));
    const o13 = fma(at(n, 12), o11, e12);
    const e14 = fma(at(n, 13), e12, f64x2.mul(hh, o13));
    const o15 = fma(at(n, 14), o13, e14);
    const e16 = fma(at(n, 15), e14, f64x2.mul(hh, o15));
    const o17 = fma(at(n, 16), o15, e16);
    let last = fma(w2, f64x2.mul(o17, at(ODD, 7)), fma(w, f64x2.mul(o15, at(ODD, 6)), f64x2.mul(o13, at(ODD, 5))));
    if (!v128.all_true<i64>(f64x2.lt(t, at(CONSTANTS, 3)))) {
      const e18 = fma(at(n, 17), e16, f64x2.mul(hh, o17));
      const o19 = fma(at(n, 18), o17, e18);
      const e20 = fma(at(n, 19), e18, f64x2.mul(hh, o19));
      const o21 = fma(at(n, 20), o19, e20);
      const o23 = fma(at(n, 22), o21, fma(at(n, 21), e20, f64x2.mul(hh, o21)));
      const least = fma(w2, f64x2.mul(o23, at(ODD, 10)), fma(w, f64x2.mul(o21, at(ODD, 9)), f64x2.mul(o19, at(ODD, 8))));
      last = fma(f64x2.mul(w2, w), least, last);
    }
    far = fma(w2, last, far);
  }
  const middle = fma(w, f64x2.mul(o7, at(ODD, 2)), f64x2.mul(o5, at(ODD, 1)));
  const near = fma(w, f64x2.mul(o3, at(ODD, 0)), o1);
  return f64x2.mul(f64x2.add(t, t), fma(w4, far, fma(w2, middle, near)));
}

/** Y(h+t) - Y(h-t) as it stands, where t is large enough for it. */
export function direct(h: v128, t: v128): v128 {
  const z = f64x2.add(h, t);
  const mills = millsRatio(f64x2.abs(z));
  const above = f64x2.mul(at(CONSTANTS, 0), exponentialAboveOne(f64x2.mul(f64x2.mul(z, z), at(CONSTANTS, 1))));
  const y = v128.bitselect(f64x2.sub(above, mills), mills, f64x2.gt(z, f64x2.sub(z, z)));
  return f64x2.sub(y, millsRatio(f64x2.sub(t, h)));
}
