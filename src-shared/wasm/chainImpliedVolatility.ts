/**
 * Implied volatility of a chain, two strikes at a time: same formulas as chainImpliedVolatility.ts in src-shared/domain/pricing,
 * for the region in which quotes live. A strike outside it (and one without a volatility) is left to the TypeScript kernel.
 */

import { direct, oddSeries, shortOddSeries } from './normalisedBlack';
import { at, fma, logarithm, logarithmOfQuotient, splat } from './vectors';

/** What the status column says of a strike that is left to the host. */
const LEFT: u8 = 255;
const SOLVED: u8 = 0;

// The table of guesses, as impliedVolatilitySeed.ts lays it out.
const X_BITS: i32 = 2;
const BETA_BITS: i32 = 3;
const X_BASE: i32 = (1023 - 12) << X_BITS;
const BETA_BASE: i32 = (1023 - 30) << BETA_BITS;
const ROW_BYTES: i32 = 4 * ((30 << BETA_BITS) + 1);

/** Region of the table: least and most |x|, least and most β; then 4, √2π, 1/2. */
const REGION = memory.data<f64>([2.0 ** -12.0, 4.0, 2.0 ** -30.0, 1.0, 4.0, 2.5066282746310002, 0.5]);
/** Bounds of the series and of Mills' ratio: t, |x|, -h and t - h. */
const SERIES = memory.data<f64>([0.5, 3.0, 7.0]);
/** Of a Householder step: 1, 1/2, 1/4, 1/8, ln √2π, 2, 3, 1/6. */
const STEP = memory.data<f64>([1.0, 0.5, 0.25, 0.125, 0.9189385332046727, 2.0, 3.0, 1.0 / 6.0]);

/** Where in its cell of the table a number lies, 0 to 1: the mantissa bits below those that choose the cell. */
function withinCell(x: v128, bits: i32): v128 {
  const fraction = v128.shr<u64>(v128.shl<i64>(x, 12 + bits), 12);
  return f64x2.sub(v128.or(fraction, i64x2.splat(0x3ff0000000000000)), at(STEP, 0));
}

/** Address of the cell of one lane. */
function cellOf(table: usize, x: i64, beta: i64): usize {
  const row = ((x >> (52 - X_BITS)) as i32) - X_BASE;
  const column = ((beta >> (52 - BETA_BITS)) as i32) - BETA_BASE;
  return table + ((row * ROW_BYTES + (column << 2)) as usize);
}

/** Two neighbours along β, mixed along x. */
function mixed(cell: usize, u: v128): v128 {
  const low = f64x2.promote_low_f32x4(v128.load64_zero(cell));
  const high = f64x2.promote_low_f32x4(v128.load64_zero(cell + ROW_BYTES));
  return fma(u, f64x2.sub(high, low), low);
}

/** Bilinear guess of the total volatility; |x| and β inside the table. */
function tabulated(table: usize, x: v128, beta: v128): v128 {
  const u = withinCell(x, X_BITS);
  const v = withinCell(beta, BETA_BITS);
  const a = mixed(cellOf(table, i64x2.extract_lane(x, 0), i64x2.extract_lane(beta, 0)), v128.shuffle<f64>(u, u, 0, 0));
  const b = mixed(cellOf(table, i64x2.extract_lane(x, 1), i64x2.extract_lane(beta, 1)), v128.shuffle<f64>(u, u, 1, 1));
  const low = v128.shuffle<f64>(a, b, 0, 2);
  return fma(v, f64x2.sub(v128.shuffle<f64>(a, b, 1, 3), low), low);
}

/** One third-order Householder step on ln b = ln β, given b/b' at s. */
function stepFrom(s: v128, inverse: v128, hh: v128, beta: v128, ratio: v128): v128 {
  const c = STEP;
  const n = f64x2.div(at(c, 0), ratio);
  const log = logarithm(f64x2.mul(beta, n));
  const excess = fma(f64x2.mul(at(c, 3), s), s, fma(at(c, 1), hh, log));
  const newton = f64x2.mul(f64x2.add(excess, at(c, 4)), ratio);
  const a = f64x2.sub(f64x2.mul(hh, inverse), f64x2.mul(at(c, 2), s));
  const halley = f64x2.sub(a, n);
  const curve = f64x2.mul(f64x2.mul(f64x2.mul(at(c, 6), hh), inverse), inverse);
  const last = f64x2.mul(n, f64x2.sub(f64x2.mul(at(c, 5), n), f64x2.mul(at(c, 6), a)));
  const third = f64x2.add(f64x2.sub(f64x2.sub(f64x2.mul(a, a), curve), at(c, 2)), last);
  const top = f64x2.mul(newton, fma(f64x2.mul(at(c, 1), halley), newton, at(c, 0)));
  const slope = fma(f64x2.mul(third, newton), at(c, 7), halley);
  return f64x2.add(s, f64x2.div(top, fma(newton, slope, at(c, 0))));
}

/** True in the lanes whose b/b' is summed as a series. */
function isSeries(x: v128, t: v128): v128 {
  return v128.and(f64x2.lt(t, at(SERIES, 0)), f64x2.lt(x, at(SERIES, 1)));
}

/** The first step; x is |ln F/K|. */
function firstStep(x: v128, s: v128, beta: v128): v128 {
  const inverse = f64x2.div(at(STEP, 0), s);
  const h = f64x2.neg(f64x2.mul(x, inverse));
  const hh = f64x2.mul(h, h);
  const t = f64x2.mul(at(STEP, 1), s);
  const series = isSeries(x, t);
  let ratio = shortOddSeries(h, hh, t);
  if (!v128.all_true<i64>(series)) ratio = v128.bitselect(ratio, direct(h, t), series);
  return stepFrom(s, inverse, hh, beta, ratio);
}

/** The second step, to the last digit. */
function secondStep(x: v128, s: v128, beta: v128): v128 {
  const inverse = f64x2.div(at(STEP, 0), s);
  const h = f64x2.neg(f64x2.div(x, s));
  const hh = f64x2.mul(h, h);
  const t = f64x2.mul(at(STEP, 1), s);
  const series = isSeries(x, t);
  let ratio = oddSeries(h, hh, t);
  if (!v128.all_true<i64>(series)) ratio = v128.bitselect(ratio, direct(h, t), series);
  return stepFrom(s, inverse, hh, beta, ratio);
}

/** True in the lanes in which the rationals are in their range at this s. */
function withinReach(x: v128, s: v128): v128 {
  // t - h <= 7 with h = -x/s: x <= s (7 - s/2).
  return f64x2.le(x, f64x2.mul(s, f64x2.sub(at(SERIES, 2), f64x2.mul(at(STEP, 1), s))));
}

/**
 * First pass: |ln F/K|, β and a guess of every strike; the mask says which of them lie in the region. The others are led through
 * the steps with harmless numbers.
 */
function normalise(
  end: usize,
  strikes: usize,
  calls: usize,
  puts: usize,
  work: usize,
  table: usize,
  forward: f64,
  rootForward: f64,
  perDiscount: f64,
): void {
  const zero = splat(0.0);
  const forwards = splat(forward);
  const region = REGION;
  const half = at(region, 6);
  for (let offset: usize = 0; offset < end; offset += 16) {
    const strike = v128.load(strikes + offset);
    const call = f64x2.mul(v128.load(calls + offset), splat(perDiscount));
    const put = f64x2.mul(v128.load(puts + offset), splat(perDiscount));
    const moneyness = f64x2.sub(forwards, strike);
    const isPut = f64x2.gt(moneyness, zero);
    const outOfMoney = v128.bitselect(put, call, isPut);
    const throughParity = v128.bitselect(f64x2.sub(call, moneyness), f64x2.add(put, moneyness), isPut);
    const timeValue = v128.bitselect(outOfMoney, throughParity, f64x2.gt(outOfMoney, zero));
    const room = f64x2.sub(v128.bitselect(strike, forwards, isPut), timeValue);
    const perScale = f64x2.div(at(STEP, 0), f64x2.mul(splat(rootForward), f64x2.sqrt(strike)));
    const beta = f64x2.mul(timeValue, perScale);
    const x = f64x2.abs(logarithmOfQuotient(forwards, strike));
    const inside = v128.and(
      v128.and(f64x2.ge(x, at(region, 0)), f64x2.lt(x, at(region, 1))),
      v128.and(f64x2.ge(beta, at(region, 2)), f64x2.lt(beta, at(region, 3))),
    );
    const atTheMoney = v128.and(f64x2.lt(x, at(region, 0)), f64x2.gt(beta, f64x2.mul(at(region, 4), x)));
    const seed = tabulated(table, v128.bitselect(x, half, inside), v128.bitselect(beta, half, inside));
    const guess = v128.bitselect(seed, f64x2.mul(at(region, 5), fma(half, x, beta)), inside);
    const reached = v128.and(f64x2.le(timeValue, room), withinReach(x, guess));
    const good = v128.and(v128.or(inside, atTheMoney), reached);
    const to = work + (offset << 2);
    v128.store(to, v128.bitselect(x, half, good));
    v128.store(to, v128.bitselect(beta, half, good), 16);
    v128.store(to, v128.bitselect(guess, half, good), 32);
    v128.store(to, good, 48);
  }
}

/** Strikes that pass through the three passes together: their working columns stay near the processor. */
const BLOCK: usize = 128;

/** An even number of strikes, at most {@link BLOCK}; returns whether any is left to the host. */
function block(
  bytes: usize,
  strikes: usize,
  calls: usize,
  puts: usize,
  volatilities: usize,
  status: usize,
  work: usize,
  table: usize,
  forward: f64,
  rootForward: f64,
  perDiscount: f64,
  perRootYears: f64,
): i32 {
  normalise(bytes, strikes, calls, puts, work, table, forward, rootForward, perDiscount);
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const pair = work + (offset << 2);
    v128.store(pair, firstStep(v128.load(pair), v128.load(pair, 32), v128.load(pair, 16)), 32);
  }
  let left: i32 = 0;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    const pair = work + (offset << 2);
    const x = v128.load(pair);
    const near = v128.load(pair, 32);
    const total = secondStep(x, near, v128.load(pair, 16));
    const good = v128.and(v128.and(v128.load(pair, 48), withinReach(x, near)), f64x2.gt(total, splat(0.0)));
    v128.store(volatilities + offset, v128.and(f64x2.mul(total, splat(perRootYears)), good));
    const said = status + (offset >> 3);
    if (v128.all_true<i64>(good)) store<u16>(said, 0);
    else {
      left = 1;
      store<u8>(said, i64x2.extract_lane(good, 0) ? SOLVED : LEFT);
      store<u8>(said, i64x2.extract_lane(good, 1) ? SOLVED : LEFT, 1);
    }
  }
  return left;
}

/**
 * Implied volatilities of `count` strikes, 2 or more (an odd last one is done with its neighbour again). `work` has room for four
 * columns of a block, `table` holds the guesses. The steps are passes of their own: one strike's wait for each other, many strikes'
 * do not. Returns whether any strike is left to the host.
 */
export function impliedVolatilities(
  count: i32,
  strikes: usize,
  calls: usize,
  puts: usize,
  volatilities: usize,
  status: usize,
  work: usize,
  table: usize,
  forward: f64,
  rootForward: f64,
  perDiscount: f64,
  perRootYears: f64,
): i32 {
  let left: i32 = 0;
  const even = (count as usize) & ~1;
  let from: usize = 0;
  while (from < (count as usize)) {
    let size = min<usize>(even - from, BLOCK);
    if (from >= even) {
      from = (count as usize) - 2;
      size = 2;
    }
    const at = from << 3;
    left |= block(
      size << 3,
      strikes + at,
      calls + at,
      puts + at,
      volatilities + at,
      status + from,
      work,
      table,
      forward,
      rootForward,
      perDiscount,
      perRootYears,
    );
    from += size;
  }
  return left;
}
