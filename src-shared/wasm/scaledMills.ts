/**
 * scaledMills of src-shared/domain/pricing/normal.ts as a fraction, so that two of them can share a division: Mills' ratio over √2π
 * at a >= 0, given a, a² and a⁴.
 */

import { at, fma } from './vectors';

/** Numerator and denominator of scaledMills. */
export const NUMERATOR = memory.data<f64>([
  0.5000000000000002, 0.5188975645593291, 0.2694695455210718, 0.08375572658988027, 0.01620623653738229, 0.0018415576979298814,
  9.651665899092607e-5,
]);
export const DENOMINATOR = memory.data<f64>([
  1.0, 1.8356796899216279, 1.5035995742063732, 0.7153320144244807, 0.21458521684324852, 0.04086331256328023, 0.00461616921335535,
  0.00024193001177914635,
]);

export function numerator(a: v128, a2: v128, a4: v128): v128 {
  const t = NUMERATOR;
  const low = fma(fma(at(t, 3), a, at(t, 2)), a2, fma(at(t, 1), a, at(t, 0)));
  const high = fma(at(t, 6), a2, fma(at(t, 5), a, at(t, 4)));
  return fma(high, a4, low);
}

export function denominator(a: v128, a2: v128, a4: v128): v128 {
  const t = DENOMINATOR;
  const low = fma(fma(at(t, 3), a, at(t, 2)), a2, fma(at(t, 1), a, at(t, 0)));
  const high = fma(fma(at(t, 7), a, at(t, 6)), a2, fma(at(t, 5), a, at(t, 4)));
  return fma(high, a4, low);
}
