import { daysBetween, previousTradingDay } from '#domain/market/calendar';
import { partsOf } from '#domain/market/civil';
import { type Instant, type IsoDate, instant, invariant } from '#domain/units';
import { createRandom } from '../random.ts';
import type { MarketSettings } from '../settings.ts';
import { BarRecorder, dailyVolume, toCent } from './barRecorder.ts';
import { type BusinessDay, BusinessTime, tradingDaysBack } from './businessTime.ts';
import { Dynamics } from './dynamics.ts';
import { happeningsOf } from './happenings.ts';
import { dayInterest } from './interest.ts';
import { expirationsListed, listSeries, type Series } from './listing.ts';
import type { ListedSeries, UnderlyingState } from './underlying.ts';
import { UNIVERSE, type UnderlyingSpec } from './universe.ts';

const HISTORY_BLOCKS = 26;
const HISTORY_TICKS_PER_BLOCK = 4;
const MINUTE_MS = 60_000;
const KEPT_DAYS = 6;
const LISTING_YEARS = 3;
/** Tenor of the volatility kept as history: 30 days on the business clock. */
const HISTORY_TENOR = 30 / 365;
/** Never price on less than this much variance time (a few seconds of a session), in business years. */
const LEAST_TAU = 1e-7;

/**
 * The simulated market's clockwork: prices walk tick by tick through sessions, jump overnight, and a year of history is made
 * by the same dynamics before the start. Everything follows from the seed; nothing here depends on who looks.
 */
export class MarketSimulation {
  readonly settings: MarketSettings;
  readonly seed: number;
  readonly dynamics: Dynamics;
  readonly business: BusinessTime;
  readonly states: readonly UnderlyingState[];
  readonly recorder: BarRecorder;
  readonly indexOf: ReadonlyMap<string, number>;
  /** The session in progress, or the last one. */
  day: BusinessDay;
  /** The last tick's time. */
  at: Instant;
  inSession = false;
  private minute = -1;

  constructor(seed: number, start: IsoDate, settings: MarketSettings, specs: readonly UnderlyingSpec[] = chosenFrom(settings)) {
    this.seed = seed;
    this.settings = settings;
    const first = tradingDaysBack(start, settings.historySessions);
    this.business = new BusinessTime(first);
    this.dynamics = new Dynamics(specs, settings, createRandom(seed, 'market'));
    this.indexOf = new Map(specs.map((spec, index) => [spec.symbol, index]));
    const fromYear = partsOf(first).year;
    const toYear = partsOf(start).year + LISTING_YEARS;
    this.states = specs.map((spec, index) => ({
      spec,
      index,
      happenings: happeningsOf(spec, seed, fromYear, toYear),
      bars: [],
      atmHistory: [],
      listed: [],
    }));
    this.recorder = new BarRecorder(
      specs.length,
      specs.map((spec) => spec.shareVolume),
      seed,
      KEPT_DAYS,
    );
    this.day = this.makeHistory(previousTradingDay(start));
    this.at = this.day.session.close;
    this.list(this.day.session.date);
  }

  /** Opens a session: the overnight gap with its dividends and earnings, then the day's listing. */
  beginSession(date: IsoDate): void {
    const day = this.business.day(date);
    invariant(day && !this.inSession, `no session can begin on ${date}`);
    this.gapInto(day, 1);
    this.day = day;
    this.at = day.session.open;
    this.inSession = true;
    this.minute = -1;
    this.list(date);
    this.recorder.beginDay(date, day.session.open, (day.session.close - day.session.open) / MINUTE_MS);
  }

  /** Moves every price to `at`, one tick after the last. */
  tick(at: Instant): void {
    const { session } = this.day;
    const minute = Math.floor((this.at - session.open) / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      const minuteStart = instant(session.open + minute * MINUTE_MS);
      const minuteEnd = instant(Math.min(minuteStart + MINUTE_MS, session.close));
      const span = this.business.within(this.day, minuteEnd) - this.business.within(this.day, minuteStart);
      this.dynamics.begin(span, Math.max(1, Math.round(60 / this.settings.tickSeconds)));
      this.recorder.beginMinute(minute, this.dynamics.prices);
    }
    this.dynamics.tick();
    this.recorder.record(minute, this.dynamics.prices);
    this.at = at;
  }

  /** Closes the session: its bar joins the history. */
  endSession(): void {
    this.inSession = false;
    this.at = this.day.session.close;
    for (const state of this.states) {
      const bar = this.recorder.dailyBar(state.index);
      if (bar) state.bars.push(bar);
      this.keepVolatility(state, this.day.session.date);
    }
  }

  /** Business time now. */
  now(): number {
    return this.business.within(this.day, this.at);
  }

  /** At-the-money total implied variance from now to a series' expiration: expected variance times the squared premium. */
  impliedVariance(index: number, listed: ListedSeries): number {
    const tau = Math.max(listed.businessExpiry - this.now(), LEAST_TAU);
    return (this.dynamics.expectedVariance(index, tau) * tau + listed.earningsVariance) * this.premiumSquared();
  }

  private premiumSquared(): number {
    return (1 + this.settings.volatilityPremium) ** 2;
  }

  private gapInto(day: BusinessDay, priceScale: number): void {
    this.dynamics.begin(day.gap, 1);
    this.dynamics.tick();
    const { date } = day.session;
    const random = createRandom(this.seed, `gap ${date}`);
    for (const state of this.states) {
      const { spec, index, happenings } = state;
      if (happenings.earnings.some((event) => event.movesAtOpenOf === date)) {
        const deviation = this.earningsDeviation(spec);
        this.dynamics.move(index, random.fork(spec.symbol).normal() * deviation - deviation ** 2 / 2);
      }
      for (const dividend of happenings.dividends) {
        if (dividend.exDate !== date) continue;
        const price = priceScale === 1 ? (this.dynamics.prices[index] ?? spec.price) : spec.price;
        this.dynamics.move(index, Math.log(1 - dividend.amount / price));
      }
    }
  }

  private earningsDeviation(spec: UnderlyingSpec): number {
    return spec.earningsMove * this.settings.earningsMoveScale * this.settings.volatilityScale;
  }

  /** Walks the year before, coarsely, then scales every name so that it ends at its starting price. */
  private makeHistory(last: IsoDate): BusinessDay {
    const { prices } = this.dynamics;
    let day = this.business.day(last);
    invariant(day, `no session on ${last}`);
    const days: BusinessDay[] = [];
    for (; day; day = day.index > 0 ? this.business.day(previousTradingDay(day.session.date)) : null) days.unshift(day);
    for (const each of days) {
      this.gapInto(each, 0);
      const { date } = each.session;
      const open = Float64Array.from(prices);
      const high = Float64Array.from(prices);
      const low = Float64Array.from(prices);
      for (let block = 0; block < HISTORY_BLOCKS; block += 1) {
        this.dynamics.begin((each.atClose - each.atOpen) / HISTORY_BLOCKS, HISTORY_TICKS_PER_BLOCK);
        for (let tick = 0; tick < HISTORY_TICKS_PER_BLOCK; tick += 1) {
          this.dynamics.tick();
          for (let i = 0; i < prices.length; i += 1) {
            high[i] = Math.max(high[i]!, prices[i]!);
            low[i] = Math.min(low[i]!, prices[i]!);
          }
        }
      }
      this.day = each;
      for (const state of this.states) {
        const i = state.index;
        const volume = Math.floor(dailyVolume(state.spec.shareVolume, this.seed, i, date));
        state.bars.push({ date, open: open[i]!, high: high[i]!, low: low[i]!, close: prices[i]!, volume });
        this.keepVolatility(state, date);
      }
    }
    for (const state of this.states) this.rescaleHistory(state);
    return this.day;
  }

  private rescaleHistory(state: UnderlyingState): void {
    const { prices } = this.dynamics;
    const factor = state.spec.price / prices[state.index]!;
    prices[state.index] = state.spec.price;
    for (const [i, bar] of state.bars.entries()) {
      state.bars[i] = {
        ...bar,
        open: toCent(bar.open * factor),
        high: toCent(bar.high * factor),
        low: toCent(bar.low * factor),
        close: toCent(bar.close * factor),
      };
    }
  }

  /** The 30-day at-the-money implied volatility at a close. */
  private keepVolatility(state: UnderlyingState, date: IsoDate): void {
    let variance = this.dynamics.expectedVariance(state.index, HISTORY_TENOR);
    for (const event of state.happenings.earnings) {
      const days = daysBetween(date, event.movesAtOpenOf);
      if (days > 0 && days <= 30) variance += this.earningsDeviation(state.spec) ** 2 / HISTORY_TENOR;
    }
    state.atmHistory.push({ date, volatility: Math.sqrt(variance * this.premiumSquared()) });
  }

  /** The day's listing: new expirations and strikes join, expired ones leave, interest is counted anew. */
  private list(date: IsoDate): void {
    for (const state of this.states) {
      const spot = this.dynamics.prices[state.index]!;
      const earlier = new Map(state.listed.map(({ series }) => [series.expiration, series]));
      const wanted = new Map(expirationsListed(state.spec, date).map(({ expiration, kind }) => [expiration, kind]));
      for (const series of earlier.values()) if (series.expiration >= date) wanted.set(series.expiration, series.kind);
      state.listed = [...wanted]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([expiration, kind]) => {
          const series = listSeries(state.spec, this.seed, expiration, kind, date, spot, earlier.get(expiration) ?? null);
          return this.listedSeries(state, series, date, spot);
        });
    }
  }

  private listedSeries(state: UnderlyingState, series: Series, date: IsoDate, spot: number): ListedSeries {
    const businessExpiry = this.business.atCloseOf(series.expiration);
    const tau = Math.max(businessExpiry - this.now(), LEAST_TAU);
    const deviation = Math.sqrt(this.dynamics.expectedVariance(state.index, tau) * tau) + 0.004;
    const moves = state.happenings.earnings.filter(
      ({ movesAtOpenOf }) => movesAtOpenOf > date && movesAtOpenOf <= series.expiration,
    ).length;
    return {
      series,
      ...dayInterest(state.spec, series, spot, deviation, date, this.day.index),
      businessExpiry,
      dividends: state.happenings.dividends.filter(({ exDate }) => exDate > date && exDate <= series.expiration),
      earningsVariance: moves * this.earningsDeviation(state.spec) ** 2,
    };
  }
}

/** The underlyings that the settings list; all of them when they name none. */
function chosenFrom(settings: MarketSettings): readonly UnderlyingSpec[] {
  if (settings.underlyings.length === 0) return UNIVERSE;
  const chosen = UNIVERSE.filter(({ symbol }) => settings.underlyings.includes(symbol));
  invariant(chosen.length > 0, `none of these underlyings is simulated: ${settings.underlyings.join(', ')}`);
  return chosen;
}
