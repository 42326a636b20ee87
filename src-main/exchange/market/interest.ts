import { daysBetween } from '#domain/market/calendar';
import type { IsoDate } from '#domain/units';
import { mix32, unit } from '../hashing.ts';
import type { Series, SeriesKind } from './listing.ts';
import type { UnderlyingSpec } from './universe.ts';

/** Typical open interest of the busiest strike of the most liquid class, by kind of series; contracts. */
const PEAK_INTEREST: Readonly<Record<SeriesKind, number>> = {
  daily: 7_000,
  weekly: 9_000,
  monthly: 42_000,
  quarterly: 18_000,
  leaps: 12_000,
};
/** Share of open interest that trades in a day, for a far and for an expiring series. */
const QUIET_TURNOVER = 0.06;
const EXPIRING_TURNOVER = 0.9;
/** Interest below which spreads begin to widen for lack of it, contracts. */
const THIN_INTEREST = 200;

/** A day's interest, usual volume and spread width of every contract of a series, by strike. */
export interface DayInterest {
  readonly callInterest: Float64Array;
  readonly putInterest: Float64Array;
  readonly callVolume: Float64Array;
  readonly putVolume: Float64Array;
  readonly width: Float64Array;
}

/**
 * Interest peaks a little out of the money, prefers round strikes, decays with distance in standard deviations and with the
 * class's illiquidity; a pure function of seed, day and spot at its start.
 */
export function dayInterest(
  spec: UnderlyingSpec,
  series: Series,
  spot: number,
  deviation: number,
  today: IsoDate,
  dayIndex: number,
): DayInterest {
  const n = series.strikes.length;
  const columns = {
    callInterest: new Float64Array(n),
    putInterest: new Float64Array(n),
    callVolume: new Float64Array(n),
    putVolume: new Float64Array(n),
    width: new Float64Array(n),
  };
  const peak = PEAK_INTEREST[series.kind] / spec.illiquidity ** 1.6;
  const days = Math.max(daysBetween(today, series.expiration), 0);
  const turnover = QUIET_TURNOVER + (EXPIRING_TURNOVER - QUIET_TURNOVER) * Math.exp(-days / 6);
  for (let i = 0; i < n; i += 1) {
    const strike = series.strikes[i]!;
    const z = Math.log(strike / spot) / deviation;
    const round = strike % (spec.strikeStep * 10) === 0 ? 2.2 : strike % (spec.strikeStep * 4) === 0 ? 1.4 : 0.8;
    const noise = series.noise[i]!;
    const today32 = mix32(noise, dayIndex);
    const call = peak * round * appetite(z - 0.5) * lognormal(mix32(noise, 21)) * (0.95 + 0.1 * unit(today32));
    const put = peak * round * appetite(-z - 0.7) * lognormal(mix32(noise, 22)) * (0.95 + 0.1 * unit(mix32(today32, 3)));
    columns.callInterest[i] = Math.floor(call);
    columns.putInterest[i] = Math.floor(put);
    columns.callVolume[i] = call * turnover * lognormal(mix32(today32, 4));
    columns.putVolume[i] = put * turnover * lognormal(mix32(today32, 5));
    columns.width[i] =
      (1 + 0.08 * z * z * (Math.abs(z) < 4 ? 1 : 4 / Math.abs(z))) * (1 + 0.7 / (1 + Math.max(call, put) / THIN_INTEREST));
  }
  return columns;
}

/** How much interest a strike attracts at `z` standard deviations beyond its favourite spot; falls slower out of the money. */
function appetite(z: number): number {
  return z < 0 ? Math.exp(-z * z * 0.9) : Math.exp(-z * z * 0.35);
}

/** A log-normal-looking factor around 1, between 0.45 and 2.2. */
function lognormal(hash: number): number {
  return Math.exp((unit(hash) - 0.5) * 1.6);
}
