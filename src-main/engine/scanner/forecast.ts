import { impliedSkewness } from '#domain/structures/skewedDistribution';
import type { ScannerSettings } from '#ports/settings/settings';

/** The name under which the forecast travels with every number made from it. */
export const FORECAST_MODEL = 'implied and realised, blended';

/**
 * Our own forecast of volatility until an expiration, annual fraction: `forecastShrink` parts of what was realised and the rest
 * of what is implied at the money after the risk premium in it is left out, blended as variances. Without a realised figure the
 * shrunken implied one stands alone. This is a real-world belief, not the risk-neutral law that the prices carry.
 */
export function forecastVolatilityOf(implied: number, realised: number | null, settings: ScannerSettings): number {
  const believed = implied * (1 - settings.impliedPremium);
  if (realised === null) return believed;
  const weight = settings.forecastShrink;
  return Math.sqrt(weight * realised * realised + (1 - weight) * believed * believed);
}

/** Deviations from the forward at which the smile's slope is taken: about the 25-delta put and call. */
const WING_DEVIATIONS = 0.7;
/** A strike counts for a wing when it lies within this many deviations of it. */
const WING_TOLERANCE = 0.3;

/** What the skew of an expiration is read from; `impliedVolatility` is index-aligned with `strikes`, NaN where there is none. */
export interface Smile {
  readonly strikes: Float64Array;
  readonly impliedVolatility: Float64Array;
  readonly forward: number;
  readonly years: number;
  readonly atTheMoney: number | null;
}

/**
 * The skewness of our forecast: `forecastSkewShare` of what the smile implies between both wings. Without it a forecast takes a
 * call spread to be safer and a put spread to be more dangerous than the market's own history bears out. 0 where a wing is not quoted.
 */
export function forecastSkewnessOf(smile: Smile, settings: ScannerSettings): number {
  const { atTheMoney, forward, years } = smile;
  if (atTheMoney === null || !(years > 0)) return 0;
  const deviation = atTheMoney * Math.sqrt(years);
  const low = volatilityNear(smile, forward * Math.exp(-WING_DEVIATIONS * deviation), deviation);
  const high = volatilityNear(smile, forward * Math.exp(WING_DEVIATIONS * deviation), deviation);
  if (low === null || high === null) return 0;
  return settings.forecastSkewShare * impliedSkewness(low, high, atTheMoney, WING_DEVIATIONS);
}

/** Volatility of the strike nearest to a price that has one; null when none is near enough. */
function volatilityNear({ strikes, impliedVolatility }: Smile, price: number, deviation: number): number | null {
  let best: number | null = null;
  let nearest = WING_TOLERANCE * deviation;
  for (let i = 0; i < strikes.length; i++) {
    const volatility = impliedVolatility[i]!;
    const distance = Math.abs(Math.log(strikes[i]! / price));
    if (!(volatility > 0) || distance >= nearest) continue;
    nearest = distance;
    best = volatility;
  }
  return best;
}
