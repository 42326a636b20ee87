/**
 * Black's formula with everything that does not matter divided out (Jäckel, "Let's Be Rational", 2015).
 *
 * x = ln(F/K) of an out-of-the-money call, so x <= 0 (a put is the same with F and K exchanged); s = σ√T, the total
 * volatility; b(x, s) = e^{x/2} Φ(h+t) - e^{-x/2} Φ(h-t) with h = x/s, t = s/2 is the price over D·√(F·K), and
 * b < bMax = e^{x/2}. With b' = ∂b/∂s = φ-like exp(-(h²+t²)/2)/√2π and Y(z) = Φ(z)/φ(z):
 *
 *   b / b'          = Y(h+t) - Y(h-t)      (used below half of bMax)
 *   (bMax - b) / b' = Y(-h-t) + Y(h-t)     (used above it: no cancellation near the top)
 *
 * so logarithms of prices need no exponential and keep their precision where the prices themselves underflow.
 */
import { gaussian, INV_SQRT_TWO_PI, millsRatio, millsSlope, normalCdf, SQRT_TWO_PI } from './normal.ts';

/** Below this t, and with |x| below SERIES_LOG_MONEYNESS, Y(h+t) - Y(h-t) is summed as a series in t. */
const SERIES_HALF_VOLATILITY = 0.5;
const SERIES_LOG_MONEYNESS = 3;
/** Below this t the terms from t⁹ on are beneath rounding. */
const FEW_TERMS_BELOW = 0.02;
/** Below this t the terms from t¹³ on are. */
const FEWER_TERMS_BELOW = 0.1;
/** Below this t those from t¹⁹ on. */
const MOST_TERMS_BELOW = 0.35;
// 1/k!: a division is a dozen multiplications.
const PER_3 = 1 / 6;
const PER_5 = 1 / 120;
const PER_7 = 1 / 5040;
const PER_9 = 1 / 362880;
const PER_11 = 1 / 39916800;
const PER_13 = 1 / 6227020800;
const PER_15 = 1 / 1307674368000;
const PER_17 = 1 / 355687428096000;
const PER_19 = 1 / 121645100408832000;
const PER_21 = 1 / 51090942171709440000;
const PER_23 = 1 / 25852016738884980000000;
/** Beyond this h+t the two distribution functions are subtracted directly: their difference loses nothing there. */
const DIRECT_ABOVE = 0.8;

/** Y(z) = Φ(z)/φ(z), any z below about 38. */
function yRatio(z: number): number {
  return z <= 0 ? millsRatio(-z) : SQRT_TWO_PI / gaussian(z) - millsRatio(z);
}

/** The same sum to about six digits: what the first of two steps needs. */
function shortOddSeries(h: number, t: number): number {
  const hh = h * h;
  const w = t * t;
  const o1 = millsSlope(-h);
  const e2 = hh * o1 + o1 - 1;
  const o3 = e2 + 2 * o1;
  const e4 = hh * o3 + 3 * e2;
  const o5 = e4 + 4 * o3;
  const o7 = hh * o5 + 5 * e4 + 6 * o5;
  return 2 * t * (o1 + w * (o3 * PER_3 + w * (o5 * PER_5 + w * o7 * PER_7)));
}

/** Odd part of Y around h: Y(h+t) - Y(h-t) = 2 Σ Y⁽ᵏ⁾(h) tᵏ/k! over odd k, by Y⁽ᵏ⁺¹⁾ = h Y⁽ᵏ⁾ + k Y⁽ᵏ⁻¹⁾. */
function oddSeries(h: number, t: number): number {
  const hh = h * h;
  const w = t * t;
  const o1 = millsSlope(-h);
  const e0 = o1 - 1;
  const e2 = hh * o1 + e0;
  const o3 = e2 + 2 * o1;
  const e4 = hh * o3 + 3 * e2;
  const o5 = e4 + 4 * o3;
  const e6 = hh * o5 + 5 * e4;
  const o7 = e6 + 6 * o5;
  if (t < FEW_TERMS_BELOW) return 2 * t * (o1 + w * (o3 * PER_3 + w * (o5 * PER_5 + w * o7 * PER_7)));
  const w2 = w * w;
  const w4 = w2 * w2;
  const e8 = hh * o7 + 7 * e6;
  const o9 = e8 + 8 * o7;
  const e10 = hh * o9 + 9 * e8;
  const o11 = e10 + 10 * o9;
  const low = o1 + w * (o3 * PER_3) + w2 * (o5 * PER_5 + w * (o7 * PER_7));
  const high = o9 * PER_9 + w * (o11 * PER_11);
  if (t < FEWER_TERMS_BELOW) return 2 * t * (low + w4 * high);
  const e12 = hh * o11 + 11 * e10;
  const o13 = e12 + 12 * o11;
  const e14 = hh * o13 + 13 * e12;
  const o15 = e14 + 14 * o13;
  const e16 = hh * o15 + 15 * e14;
  const o17 = e16 + 16 * o15;
  const last = o13 * PER_13 + w * (o15 * PER_15) + w2 * (o17 * PER_17);
  if (t < MOST_TERMS_BELOW) return 2 * t * (low + w4 * (high + w2 * last));
  const e18 = hh * o17 + 17 * e16;
  const o19 = e18 + 18 * o17;
  const e20 = hh * o19 + 19 * e18;
  const o21 = e20 + 20 * o19;
  const o23 = hh * o21 + 21 * e20 + 22 * o21;
  const least = o19 * PER_19 + w * (o21 * PER_21) + w2 * (o23 * PER_23);
  return 2 * t * (low + w4 * (high + w2 * (last + w2 * w * least)));
}

/** b / b' = Y(h+t) - Y(h-t), for h <= 0 < t. Positive; its absolute error is a few ulp of s = 2t or of the result. */
export function priceOverVega(h: number, t: number): number {
  if (t < SERIES_HALF_VOLATILITY && -2 * h * t < SERIES_LOG_MONEYNESS) return oddSeries(h, t);
  return yRatio(h + t) - millsRatio(t - h);
}

/** {@link priceOverVega} to about six digits. */
export function roughPriceOverVega(h: number, t: number): number {
  if (t < SERIES_HALF_VOLATILITY && -2 * h * t < SERIES_LOG_MONEYNESS) return shortOddSeries(h, t);
  const z = h + t;
  // One exponential without care for its last digits.
  return (z <= 0 ? millsRatio(-z) : SQRT_TWO_PI * Math.exp(0.5 * z * z) - millsRatio(z)) - millsRatio(t - h);
}

/** (bMax - b) / b' = Y(-h-t) + Y(h-t), for h <= 0 < t: a sum of positive terms. */
export function gapOverVega(h: number, t: number): number {
  return yRatio(-h - t) + millsRatio(t - h);
}

/** ∂b/∂s. */
export function normalisedVega(x: number, s: number): number {
  return s > 0 ? INV_SQRT_TWO_PI * gaussian(x / s) * gaussian(0.5 * s) : 0;
}

/**
 * b(x, s) for x <= 0, s >= 0: price of the out-of-the-money option over discount·√(forward·strike).
 * Relative precision holds into the far wings (it underflows to 0 only where the price is below 1e-308).
 */
export function normalisedBlack(x: number, s: number): number {
  if (!(s > 0)) return 0;
  const h = x / s;
  const t = 0.5 * s;
  if (h + t > DIRECT_ABOVE) return Math.exp(0.5 * x) * normalCdf(h + t) - Math.exp(-0.5 * x) * normalCdf(h - t);
  return INV_SQRT_TWO_PI * gaussian(h) * gaussian(t) * priceOverVega(h, t);
}
