import type { IsoDate } from '#domain/units';
import type { DailyBar } from '#ports/marketData';
import type { Happenings } from './happenings.ts';
import type { Series } from './listing.ts';
import type { UnderlyingSpec } from './universe.ts';

/** A listed series with what changes once a day: interest, usual volume and how wide it is quoted. */
export interface ListedSeries {
  readonly series: Series;
  /** At the start of the session; contracts. */
  readonly callInterest: Float64Array;
  readonly putInterest: Float64Array;
  /** Contracts expected to trade in the whole session. */
  readonly callVolume: Float64Array;
  readonly putVolume: Float64Array;
  /** Multiplies the spread: low interest and distance from the money widen it. */
  readonly width: Float64Array;
  /** Business time at its last close. */
  readonly businessExpiry: number;
  /** Dividends that fall before its expiration, from today on. */
  readonly dividends: readonly { readonly exDate: IsoDate; readonly amount: number }[];
  /** Variance of the earnings moves between now and its expiration. */
  readonly earningsVariance: number;
}

/** One underlying's state. The numbers that move live in the dynamics; this holds what the day fixed. */
export interface UnderlyingState {
  readonly spec: UnderlyingSpec;
  readonly index: number;
  readonly happenings: Happenings;
  /** Completed sessions, oldest first. */
  readonly bars: DailyBar[];
  readonly atmHistory: { readonly date: IsoDate; readonly volatility: number }[];
  listed: readonly ListedSeries[];
}
