import { civilDate } from '#domain/market/calendar';
import { type ChainSnapshot, type ExpirationSlice, QUOTE_DEFECTS, type Quote, quoteAt, sideOf } from '#domain/market/chain';
import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';
import { sectorOf } from '#domain/market/sectors';
import { type Instant, type IsoDate, instant } from '#domain/units';
import type { ChainWindow, DailyBar, UnderlyingHistory } from '#ports/marketData';
import type { ContractQuery, IntradayBar, MarketDesk, OptionLook, TradingHaltReason, UnderlyingProfile } from '../exchangeApi.ts';
import type { FaultDesk } from '../faults.ts';
import { mix32, unit } from '../hashing.ts';
import { ChainQuoting, inPennyProgram, lowerBound } from './chainQuoting.ts';
import type { Halts } from './halts.ts';
import type { MarketSimulation } from './simulation.ts';
import type { ListedSeries, UnderlyingState } from './underlying.ts';

const DEFECT_CROSSED = QUOTE_DEFECTS.indexOf('crossed');
const DEFECT_MISSING = QUOTE_DEFECTS.indexOf('missing');
const TRADE_BUCKET_MS = 60_000;

interface Place {
  readonly state: UnderlyingState;
  readonly listed: ListedSeries;
  readonly index: number;
  readonly right: 'call' | 'put';
}

/** The market as it is shown: the simulation's state, quoted on demand, with the quote faults laid over it. */
export class MarketView implements MarketDesk {
  readonly underlyings: readonly UnderlyingProfile[];
  readonly riskFreeRate: number;
  private readonly market: MarketSimulation;
  private readonly quoting: ChainQuoting;
  private readonly faults: FaultDesk;
  private readonly halts: Halts;
  private readonly now: () => Instant;
  private readonly places = new Map<string, Place | null>();
  private placesOf: IsoDate | null = null;
  private snapshots = 0;

  constructor(market: MarketSimulation, faults: FaultDesk, halts: Halts, now: () => Instant) {
    this.market = market;
    this.faults = faults;
    this.halts = halts;
    this.now = now;
    this.quoting = new ChainQuoting(market, halts);
    this.riskFreeRate = market.settings.riskFreeRate;
    this.underlyings = market.states.map(({ spec }) => ({
      symbol: spec.symbol,
      name: `${spec.name} (simulated)`,
      sector: sectorOf(spec.symbol),
      kind: spec.kind,
      exchange: spec.exchange,
    }));
  }

  quoteOf(symbol: string): Quote | null {
    const state = this.stateOf(symbol);
    if (state) return this.quoting.spotQuote(state);
    const place = this.place(symbol);
    if (!place) return null;
    const slice = this.oneStrike(place);
    return quoteAt(sideOf(slice, place.right), 0);
  }

  /** Mid of the unfaulted market, for marks and settlement: an underlying's price, or an option's mid. */
  markOf(symbol: string): number | null {
    const state = this.stateOf(symbol);
    if (state) return this.quoting.priceOf(state);
    const place = this.place(symbol);
    if (!place) return null;
    const { bid, ask } = this.quoting.quote(place.state, place.listed, place.index, place.right);
    return (bid + ask) / 2;
  }

  /** The quote orders are matched against: never faulted, since a vendor's fault is not the exchange's. */
  trueQuoteOf(symbol: string): Quote | null {
    const state = this.stateOf(symbol);
    if (state) return this.quoting.spotQuote(state);
    const place = this.place(symbol);
    return place ? this.quoting.quote(place.state, place.listed, place.index, place.right) : null;
  }

  contractOf(symbol: string): OptionContract | null {
    const place = this.place(symbol);
    if (!place) return null;
    return this.contractAtPlace(place);
  }

  contracts(query: ContractQuery): readonly OptionContract[] {
    const found: OptionContract[] = [];
    for (const symbol of query.underlyings) {
      const state = this.stateOf(symbol);
      for (const listed of state?.listed ?? []) {
        const { expiration, strikes } = listed.series;
        if (expiration < (query.expirationFrom ?? '') || expiration > (query.expirationTo ?? '9999')) continue;
        for (let index = 0; index < strikes.length; index += 1) {
          const strike = strikes[index]!;
          if (strike < (query.strikeFrom ?? 0) || strike > (query.strikeTo ?? Number.POSITIVE_INFINITY)) continue;
          for (const right of ['call', 'put'] as const) {
            if (query.right && query.right !== right) continue;
            if (state) found.push(this.contractAtPlace({ state, listed, index, right }));
          }
        }
      }
    }
    return found;
  }

  look(symbol: string): OptionLook | null {
    const place = this.place(symbol);
    if (!place) return null;
    const side = sideOf(this.oneStrike(place), place.right);
    const quote = quoteAt(side, 0);
    const volatility = side.vendorIv[0] ?? Number.NaN;
    return {
      contract: this.contractAtPlace(place),
      quote,
      lastTrade: this.lastTrade(place, quote, side.volume[0] ?? 0),
      volume: side.volume[0] ?? 0,
      openInterest: side.openInterest[0] ?? 0,
      impliedVolatility: Number.isNaN(volatility) ? null : volatility,
      greeks: Number.isNaN(volatility) ? null : this.greeksOf(place, side.vendorDelta[0] ?? 0),
    };
  }

  openInterestOf(symbol: string): number {
    const place = this.place(symbol);
    if (!place) return 0;
    const { listed, right, index } = place;
    return (right === 'call' ? listed.callInterest : listed.putInterest)[index] ?? 0;
  }

  chainSnapshot(underlying: string, window: ChainWindow): ChainSnapshot | null {
    const state = this.stateOf(underlying);
    if (!state) return null;
    this.snapshots += 1;
    const now = this.now();
    const chain = this.quoting.chain(state, window, now, civilDate(now), this.snapshots);
    for (const slice of chain.slices) this.disturb(slice);
    return chain;
  }

  historyOf(underlying: string, days: number): UnderlyingHistory | null {
    const state = this.stateOf(underlying);
    if (!state) return null;
    const { dividends, earnings } = state.happenings;
    return {
      underlying,
      bars: state.bars.slice(-days),
      dividends,
      earnings: earnings.map(({ date, timing }) => ({ underlying, date, timing })),
    };
  }

  todaysBar(underlying: string): DailyBar | null {
    const state = this.stateOf(underlying);
    return state ? this.market.recorder.dailyBar(state.index) : null;
  }

  minuteBars(underlying: string, from: Instant, to: Instant): readonly IntradayBar[] {
    const state = this.stateOf(underlying);
    return state ? this.market.recorder.minuteBars(state.index, from, to) : [];
  }

  impliedVolatilityHistory(underlying: string, days: number): readonly { readonly date: IsoDate; readonly volatility: number }[] {
    return this.stateOf(underlying)?.atmHistory.slice(-days) ?? [];
  }

  haltOf(underlying: string): TradingHaltReason | null {
    const state = this.halts.isHalted(underlying) ? this.stateOf(underlying) : null;
    if (!state) return null;
    return state.spec.exchange === 'NASDAQ'
      ? { code: 'LUDP', reason: 'Volatility Trading Pause' }
      : { code: 'M', reason: 'Limit Up-Limit Down (LULD) Trading Pause' };
  }

  halted(): readonly string[] {
    return this.halts.underlyings();
  }

  private stateOf(symbol: string): UnderlyingState | null {
    const index = this.market.indexOf.get(symbol);
    return index === undefined ? null : (this.market.states[index] ?? null);
  }

  /** Where a listed, unexpired contract stands; remembered for the day, since listings change only overnight. */
  private place(symbol: string): Place | null {
    const listingDay = this.market.day.session.date;
    if (this.placesOf !== listingDay) {
      this.places.clear();
      this.placesOf = listingDay;
    }
    const known = this.places.get(symbol);
    if (known !== undefined) return known;
    const found = this.findPlace(symbol);
    this.places.set(symbol, found);
    return found;
  }

  private findPlace(symbol: string): Place | null {
    const parts = parseOccSymbol(symbol);
    const state = parts ? this.stateOf(parts.root) : null;
    const listed = state?.listed.find(({ series }) => series.expiration === parts?.expiration);
    if (!parts || !state || !listed) return null;
    const index = lowerBound(listed.series.strikes, parts.strike - 1e-9);
    const strike = listed.series.strikes[index];
    if (strike === undefined || Math.abs(strike - parts.strike) > 1e-6) return null;
    return { state, listed, index, right: parts.right };
  }

  private cleanStrike({ state, listed, index }: Place): ExpirationSlice {
    return this.quoting.slice(state, listed, index, index + 1, this.quoting.moment(state));
  }

  private oneStrike(place: Place): ExpirationSlice {
    const slice = this.cleanStrike(place);
    this.disturb(slice);
    return slice;
  }

  private contractAtPlace({ state, listed, index, right }: Place): OptionContract {
    const { series } = listed;
    return {
      symbol: (right === 'call' ? series.calls : series.puts)[index] ?? '',
      underlying: state.spec.symbol,
      root: state.spec.symbol,
      right,
      strike: series.strikes[index] ?? 0,
      expiration: series.expiration,
      style: 'american',
      settlement: 'physical',
      multiplier: 100,
      pennyProgram: inPennyProgram(state),
    };
  }

  private greeksOf(place: Place, delta: number): OptionLook['greeks'] {
    const { state, listed, index, right } = place;
    const { greeks } = this.quoting.price(state, listed, index, index + 1);
    const call = right === 'call';
    const four = (value: number) => Math.round(value * 1e4) / 1e4;
    return {
      delta,
      gamma: four(greeks.gamma[0] ?? 0),
      theta: four((call ? greeks.callThetaPerDay : greeks.putThetaPerDay)[0] ?? 0),
      vega: four(greeks.vegaPerPoint[0] ?? 0),
      rho: four((call ? greeks.callRhoPerPoint : greeks.putRhoPerPoint)[0] ?? 0),
    };
  }

  private lastTrade(place: Place, quote: Quote, volume: number): OptionLook['lastTrade'] {
    if (volume < 1) return null;
    const bucket = Math.floor(this.market.at / TRADE_BUCKET_MS);
    const hash = mix32(place.listed.series.noise[place.index] ?? 0, bucket * 2 + (place.right === 'call' ? 1 : 0));
    const price = Math.round((quote.bid + (quote.ask - quote.bid) * unit(hash)) * 100) / 100;
    return {
      price: Math.max(price, 0.01),
      size: 1 + Math.floor(unit(mix32(hash, 2)) ** 3 * 20),
      at: instant(Math.max(bucket * TRADE_BUCKET_MS, this.market.day.session.open)),
    };
  }

  /** Lays quote faults over a slice, in place. Nothing is paid for them while the script has none. */
  private disturb(slice: ExpirationSlice): void {
    const { faults } = this;
    const at = this.market.at;
    const crosses = faults.mayStrike('crossedQuotes', slice.underlying, at);
    const misses = faults.mayStrike('missingQuotes', slice.underlying, at);
    const bare = faults.mayStrike('missingGreeks', slice.underlying, at);
    if (!crosses && !misses && !bare && !faults.mayStrike('staleQuotes', slice.underlying, at)) return;
    if (bare) faults.lasting('missingGreeks', slice.underlying, at);
    const stale = faults.matching('staleQuotes', slice.underlying, 'always', at);
    const bucket = Math.floor(at / TRADE_BUCKET_MS);
    for (const side of [slice.calls, slice.puts]) {
      for (const [i, symbol] of side.symbols.entries()) {
        if (stale) side.quoteAt[i] = (side.quoteAt[i] ?? at) - stale.delayMs;
        if (crosses && faults.matching('crossedQuotes', symbol, bucket, at)) {
          const { [i]: bid = 0 } = side.bid;
          side.bid[i] = (side.ask[i] ?? 0) + 0.05;
          side.ask[i] = Math.max(bid, 0.01);
          side.defect[i] = DEFECT_CROSSED;
        }
        if (misses && faults.matching('missingQuotes', symbol, bucket, at)) {
          side.bid[i] = 0;
          side.ask[i] = 0;
          side.defect[i] = DEFECT_MISSING;
        }
        if (bare && faults.matching('missingGreeks', symbol, bucket, at)) {
          side.vendorIv[i] = Number.NaN;
          side.vendorDelta[i] = Number.NaN;
        }
      }
    }
  }
}
