import type { OptionContract } from '../market/instrument.ts';
import { DAYS_PER_YEAR, priceEuropean } from '../pricing/blackScholes.ts';
import type { IsoDate, Price } from '../units.ts';
import { calendarDaysBetween } from './anatomy.ts';
import { intrinsicValue } from './intrinsic.ts';

/** What options that outlive the first expiration are taken to be worth then. */
export interface ExpiryModel {
  /** Continuous interest rate per year. */
  readonly rate: number;
  /** Continuous dividend yield per year. */
  readonly dividendYield: number;
  /** Annual volatility (fraction) of the contract when the first expiration comes. */
  readonly volatilityOf: (contract: OptionContract) => number;
}

/** Used where the caller knows no better: 4 % interest, no dividends, 25 % volatility. Pass the surface's own for decisions. */
export const DEFAULT_EXPIRY_MODEL: ExpiryModel = { rate: 0.04, dividendYield: 0, volatilityOf: () => 0.25 };

/**
 * Value per share of an option on the day an earlier leg expires: Black (1976) on the forward, and at least the intrinsic value
 * when it may be exercised early. 365 days a year.
 */
export function valueOfSurvivor(contract: OptionContract, on: IsoDate, spot: Price, model: ExpiryModel): Price {
  const { right, strike, expiration, style } = contract;
  const years = calendarDaysBetween(on, expiration) / DAYS_PER_YEAR;
  const { rate, dividendYield } = model;
  const european =
    spot > 0
      ? priceEuropean({ right, spot, strike, years, rate, dividendYield, volatility: model.volatilityOf(contract) })
      : Math.exp(-rate * years) * intrinsicValue(right, strike, 0);
  return style === 'american' ? Math.max(european, intrinsicValue(right, strike, spot)) : european;
}
