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
