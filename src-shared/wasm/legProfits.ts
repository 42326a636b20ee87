/**
 * What one option leg gains on every simulated path, two paths at a time: the same formulas as addLegProfits of monteCarlo.ts in
 * src-shared/domain/portfolio. One exponential and two rationals a value, which share a
 * division; the paths' factors come with their reciprocals.
 */

import { DENOMINATOR, NUMERATOR } from './scaledMills';
import { at, exponential, fma, splat } from './vectors';

/** 1/2, -1/2 */
const HALVES = memory.data<f64>([0.5, -0.5]);

/** Adds the leg's profit to `profit`; `count` is even. `sign` is 1 for a call, -1 for a put. */
export function legProfits(
  count: i32,
  logSpots: usize,
  spots: usize,
  factors: usize,
  perFactors: usize,
  profit: usize,
  sign: f64,
  rootVariance: f64,
  perRootVariance: f64,
  shift: f64,
  carry: f64,
  owed: f64,
  signedSize: f64,
  base: f64,
): void {
  const zero = splat(0.0);
  const signs = splat(sign);
  const variance = splat(rootVariance);
  const perVariance = splat(perRootVariance);
  const shifts = splat(shift);
  const carries = splat(carry);
  const debts = splat(owed);
  const size = splat(signedSize);
  const bases = splat(base);
  const end = (count as usize) << 3;
  for (let offset: usize = 0; offset < end; offset += 16) {
    const total = f64x2.mul(variance, v128.load(factors + offset));
    const moved = f64x2.mul(f64x2.add(v128.load(logSpots + offset), shifts), perVariance);
    const d1 = f64x2.mul(signs, fma(at(HALVES, 0), total, f64x2.mul(moved, v128.load(perFactors + offset))));
    const d2 = f64x2.sub(d1, f64x2.mul(signs, total));
    const carried = f64x2.mul(carries, v128.load(spots + offset));
    const density = f64x2.mul(carried, exponential(f64x2.mul(f64x2.mul(d1, d1), at(HALVES, 1))));
    const a = f64x2.abs(d1);
    const b = f64x2.abs(d2);
    const a2 = f64x2.mul(a, a);
    const b2 = f64x2.mul(b, b);
    const a4 = f64x2.mul(a2, a2);
    const b4 = f64x2.mul(b2, b2);
    // Both rationals side by side: every coefficient is loaded once, and neither waits for the other.
    let even = at(NUMERATOR, 0);
    let odd = at(NUMERATOR, 1);
    let p1 = fma(odd, a, even);
    let p2 = fma(odd, b, even);
    even = at(NUMERATOR, 2);
    odd = at(NUMERATOR, 3);
    p1 = fma(fma(odd, a, even), a2, p1);
    p2 = fma(fma(odd, b, even), b2, p2);
    even = at(NUMERATOR, 4);
    odd = at(NUMERATOR, 5);
    const last = at(NUMERATOR, 6);
    p1 = fma(fma(last, a2, fma(odd, a, even)), a4, p1);
    p2 = fma(fma(last, b2, fma(odd, b, even)), b4, p2);
    even = at(DENOMINATOR, 0);
    odd = at(DENOMINATOR, 1);
    let q1 = fma(odd, a, even);
    let q2 = fma(odd, b, even);
    even = at(DENOMINATOR, 2);
    odd = at(DENOMINATOR, 3);
    q1 = fma(fma(odd, a, even), a2, q1);
    q2 = fma(fma(odd, b, even), b2, q2);
    even = at(DENOMINATOR, 4);
    odd = at(DENOMINATOR, 5);
    const evenLast = at(DENOMINATOR, 6);
    const oddLast = at(DENOMINATOR, 7);
    q1 = fma(fma(fma(oddLast, a, evenLast), a2, fma(odd, a, even)), a4, q1);
    q2 = fma(fma(fma(oddLast, b, evenLast), b2, fma(odd, b, even)), b4, q2);
    const per = f64x2.div(density, f64x2.mul(q1, q2));
    const tail1 = f64x2.mul(f64x2.mul(p1, q2), per);
    const tail2 = f64x2.mul(f64x2.mul(p2, q1), per);
    const first = v128.bitselect(tail1, f64x2.sub(carried, tail1), f64x2.lt(d1, zero));
    const second = v128.bitselect(tail2, f64x2.sub(debts, tail2), f64x2.lt(d2, zero));
    const gained = f64x2.sub(f64x2.mul(size, f64x2.sub(first, second)), bases);
    v128.store(profit + offset, f64x2.add(v128.load(profit + offset), gained));
  }
}
