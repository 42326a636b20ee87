import { addDays } from '#domain/market/calendar';
import type { ChainSnapshot, ExpirationSlice, Quote, SideColumns } from '#domain/market/chain';
import { atNewYork } from '#domain/market/newYorkClock';
import { allocateChainGreeks, type ChainGreeks, chainGreeks } from '#domain/pricing/chainKernel';
import { type Instant, type IsoDate, instant } from '#domain/units';
import { fillSsviVolatilities } from '#domain/volatility/ssvi';
import type { ChainWindow } from '#ports/marketData';
import { mix32, unit } from '../hashing.ts';
import { activityShare, type BusinessDay } from './businessTime.ts';
import type { Halts } from './halts.ts';
import { LazySlice, type Sides } from './lazySlice.ts';
import { type QuoteColumns, type QuoteSources, type QuotingMoment, quoteSide, quotingMoment } from './quoting.ts';
import type { MarketSimulation } from './simulation.ts';
import { slopeOf } from './surface.ts';
import type { ListedSeries, UnderlyingState } from './underlying.ts';

const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;
const LEAST_THETA = 1e-10;
const FLOAT_COLUMNS = 8;
/** Columns of many slices share one buffer: a buffer for each costs more than filling it. */
const SLAB_ROWS = 1 << 14;
/** Classes quoted in pennies at every price, and the illiquidity from which a class is outside the penny programme. */
const ALWAYS_PENNY: ReadonlySet<string> = new Set(['SPY', 'QQQ', 'IWM']);
const NO_PENNY_FROM = 3.2;
/** Half the width of an underlying's quote: cents at least, and a fraction of its price that grows with illiquidity. */
const STOCK_HALF_SPREAD = 0.000004;

/** What a range of a listed series shares between looks until the next listing. */
interface RangeViews {
  readonly strikes: Float64Array;
  readonly lnStrikes: Float64Array;
  readonly calls: readonly string[];
  readonly puts: readonly string[];
  readonly callInterest: Float64Array;
  readonly putInterest: Float64Array;
}

/** A slice's forward and discounting at one moment. */
export interface SliceTerms {
  readonly spot: number;
  readonly forward: number;
  readonly discount: number;
  readonly years: number;
  readonly theta: number;
}

/** True when a class trades in the penny programme. */
export function inPennyProgram(state: UnderlyingState): boolean {
  return state.spec.illiquidity < NO_PENNY_FROM;
}

/** Turns the market's state into quotes on demand: only what is looked at costs anything. */
export class ChainQuoting {
  private readonly market: MarketSimulation;
  private readonly halts: Halts;
  private readonly views = new WeakMap<ListedSeries, Map<number, RangeViews>>();
  private volatilities = new Float64Array(512);
  private room: ChainGreeks = allocateChainGreeks(512);
  private readonly moments: (QuotingMoment | null)[];
  private momentsOf = Number.NaN;
  private momentsDay: BusinessDay | null = null;
  private readonly single: QuoteColumns = singleColumns();
  private floats = new Float64Array(0);
  private defects = new Uint8Array(0);
  private rowsUsed = 0;

  constructor(market: MarketSimulation, halts: Halts) {
    this.market = market;
    this.halts = halts;
    this.moments = market.states.map(() => null);
  }

  /** Underlying's quote: a cent wide for the liquid, wider for the others and near the bells. */
  spotQuote(state: UnderlyingState): Quote {
    const { market } = this;
    const at = this.atOf(state);
    const price = this.priceOf(state);
    const half = Math.max(0.005, price * STOCK_HALF_SPREAD * state.spec.illiquidity ** 1.5);
    const hash = mix32(mix32(market.seed, state.index), Math.floor(at / 1000));
    const bid = Math.floor((price - half) * 100 + 0.5) / 100;
    const ask = Math.max(Math.ceil((price + half) * 100 - 0.5) / 100, bid + 0.01);
    return {
      bid,
      ask: Math.round(ask * 100) / 100,
      bidSize: 100 * (1 + Math.floor((unit(hash) * 12) / state.spec.illiquidity)),
      askSize: 100 * (1 + Math.floor((unit(mix32(hash, 1)) * 12) / state.spec.illiquidity)),
      at,
    };
  }

  /** An underlying's price as it is shown: the last one before a halt. */
  priceOf(state: UnderlyingState): number {
    return this.halts.of(state.index)?.price ?? this.market.dynamics.prices[state.index]!;
  }

  /** The time of what is shown: a halted market's stands still. */
  private atOf(state: UnderlyingState): Instant {
    return this.halts.of(state.index)?.at ?? this.market.at;
  }

  /** What the moment contributes to an underlying's quotes; computed once per tick and underlying. */
  moment(state: UnderlyingState): QuotingMoment {
    const { market } = this;
    if (this.momentsOf !== market.at || this.momentsDay !== market.day) {
      this.momentsOf = market.at;
      this.momentsDay = market.day;
      this.moments.fill(null);
    }
    const known = this.moments[state.index];
    if (known) return known;
    const made = this.makeMoment(state);
    this.moments[state.index] = made;
    return made;
  }

  private makeMoment(state: UnderlyingState): QuotingMoment {
    const { market } = this;
    const { session } = market.day;
    const { settings } = market;
    const at = this.atOf(state);
    return quotingMoment({
      at,
      sinceOpen: (at - session.open) / MINUTE_MS,
      toClose: (session.close - at) / MINUTE_MS,
      stress: market.dynamics.stress(),
      illiquidity: state.spec.illiquidity,
      spreadScale: settings.spreadScale,
      noise: settings.quoteNoise,
      volumeShare: activityShare((at - session.open) / (session.close - session.open)),
      missingGreeks: settings.missingGreeksFraction,
      penny: inPennyProgram(state),
      alwaysPenny: ALWAYS_PENNY.has(state.spec.symbol),
    });
  }

  terms(state: UnderlyingState, listed: ListedSeries): SliceTerms {
    const { market } = this;
    const rate = market.settings.riskFreeRate;
    const at = this.atOf(state);
    const spot = this.priceOf(state);
    const years = Math.max(listed.series.expiresAt - at, MINUTE_MS) / YEAR_MS;
    let dividends = 0;
    for (const dividend of listed.dividends) {
      dividends += dividend.amount * Math.exp(-rate * yearsUntil(at, dividend.exDate));
    }
    const discount = Math.exp(-rate * years);
    const shown = this.halts.of(state.index)?.variances.get(listed);
    const theta = Math.max(shown ?? market.impliedVariance(state.index, listed), LEAST_THETA);
    return { spot, forward: (spot - dividends) / discount, discount, years, theta };
  }

  /** Prices and greeks of strikes `lo` to `hi` (exclusive); the answer is valid until the next call. */
  price(
    state: UnderlyingState,
    listed: ListedSeries,
    lo: number,
    hi: number,
    terms: SliceTerms = this.terms(state, listed),
  ): { volatilities: Float64Array; greeks: ChainGreeks; terms: SliceTerms } {
    const count = hi - lo;
    if (count > this.room.size) {
      this.room = allocateChainGreeks(count * 2);
      this.volatilities = new Float64Array(count * 2);
    }
    const shape = { rho: state.spec.skewRho, eta: state.spec.skewEta };
    const { series } = listed;
    const slice = { theta: terms.theta, rho: shape.rho, phi: slopeOf(terms.theta, shape) };
    fillSsviVolatilities(slice, Math.log(terms.forward), terms.years, series.lnStrikes, lo, hi, this.volatilities);
    const range = this.rangeOf(listed, lo, hi);
    chainGreeks(terms, range.strikes, range.lnStrikes, this.volatilities, this.room, count);
    return { volatilities: this.volatilities, greeks: this.room, terms };
  }

  /** One contract's quote, the same as its slice would show, without making a slice: for matching and marks. */
  quote(state: UnderlyingState, listed: ListedSeries, index: number, right: 'call' | 'put'): Quote {
    const { volatilities, greeks, terms } = this.price(state, listed, index, index + 1);
    const range = this.rangeOf(listed, index, index + 1);
    const call = right === 'call';
    const out = this.single;
    quoteSide(
      this.moment(state),
      {
        fair: call ? greeks.callPrice : greeks.putPrice,
        delta: call ? greeks.callDelta : greeks.putDelta,
        volatilities,
        strikes: range.strikes,
        noise: listed.series.noise,
        width: listed.width,
        dayVolume: call ? listed.callVolume : listed.putVolume,
        interest: call ? range.callInterest : range.putInterest,
        offset: index,
        count: 1,
        sign: call ? 1 : -1,
        spot: terms.spot,
      },
      out,
    );
    return {
      bid: out.bid[0]!,
      ask: out.ask[0]!,
      bidSize: out.bidSize[0]!,
      askSize: out.askSize[0]!,
      at: instant(out.quoteAt[0]!),
    };
  }

  /**
   * Strikes `lo` to `hi` (exclusive) of one series, quoted on both sides when somebody looks at a side: most expirations of a
   * scan are never looked at. What the market was at this instant is taken down at once, so that a later look sees the same.
   */
  slice(state: UnderlyingState, listed: ListedSeries, lo: number, hi: number, moment: QuotingMoment): ExpirationSlice {
    const range = this.rangeOf(listed, lo, hi);
    const terms = this.terms(state, listed);
    return new LazySlice(
      {
        underlying: state.spec.symbol,
        expiration: listed.series.expiration,
        expiresAt: listed.series.expiresAt,
        pennyProgram: inPennyProgram(state),
        strikes: range.strikes,
      },
      () => this.quoteSides(state, listed, lo, hi, moment, terms),
    );
  }

  private quoteSides(
    state: UnderlyingState,
    listed: ListedSeries,
    lo: number,
    hi: number,
    moment: QuotingMoment,
    terms: SliceTerms,
  ): Sides {
    const { volatilities, greeks } = this.price(state, listed, lo, hi, terms);
    const count = hi - lo;
    const range = this.rangeOf(listed, lo, hi);
    const at = this.takeRows(2 * count);
    const { floats, defects } = this;
    const shared = {
      volatilities,
      strikes: range.strikes,
      noise: listed.series.noise,
      width: listed.width,
      offset: lo,
      count,
      spot: terms.spot,
    };
    const side = (
      first: number,
      from: Pick<QuoteSources, 'fair' | 'delta' | 'dayVolume' | 'interest' | 'sign'>,
      symbols: readonly string[],
    ): SideColumns => {
      const column = (index: number) =>
        new Float64Array(floats.buffer, 8 * (at * FLOAT_COLUMNS + (first * FLOAT_COLUMNS + index) * count), count);
      const out: QuoteColumns = {
        bid: column(0),
        ask: column(1),
        bidSize: column(2),
        askSize: column(3),
        quoteAt: column(4),
        volume: column(5),
        vendorIv: column(6),
        vendorDelta: column(7),
        defect: new Uint8Array(defects.buffer, at + first * count, count),
      };
      quoteSide(moment, { ...shared, ...from }, out);
      return { ...out, symbols, openInterest: from.interest };
    };
    return {
      calls: side(
        0,
        { fair: greeks.callPrice, delta: greeks.callDelta, dayVolume: listed.callVolume, interest: range.callInterest, sign: 1 },
        range.calls,
      ),
      puts: side(
        1,
        { fair: greeks.putPrice, delta: greeks.putDelta, dayVolume: listed.putVolume, interest: range.putInterest, sign: -1 },
        range.puts,
      ),
    };
  }

  /** Rows that nobody has written yet; a new buffer is begun when the old one is used up, and dies with its slices. */
  private takeRows(count: number): number {
    if (this.rowsUsed + count > this.defects.length) {
      const rows = Math.max(SLAB_ROWS, count);
      this.floats = new Float64Array(FLOAT_COLUMNS * rows);
      this.defects = new Uint8Array(rows);
      this.rowsUsed = 0;
    }
    const first = this.rowsUsed;
    this.rowsUsed += count;
    return first;
  }

  /** One coherent look at the part of a chain inside a window. */
  chain(state: UnderlyingState, window: ChainWindow, now: Instant, today: IsoDate, snapshotId: number): ChainSnapshot {
    const spot = this.spotQuote(state);
    // The window is around the quoted mid, as a client over the wire must draw it: both then see the same strikes.
    const middle = (spot.bid + spot.ask) / 2;
    const first = addDays(today, window.minDaysToExpiration);
    const last = addDays(today, window.maxDaysToExpiration);
    const moment = this.moment(state);
    const slices: ExpirationSlice[] = [];
    for (const listed of state.listed) {
      const { expiration, strikes, expiresAt } = listed.series;
      if (expiration < first || expiration > last || expiresAt <= this.market.at) continue;
      const lo = lowerBound(strikes, middle * (1 - window.strikesWithin));
      const hi = lowerBound(strikes, middle * (1 + window.strikesWithin) + 1e-9);
      if (hi > lo) slices.push(this.slice(state, listed, lo, hi, moment));
    }
    return { underlying: state.spec.symbol, at: now, snapshotId, spot, slices };
  }

  private rangeOf(listed: ListedSeries, lo: number, hi: number): RangeViews {
    let ranges = this.views.get(listed);
    if (!ranges) {
      ranges = new Map();
      this.views.set(listed, ranges);
    }
    const key = lo * 65_536 + hi;
    const known = ranges.get(key);
    if (known) return known;
    const { series } = listed;
    const made: RangeViews = {
      strikes: series.strikes.slice(lo, hi),
      lnStrikes: series.lnStrikes.slice(lo, hi),
      calls: series.calls.slice(lo, hi),
      puts: series.puts.slice(lo, hi),
      callInterest: listed.callInterest.slice(lo, hi),
      putInterest: listed.putInterest.slice(lo, hi),
    };
    ranges.set(key, made);
    return made;
  }
}

/** First index whose value is at least `wanted`. */
export function lowerBound(ascending: Float64Array, wanted: number): number {
  let lo = 0;
  let hi = ascending.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (ascending[middle]! < wanted) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

function yearsUntil(at: Instant, date: IsoDate): number {
  return Math.max(atNewYork(date, '09:30') - at, 0) / YEAR_MS;
}

function singleColumns(): QuoteColumns {
  const one = () => new Float64Array(1);
  return {
    bid: one(),
    ask: one(),
    bidSize: one(),
    askSize: one(),
    quoteAt: one(),
    volume: one(),
    vendorIv: one(),
    vendorDelta: one(),
    defect: new Uint8Array(1),
  };
}
