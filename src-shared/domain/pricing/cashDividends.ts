/**
 * European options on a share that pays cash dividends, by the escrowed model (Merton 1973): the share is what is left after the
 * present value of the dividends before expiry, and only that part is lognormal. QuantLib's AnalyticDividendEuropeanEngine is
 * the same model. Where the dividends should really leave the share price, or the option may be exercised: americanGrid.ts.
 */
import { invariant } from '../units.ts';
import { type AmericanInput, type DiscreteDividend, escrowedSpot } from './american.ts';
import { DAYS_PER_YEAR, type EuropeanInput, type Greeks, greeksEuropean, priceEuropean } from './blackScholes.ts';

/** The option on what is left of the share; throws when the dividends are worth more than the share. */
function escrowed(input: AmericanInput): EuropeanInput {
  const { spot, rate, years, discreteDividends = [] } = input;
  const left = escrowedSpot(spot, rate, years, discreteDividends);
  invariant(left > 0, `dividends worth more than the share: ${JSON.stringify(input)}`);
  return { ...input, spot: left };
}

/** Price, dollars per share, with cash dividends and a continuous yield on top. Dividends after expiry do not count. */
export function priceWithCashDividends(input: AmericanInput): number {
  return priceEuropean(escrowed(input));
}

/**
 * Greeks with respect to the share itself, units as in `Greeks`. A day brings the dividends nearer, so their present value grows,
 * and a higher rate shrinks it: theta and rho say so.
 */
export function greeksWithCashDividends(input: AmericanInput): Greeks {
  const { rate, years, discreteDividends = [] } = input;
  const greeks = greeksEuropean(escrowed(input));
  let worth = 0;
  let duration = 0;
  for (const dividend of discreteDividends.filter((each) => falls(each, years))) {
    const present = dividend.amount * Math.exp(-rate * dividend.years);
    worth += present;
    duration += present * dividend.years;
  }
  return {
    ...greeks,
    thetaPerDay: greeks.thetaPerDay - (greeks.delta * rate * worth) / DAYS_PER_YEAR,
    rhoPerPoint: greeks.rhoPerPoint + 0.01 * greeks.delta * duration,
  };
}

function falls(dividend: DiscreteDividend, years: number): boolean {
  return dividend.years > 0 && dividend.years <= years;
}
