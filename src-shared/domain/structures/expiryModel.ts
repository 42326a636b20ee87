import type { OptionContract } from '../market/instrument.ts';
import { normalisedBlack } from '../pricing/normalisedBlack.ts';
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
  const years = calendarDaysBetween(on, expiration) / 365;
  const discount = Math.exp(-model.rate * years);
  const forward = spot * Math.exp((model.rate - model.dividendYield) * years);
  const timeValue =
    forward > 0
      ? Math.sqrt(forward * strike) *
        normalisedBlack(-Math.abs(Math.log(forward / strike)), model.volatilityOf(contract) * Math.sqrt(years))
      : 0;
  const european = discount * (intrinsicValue(right, strike, forward) + timeValue);
  return style === 'american' ? Math.max(european, intrinsicValue(right, strike, spot)) : european;
}
