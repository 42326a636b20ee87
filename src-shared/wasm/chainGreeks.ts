/**
 * The chain kernel in AssemblyScript with 128-bit SIMD: two strikes at a time, same formulas and coefficients as
 * src-shared/domain/pricing/chainKernel.ts and normal.ts (scaledMills).
 */

import { denominator, numerator } from './scaledMills';
import { at, exponential, fma, splat } from './vectors';

/** 1/2, -1/2 */
const HALVES = memory.data<f64>([0.5, -0.5]);

/** Rewrites one strike that has no volatility: discounted intrinsic value, a step of delta, no gamma and no vega. */
function certain(
  offset: usize,
  strikes: usize,
  volatilities: usize,
  out: usize,
  stride: usize,
  rootYears: f64,
  forward: f64,
  discount: f64,
  deltaScale: f64,
  thetaForward: f64,
  thetaStrike: f64,
  rhoScale: f64,
): void {
  if (load<f64>(volatilities + offset) * rootYears > 0.0) return;
  const strike = load<f64>(strikes + offset);
  const exercised: f64 = forward > strike ? 1.0 : forward < strike ? 0.0 : 0.5;
  const call = discount * (forward - strike) * exercised;
  const put = call - discount * forward + discount * strike;
  const theta = exercised * (thetaForward - thetaStrike * strike);
  let column = out + offset;
  store<f64>(column, call > 0.0 ? call : 0.0);
  column += stride;
  store<f64>(column, put > 0.0 ? put : 0.0);
  column += stride;
  store<f64>(column, deltaScale * exercised);
  column += stride;
  store<f64>(column, deltaScale * (exercised - 1.0));
  column += stride;
  store<f64>(column, 0.0);
  column += stride;
  store<f64>(column, theta);
  column += stride;
  store<f64>(column, theta + thetaStrike * strike - thetaForward);
  column += stride;
  store<f64>(column, 0.0);
  column += stride;
  store<f64>(column, rhoScale * strike * exercised);
  column += stride;
  store<f64>(column, rhoScale * strike * (exercised - 1.0));
}

/** Fills ten columns of `stride` bytes from `out` on; `count` is 2 or more (an odd last strike is done with its neighbour again). */
export function chainGreeks(
  count: i32,
  strikes: usize,
  lnStrikes: usize,
  volatilities: usize,
  out: usize,
  stride: usize,
  lnForward: f64,
  rootYears: f64,
  forward: f64,
  discount: f64,
  deltaScale: f64,
  gammaScale: f64,
  vegaScale: f64,
  thetaForward: f64,
  thetaStrike: f64,
  decayScale: f64,
  rhoScale: f64,
): void {
  const zero = splat(0.0);
  const one = splat(1.0);
  const forwards = splat(forward);
  const discountedForward = discount * forward;
  const bytes = (count as usize) << 3;
  let offset: usize = 0;
  while (offset < bytes) {
    if (offset + 16 > bytes) offset = bytes - 16;
    const strike = v128.load(strikes + offset);
    const volatility = v128.load(volatilities + offset);
    const total = f64x2.mul(volatility, splat(rootYears));
    const inverse = f64x2.div(one, total);
    const d1 = fma(f64x2.sub(splat(lnForward), v128.load(lnStrikes + offset)), inverse, f64x2.mul(at(HALVES, 0), total));
    const d2 = f64x2.sub(d1, total);
    const density = exponential(f64x2.mul(f64x2.mul(d1, d1), at(HALVES, 1)));
    const a = f64x2.abs(d1);
    const b = f64x2.abs(d2);
    const a2 = f64x2.mul(a, a);
    const b2 = f64x2.mul(b, b);
    const a4 = f64x2.mul(a2, a2);
    const b4 = f64x2.mul(b2, b2);
    const q1 = denominator(a, a2, a4);
    const q2 = denominator(b, b2, b4);
    const per = f64x2.div(density, f64x2.mul(q1, q2));
    const tail1 = f64x2.mul(f64x2.mul(numerator(a, a2, a4), q2), per);
    const tail2 = f64x2.mul(f64x2.mul(f64x2.mul(numerator(b, b2, b4), q1), per), forwards);
    const nd1 = v128.bitselect(tail1, f64x2.sub(one, tail1), f64x2.lt(d1, zero));
    const term = v128.bitselect(tail2, f64x2.sub(strike, tail2), f64x2.lt(d2, zero));
    const call = f64x2.sub(f64x2.mul(splat(discountedForward), nd1), f64x2.mul(splat(discount), term));
    const put = f64x2.add(f64x2.sub(call, splat(discountedForward)), f64x2.mul(splat(discount), strike));
    const decay = f64x2.mul(f64x2.mul(splat(decayScale), density), volatility);
    const theta = fma(splat(thetaForward), nd1, f64x2.sub(decay, f64x2.mul(splat(thetaStrike), term)));
    let column = out + offset;
    v128.store(column, f64x2.pmax(call, zero));
    column += stride;
    v128.store(column, f64x2.pmax(put, zero));
    column += stride;
    v128.store(column, f64x2.mul(splat(deltaScale), nd1));
    column += stride;
    v128.store(column, f64x2.mul(splat(deltaScale), f64x2.sub(nd1, one)));
    column += stride;
    v128.store(column, f64x2.mul(f64x2.mul(splat(gammaScale), density), inverse));
    column += stride;
    v128.store(column, theta);
    column += stride;
    v128.store(column, f64x2.sub(fma(splat(thetaStrike), strike, theta), splat(thetaForward)));
    column += stride;
    v128.store(column, f64x2.mul(splat(0.01 * vegaScale), density));
    column += stride;
    v128.store(column, f64x2.mul(splat(rhoScale), term));
    column += stride;
    v128.store(column, f64x2.mul(splat(rhoScale), f64x2.sub(term, strike)));
    if (!v128.all_true<i64>(f64x2.gt(total, zero))) {
      certain(
        offset,
        strikes,
        volatilities,
        out,
        stride,
        rootYears,
        forward,
        discount,
        deltaScale,
        thetaForward,
        thetaStrike,
        rhoScale,
      );
      certain(
        offset + 8,
        strikes,
        volatilities,
        out,
        stride,
        rootYears,
        forward,
        discount,
        deltaScale,
        thetaForward,
        thetaStrike,
        rhoScale,
      );
    }
    offset += 16;
  }
}
