import { QUOTE_DEFECTS } from '#domain/market/chain';
import { mix32 } from '../hashing.ts';

const DEFECT_NONE = QUOTE_DEFECTS.indexOf('none');
const DEFECT_ZERO_BID = QUOTE_DEFECTS.indexOf('zeroBid');

/** A quote of price p of the most liquid class is about FLOOR + SLOPE x p wide, dollars. */
const WIDTH_FLOOR = 0.01;
const WIDTH_SLOPE = 0.0055;
/** How fast spreads narrow after the open and widen into the close, in minutes, and by how much. */
const OPENING_MINUTES = 4;
const OPENING_EXTRA = 2.5;
const CLOSING_MINUTES = 4;
const CLOSING_EXTRA = 1.2;
const QUOTE_LIFE_MS = 5_000;
const OLDEST_QUOTE_MS = 6_000;
/** Below this interest a vendor may have no greeks; contracts. */
const VENDOR_INTEREST = 60;

/** What the moment contributes to every quote of an underlying. */
export interface QuotingMoment {
  readonly at: number;
  readonly bucket: number;
  /** Multiplies every width: class liquidity, time of day, market stress, the setting. */
  readonly widthFactor: number;
  /** How far a mid wanders, in half-spreads. */
  readonly noise: number;
  readonly oldestMs: number;
  readonly sizeScale: number;
  /** Share of the session's volume already traded. */
  readonly volumeShare: number;
  readonly missingGreeks: number;
  /** Reciprocal price increments below and from three dollars. */
  readonly inverseTickLow: number;
  readonly inverseTickHigh: number;
}

/** Composes the moment. `sinceOpen` and `toClose` in minutes; `stress` = market variance over its mean. */
export function quotingMoment(input: {
  readonly at: number;
  readonly sinceOpen: number;
  readonly toClose: number;
  readonly stress: number;
  readonly illiquidity: number;
  readonly spreadScale: number;
  readonly noise: number;
  readonly volumeShare: number;
  readonly missingGreeks: number;
  readonly penny: boolean;
  readonly alwaysPenny: boolean;
}): QuotingMoment {
  const timeOfDay =
    1 + OPENING_EXTRA * Math.exp(-input.sinceOpen / OPENING_MINUTES) + CLOSING_EXTRA * Math.exp(-input.toClose / CLOSING_MINUTES);
  const storm = Math.min(Math.max(Math.sqrt(input.stress), 0.8), 3);
  return {
    at: input.at,
    bucket: Math.floor(input.at / QUOTE_LIFE_MS),
    widthFactor: input.illiquidity ** 1.5 * timeOfDay * storm * input.spreadScale,
    noise: input.noise,
    oldestMs: Math.min(OLDEST_QUOTE_MS, 200 * input.illiquidity ** 2),
    sizeScale: 160 / input.illiquidity ** 1.5,
    volumeShare: input.volumeShare,
    missingGreeks: input.missingGreeks,
    inverseTickLow: input.penny ? 100 : 20,
    inverseTickHigh: input.alwaysPenny ? 100 : input.penny ? 20 : 10,
  };
}

/** Columns of one side to fill, from index 0. */
export interface QuoteColumns {
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
  readonly quoteAt: Float64Array;
  readonly volume: Float64Array;
  readonly defect: Uint8Array;
  readonly vendorIv: Float64Array;
  readonly vendorDelta: Float64Array;
}

/** What a side's quotes are made of, index-aligned from 0 except `noise`, `width` and `dayVolume`, which start at `offset`. */
export interface QuoteSources {
  readonly fair: Float64Array;
  readonly delta: Float64Array;
  readonly volatilities: Float64Array;
  readonly strikes: Float64Array;
  readonly noise: Int32Array;
  readonly width: Float64Array;
  readonly dayVolume: Float64Array;
  readonly interest: Float64Array;
  readonly offset: number;
  readonly count: number;
  /** +1 for calls, -1 for puts. */
  readonly sign: 1 | -1;
  readonly spot: number;
}

/**
 * Quotes one side of a range of strikes. American contracts are worth at least their intrinsic value. The noise of a contract
 * depends on its hash and on the five-second bucket alone, so a look never disturbs another.
 */
export function quoteSide(moment: QuotingMoment, from: QuoteSources, out: QuoteColumns): void {
  const { at, bucket, widthFactor, noise, oldestMs, sizeScale, volumeShare, inverseTickLow, inverseTickHigh } = moment;
  const { fair, delta, volatilities, strikes, offset, count, sign, spot } = from;
  const salt = Math.imul(bucket, 2) + (sign > 0 ? 1 : 0);
  const missing = Math.floor(moment.missingGreeks * 255);
  for (let i = 0; i < count; i += 1) {
    const root = from.noise[offset + i]!;
    const hash = mix32(root, salt);
    const intrinsic = sign * (spot - strikes[i]!);
    const model = fair[i]!;
    const exercised = model < intrinsic;
    const value = exercised ? intrinsic : model;
    const half = 0.5 * (WIDTH_FLOOR + WIDTH_SLOPE * value) * from.width[offset + i]! * widthFactor;
    const mid = value + ((hash & 255) / 127.5 - 1) * noise * half;
    const low = mid - half;
    const high = mid + half;
    const lowTick = low < 3 ? inverseTickLow : inverseTickHigh;
    const highTick = high < 3 ? inverseTickLow : inverseTickHigh;
    const bid = low > 0 ? Math.floor(low * lowTick + 1e-7) / lowTick : 0;
    let ask = Math.ceil(high * highTick - 1e-7) / highTick;
    if (ask <= bid) ask = bid + 1 / highTick;
    out.bid[i] = bid;
    out.ask[i] = ask;
    out.bidSize[i] = bid > 0 ? 1 + ((((hash >>> 8) & 255) * sizeScale) >>> 8) : 0;
    out.askSize[i] = 1 + ((((hash >>> 16) & 255) * sizeScale) >>> 8);
    out.quoteAt[i] = at - ((((hash >>> 24) & 255) * oldestMs) >>> 8);
    out.volume[i] = Math.floor(from.dayVolume[offset + i]! * volumeShare);
    out.defect[i] = bid > 0 ? DEFECT_NONE : DEFECT_ZERO_BID;
    if (bid === 0 || (from.interest[i]! < VENDOR_INTEREST && ((root >>> 12) & 255) < missing)) {
      out.vendorIv[i] = Number.NaN;
      out.vendorDelta[i] = Number.NaN;
    } else {
      out.vendorIv[i] = Math.round(volatilities[i]! * 1e4) / 1e4;
      out.vendorDelta[i] = exercised ? sign : Math.round(delta[i]! * 1e4) / 1e4;
    }
  }
}
