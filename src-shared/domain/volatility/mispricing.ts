import { black76 } from '../pricing/blackScholes.ts';
import type { Price } from '../units.ts';
import type { Smile } from './smile.ts';
import { sviVolatility } from './svi.ts';
import type { SviFit } from './sviCalibration.ts';

export interface Mispricing {
  readonly strike: Price;
  readonly right: 'call' | 'put';
  /** 'cheap': the ask lies below the fair band, so it can be bought for less; 'dear': the bid lies above it. */
  readonly verdict: 'cheap' | 'dear';
  /** Fitted volatility, and half the width of its error band (fractions). */
  readonly fairVolatility: number;
  readonly errorBand: number;
  readonly bidVolatility: number;
  readonly askVolatility: number;
  /** By how many volatility points (fractions) the quote lies outside the band. */
  readonly excess: number;
  /** The same in dollars per share. */
  readonly edge: Price;
}

/** Band width in robust standard deviations of the fit's own residuals. Default 3, range 1 to 10. */
export const DEFAULT_BAND = 3;

/** From the median absolute residual to a standard deviation of a normal law. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * Quotes that the fitted smile cannot explain: a bid above, or an ask below, fair volatility by more than the error band. The
 * band is `band` robust standard deviations of the residuals within the quote's neighbourhood (a fifth of all strikes, at
 * least nine), so that a region in which the model itself fits badly calls nothing mispriced. Largest edge first.
 */
export function mispricings(smile: Smile, fit: SviFit, band: number = DEFAULT_BAND): Mispricing[] {
  const { strikes, logMoneyness, bidVolatility, askVolatility, isCall, years, forward, discount } = smile;
  const reach = Math.max(4, Math.ceil(strikes.length / 10));
  const found: Mispricing[] = [];
  for (let i = 0; i < strikes.length; i++) {
    const fair = sviVolatility(fit.raw, logMoneyness[i]!, years);
    const around = Array.from(fit.residuals.subarray(Math.max(0, i - reach), i + reach + 1), Math.abs).sort((a, b) => a - b);
    const errorBand = band * MAD_TO_DEVIATION * around[around.length >> 1]!;
    const dear = bidVolatility[i]! - fair - errorBand;
    const cheap = fair - errorBand - askVolatility[i]!;
    const excess = Math.max(dear, cheap);
    if (!(excess > 0)) continue;
    const right = isCall[i] === 1 ? 'call' : 'put';
    const price = (volatility: number): Price => black76({ right, forward, strike: strikes[i]!, years, discount, volatility });
    const edge =
      dear > cheap ? price(bidVolatility[i]!) - price(fair + errorBand) : price(fair - errorBand) - price(askVolatility[i]!);
    found.push({
      strike: strikes[i]!,
      right,
      verdict: dear > cheap ? 'dear' : 'cheap',
      fairVolatility: fair,
      errorBand,
      bidVolatility: bidVolatility[i]!,
      askVolatility: askVolatility[i]!,
      excess,
      edge,
    });
  }
  return found.sort((a, b) => b.edge - a.edge);
}
