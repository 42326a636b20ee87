/**
 * First guess of the total volatility s from a normalised price (see normalisedBlack.ts), after P. Jäckel, "Let's Be
 * Rational" (Wilmott, January 2015, sections 4 and 5): four segments, each a rational cubic (Delbourgo and Gregory 1985)
 * through exact values and slopes of the inverse, the outer two in transformed prices that are nearly linear there.
 */
import { inverseNormalCdf, normalCdf } from './normal.ts';
import { normalisedBlack, normalisedVega } from './normalisedBlack.ts';

const SQRT_THREE = Math.sqrt(3);
const SMALLEST_CONTROL = -(1 - Math.sqrt(Number.EPSILON));
const LARGEST_CONTROL = 2 / (Number.EPSILON * Number.EPSILON);

/** One segment of a function: abscissae, values and slopes at both ends. */
interface Segment {
  readonly xl: number;
  readonly xr: number;
  readonly yl: number;
  readonly yr: number;
  readonly dl: number;
  readonly dr: number;
}

function interpolate(segment: Segment, x: number, r: number): number {
  const { xl, xr, yl, yr, dl, dr } = segment;
  const width = xr - xl;
  if (!(Math.abs(width) > 0)) return 0.5 * (yl + yr);
  const t = (x - xl) / width;
  if (r >= LARGEST_CONTROL) return yr * t + yl * (1 - t);
  const q = 1 - t;
  return (
    (yr * t * t * t + (r * yr - width * dr) * t * t * q + (r * yl + width * dl) * t * q * q + yl * q * q * q) /
    (1 + (r - 3) * t * q)
  );
}

/** Smallest control parameter that keeps a monotone, convex or concave segment so. */
function minimumControl({ dl, dr }: Segment, slope: number, preferShape: boolean): number {
  const monotonic = dl * slope >= 0 && dr * slope >= 0;
  const convex = dl <= slope && slope <= dr;
  const concave = dl >= slope && slope >= dr;
  if (!monotonic && !convex && !concave) return SMALLEST_CONTROL;
  let r1 = -LARGEST_CONTROL;
  let r2 = -LARGEST_CONTROL;
  if (monotonic) {
    if (slope !== 0) r1 = (dr + dl) / slope;
    else if (preferShape) r1 = LARGEST_CONTROL;
  }
  if (convex || concave) {
    const inner = slope - dl;
    const outer = dr - slope;
    if (inner !== 0 && outer !== 0) r2 = Math.max(Math.abs((dr - dl) / outer), Math.abs((dr - dl) / inner));
    else if (preferShape) r2 = LARGEST_CONTROL;
  } else if (monotonic && preferShape) r2 = LARGEST_CONTROL;
  return Math.max(SMALLEST_CONTROL, r1, r2);
}

/** Control parameter that meets a given second derivative at the left or the right end. */
function control(segment: Segment, second: number, at: 'left' | 'right', preferShape: boolean): number {
  const { xl, xr, yl, yr, dl, dr } = segment;
  const slope = (yr - yl) / (xr - xl);
  const numerator = 0.5 * (xr - xl) * second + (dr - dl);
  const denominator = at === 'right' ? dr - slope : slope - dl;
  let r = 0;
  if (numerator !== 0) {
    r = denominator === 0 ? (numerator > 0 ? LARGEST_CONTROL : SMALLEST_CONTROL) : numerator / denominator;
  }
  return Math.max(r, minimumControl(segment, slope, preferShape));
}

/** Below the first node: interpolates f(β), which behaves like Φ(-|x|/(√3 s))³, from 0 to its value at (bl, sl). */
function lowestSegment(x: number, beta: number, bl: number, sl: number): number {
  const ax = -x;
  const scale = (2 * Math.PI * ax) / (3 * SQRT_THREE);
  const z = ax / (SQRT_THREE * sl);
  const y = z * z;
  const ss = sl * sl;
  const cdf = normalCdf(-z);
  const density = Math.exp(-0.5 * y) / Math.sqrt(2 * Math.PI);
  const f = scale * cdf ** 3;
  const slope = 2 * Math.PI * y * cdf * cdf * Math.exp(y + 0.125 * ss);
  const second =
    ((Math.PI / 6) *
      y *
      cdf *
      (8 * SQRT_THREE * sl * ax + ((3 * ss * (ss - 8) - 8 * x * x) * cdf) / density) *
      Math.exp(2 * y + 0.25 * ss)) /
    (ss * sl);
  const segment = { xl: 0, xr: bl, yl: 0, yr: f, dl: 1, dr: slope };
  let mapped = interpolate(segment, beta, control(segment, second, 'right', true));
  if (!(mapped > 0)) {
    const t = beta / bl;
    mapped = (f * t + bl * (1 - t)) * t;
  }
  return Math.abs(x / (SQRT_THREE * inverseNormalCdf(Math.cbrt(mapped) / Math.cbrt(scale))));
}

/** Above the last node: interpolates Φ(-s/2) from its value at (bh, sh) down to 0 at bMax. */
function highestSegment(x: number, beta: number, bMax: number, bh: number, sh: number): number {
  const f = normalCdf(-0.5 * sh);
  const q = x / sh;
  const slope = -0.5 * Math.exp(0.5 * q * q);
  const second = (Math.sqrt(Math.PI / 2) * Math.exp(q * q + 0.125 * sh * sh) * q * q) / sh;
  const segment = { xl: bh, xr: bMax, yl: f, yr: 0, dl: slope, dr: -0.5 };
  let mapped = 0;
  if (second < 1e153) mapped = interpolate(segment, beta, control(segment, second, 'left', true));
  if (!(mapped > 0)) {
    const width = bMax - bh;
    const t = (beta - bh) / width;
    mapped = (f * (1 - t) + 0.5 * width * t) * (1 - t);
  }
  return -2 * inverseNormalCdf(mapped);
}

/** A guess of s for 0 < beta < bMax = exp(x/2), x < 0; good to about three digits in every region. */
export function guessTotalVolatility(x: number, beta: number, bMax: number): number {
  const sc = Math.sqrt(-2 * x);
  const bc = normalisedBlack(x, sc);
  const vc = normalisedVega(x, sc);
  if (beta < bc) {
    const sl = sc - bc / vc;
    const bl = normalisedBlack(x, sl);
    if (beta < bl) return lowestSegment(x, beta, bl, sl);
    const segment = { xl: bl, xr: bc, yl: sl, yr: sc, dl: 1 / normalisedVega(x, sl), dr: 1 / vc };
    return interpolate(segment, beta, control(segment, 0, 'right', false));
  }
  const sh = vc > 0 ? sc + (bMax - bc) / vc : sc;
  const bh = normalisedBlack(x, sh);
  if (beta > bh) return highestSegment(x, beta, bMax, bh, sh);
  const segment = { xl: bc, xr: bh, yl: sc, yr: sh, dl: 1 / vc, dr: 1 / normalisedVega(x, sh) };
  return interpolate(segment, beta, control(segment, 0, 'left', false));
}
