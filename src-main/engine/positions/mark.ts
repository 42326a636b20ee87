import { atNewYork, yearsToExpiration } from '#domain/market/calendar';
import { midOf, type Quote } from '#domain/market/chain';
import type { Position } from '#domain/portfolio/position';
import { greeksEuropean } from '#domain/pricing/blackScholes';
import { impliedVolatility } from '#domain/pricing/impliedVolatility';
import { type Cents, cents, type Instant, type Price } from '#domain/units';
import { isSane } from '../risk/combinationQuote.ts';

/** A position valued at one moment. Cash in cents for all of it; greeks carry the position's sign and the multiplier. */
export interface Mark {
  readonly at: Instant;
  /** Value of the legs at mid and at natural (what closing would bring), + received. */
  readonly midValue: Cents;
  readonly naturalValue: Cents;
  /** cashFlow + midValue: profit before fees. */
  readonly profit: Cents;
  readonly spot: Price;
  readonly deltaShares: number;
  readonly gamma: number;
  readonly thetaDollarsPerDay: number;
  readonly vegaDollarsPerPoint: number;
  /** Largest absolute delta of any short option leg, 0..1. */
  readonly shortDelta: number;
  /**
   * Bid/ask and mid of the whole per unit and share, the first for the guard against markets too wide to believe. Of shares
   * alone: of one share, by whatever unit they are counted.
   */
  readonly spread: Price;
  readonly unitMid: Price;
  readonly legDeltas: ReadonlyMap<string, number>;
}

/** Values a position from fresh quotes; null when any leg or the underlying has none that is sane. */
export function markOf(position: Position, quoteOf: (symbol: string) => Quote | null, now: Instant, rate: number): Mark | null {
  const spotQuote = quoteOf(position.underlying);
  if (!isSane(spotQuote)) return null;
  const spot = midOf(spotQuote);
  let midValue = 0;
  let naturalValue = 0;
  let delta = 0;
  let gamma = 0;
  let theta = 0;
  let vega = 0;
  let shortDelta = 0;
  const legDeltas = new Map<string, number>();
  for (const leg of position.legs) {
    const quote = quoteOf(leg.symbol);
    if (!isSane(quote)) return null;
    const size = leg.quantity * (leg.contract?.multiplier ?? 1);
    midValue += size * midOf(quote);
    naturalValue += size * (size > 0 ? quote.bid : quote.ask);
    if (!leg.contract) {
      delta += leg.quantity;
      continue;
    }
    const greeks = legGreeks(leg.contract, midOf(quote), spot, now, rate);
    legDeltas.set(leg.symbol, greeks.delta);
    delta += size * greeks.delta;
    gamma += size * greeks.gamma;
    theta += size * greeks.thetaPerDay;
    vega += size * greeks.vegaPerPoint;
    if (leg.quantity < 0) shortDelta = Math.max(shortDelta, Math.abs(greeks.delta));
  }
  const isShares = position.legs.every((leg) => leg.contract === null);
  const shares = position.legs.reduce((sum, leg) => sum + Math.abs(leg.quantity), 0);
  const perShare = isShares && shares > 0 ? shares : 100 * Math.max(1, position.units);
  const mid = cents(Math.round(midValue * 100));
  return {
    at: now,
    midValue: mid,
    naturalValue: cents(Math.round(naturalValue * 100)),
    profit: cents(position.cashFlow + mid),
    spot,
    deltaShares: delta,
    gamma,
    thetaDollarsPerDay: theta,
    vegaDollarsPerPoint: vega,
    shortDelta,
    spread: (2 * (midValue - naturalValue)) / perShare,
    unitMid: midValue / perShare,
    legDeltas,
  };
}

type LegContract = NonNullable<Position['legs'][number]['contract']>;

/** Greeks of one contract from its own mid; intrinsic greeks where no volatility can be had. */
export function legGreeks(
  contract: LegContract,
  mid: Price,
  spot: Price,
  now: Instant,
  rate: number,
): { delta: number; gamma: number; thetaPerDay: number; vegaPerPoint: number } {
  const years = yearsToExpiration(now, atNewYork(contract.expiration, '16:00'));
  const forward = spot * Math.exp(rate * years);
  const solved = impliedVolatility({
    right: contract.right,
    forward,
    strike: contract.strike,
    years,
    discount: Math.exp(-rate * years),
    price: mid,
  });
  if (solved.kind !== 'volatility') {
    const itm = contract.right === 'call' ? spot > contract.strike : spot < contract.strike;
    return { delta: itm ? (contract.right === 'call' ? 1 : -1) : 0, gamma: 0, thetaPerDay: 0, vegaPerPoint: 0 };
  }
  return greeksEuropean({
    right: contract.right,
    spot,
    strike: contract.strike,
    years,
    rate,
    dividendYield: 0,
    volatility: solved.volatility,
  });
}
