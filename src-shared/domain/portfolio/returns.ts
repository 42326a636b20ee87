import { type Cents, type IsoDate, invariant } from '../units.ts';

/** Periods per year by name, as empyrical counts them. */
export const PERIODS_PER_YEAR = { daily: 252, weekly: 52, monthly: 12, quarterly: 4, yearly: 1 } as const;
export type Period = keyof typeof PERIODS_PER_YEAR;

/** Simple returns p[i+1]/p[i] - 1 of a price or equity series (one shorter than the series). */
export function simpleReturns(prices: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: Math.max(0, prices.length - 1) }, (_, i) => prices[i + 1]! / prices[i]! - 1);
}

/** Compounded growth after each period as a fraction (0.05 = +5 %), or the value grown from `start` when it is not 0. NaN counts as no change. */
export function cumulativeReturns(returns: ArrayLike<number>, start = 0): Float64Array {
  let growth = 1;
  return Float64Array.from(returns, (value) => {
    growth *= 1 + (Number.isNaN(value) ? 0 : value);
    return start === 0 ? growth - 1 : growth * start;
  });
}

/** The last of {@link cumulativeReturns}; NaN for no returns. */
export function totalReturn(returns: ArrayLike<number>, start = 0): number {
  return cumulativeReturns(returns, start).at(-1) ?? Number.NaN;
}

/** Compound annual growth rate of time-weighted returns; NaN for none. Every entry counts as a period, NaN too. */
export function annualReturn(returns: ArrayLike<number>, period: Period = 'daily'): number {
  if (returns.length === 0) return Number.NaN;
  return totalReturn(returns, 1) ** (PERIODS_PER_YEAR[period] / returns.length) - 1;
}

/** Cash that came into (+) or left (-) the account on a day, and the account's value at the end of that day. Cents. */
export interface EquityDay {
  readonly equity: Cents;
  /** Deposits (+) and withdrawals (-), taken to arrive before the day's trading. */
  readonly flow: Cents;
}

/**
 * Time-weighted returns of an account, one per day after the first: (equity / (previous equity + flow)) - 1, so that deposits
 * and withdrawals do not count as performance (GIPS, daily valuation, flows at the start of the day). NaN when nothing was
 * invested that day.
 */
export function timeWeightedReturns(days: readonly EquityDay[]): Float64Array {
  return Float64Array.from({ length: Math.max(0, days.length - 1) }, (_, i) => {
    const invested = days[i]!.equity + days[i + 1]!.flow;
    return invested > 0 ? days[i + 1]!.equity / invested - 1 : Number.NaN;
  });
}

export interface CashFlow {
  /** Years since the first flow, >= 0. */
  readonly years: number;
  /** Cents put in (-) or taken out (+); the final equity counts as taken out. */
  readonly amount: number;
}

/**
 * Money-weighted return: the annual rate at which all flows are worth nothing together (internal rate of return, XIRR).
 * Found by bisection between -99.99 % and 1,000,000 %; null when the flows do not change sign, or have no root there.
 */
export function moneyWeightedReturn(flows: readonly CashFlow[]): number | null {
  if (!flows.some((flow) => flow.amount > 0) || !flows.some((flow) => flow.amount < 0)) return null;
  const worth = (logGrowth: number): number =>
    flows.reduce((sum, { amount, years }) => sum + amount * Math.exp(-logGrowth * years), 0);
  let low = Math.log(0.0001);
  let high = Math.log(10_001);
  if (worth(low) * worth(high) > 0) return null;
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.max(1, Math.abs(low)); i++) {
    const middle = (low + high) / 2;
    if (worth(low) * worth(middle) <= 0) high = middle;
    else low = middle;
  }
  return Math.expm1((low + high) / 2);
}

/** Compounds returns within groups that `groupOf` names from each date ('2026-01' for months, ...); groups in order of appearance. */
export function aggregateReturns(
  returns: ArrayLike<number>,
  dates: readonly IsoDate[],
  groupOf: (date: IsoDate) => string,
): Float64Array {
  invariant(returns.length === dates.length, `returns and dates must pair up: ${returns.length} and ${dates.length}`);
  const growth = new Map<string, number>();
  dates.forEach((date, i) => {
    const group = groupOf(date);
    growth.set(group, (growth.get(group) ?? 1) * (1 + (Number.isNaN(returns[i]!) ? 0 : returns[i]!)));
  });
  return Float64Array.from(growth.values(), (value) => value - 1);
}

/** '2026-03', '2026-Q1' and '2026' of a date: the usual groups for {@link aggregateReturns}. */
export const monthOf = (date: IsoDate): string => date.slice(0, 7);
export const quarterOf = (date: IsoDate): string => `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
export const yearOf = (date: IsoDate): string => date.slice(0, 4);
