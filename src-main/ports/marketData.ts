import type { ChainSnapshot, Quote } from '#domain/market/chain';
import type { Instant, IsoDate, Price } from '#domain/units';
import type { ConnectionChange, Fault, Unsubscribe } from './broker.ts';

/** Which part of a chain to fetch: calendar days to expiration and strikes within a fraction of spot (0.25 = ±25 %). */
export interface ChainWindow {
  readonly minDaysToExpiration: number;
  readonly maxDaysToExpiration: number;
  readonly strikesWithin: number;
}

export interface ChainRequest {
  readonly requestId: string;
  readonly underlyings: readonly string[];
  readonly window: ChainWindow;
}

export interface ChainAnswer {
  readonly requestId: string;
  readonly at: Instant;
  readonly chains: readonly ChainSnapshot[];
  /** Underlyings that could not be had, each with its reason. */
  readonly missing: readonly { readonly underlying: string; readonly fault: Fault }[];
}

/** One symbol's newest quote (an option's OCC symbol or an underlying's). Defects are classified by the adapter. */
export interface SymbolQuote {
  readonly symbol: string;
  readonly quote: Quote;
}

/** One day of an underlying; prices in dollars, unadjusted; volume in shares. */
export interface DailyBar {
  readonly date: IsoDate;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
}

export interface Dividend {
  readonly underlying: string;
  readonly exDate: IsoDate;
  /** Dollars per share. */
  readonly amount: Price;
}

export interface EarningsDate {
  readonly underlying: string;
  readonly date: IsoDate;
  readonly timing: 'beforeOpen' | 'afterClose';
}

/** What a day's preparation needs: a year of bars and what is scheduled. */
export interface UnderlyingHistory {
  readonly underlying: string;
  readonly bars: readonly DailyBar[];
  readonly dividends: readonly Dividend[];
  readonly earnings: readonly EarningsDate[];
}

export interface HistoryAnswer {
  readonly requestId: string;
  readonly at: Instant;
  readonly histories: readonly UnderlyingHistory[];
  readonly missing: readonly { readonly underlying: string; readonly fault: Fault }[];
}

/** The feed's word on trading in one underlying: it stopped, or it goes on again. */
export interface TradingHalt {
  readonly underlying: string;
  readonly halted: boolean;
  /** The exchange's own code of the reason, as it was sent ("LUDP", "T1", "M"); empty when it gave none. */
  readonly code: string;
  readonly reason: string;
  readonly at: Instant;
}

export interface MarketDataCapabilities {
  readonly id: string;
  /** Indicative = delayed or altered prices; shown as such and never called NBBO. */
  readonly quality: 'nbbo' | 'indicative' | 'simulated' | 'recorded';
  readonly maxWatchedOptions: number;
}

/** Market data as the runtime drives it; answers come back through listeners. */
export interface MarketData {
  readonly capabilities: MarketDataCapabilities;
  requestChains(request: ChainRequest): void;
  requestHistory(request: { readonly requestId: string; readonly underlyings: readonly string[]; readonly days: number }): void;
  /** The complete set of symbols (options and underlyings) to stream from now on. */
  watch(symbols: readonly string[]): void;
  /** Asks once for the newest quotes of these symbols; they arrive through `onQuotes`. */
  requestQuotes(symbols: readonly string[]): void;
  onChains(listener: (answer: ChainAnswer) => void): Unsubscribe;
  onHistory(listener: (answer: HistoryAnswer) => void): Unsubscribe;
  onQuotes(listener: (quotes: readonly SymbolQuote[], at: Instant) => void): Unsubscribe;
  /** Trading halts and their ends, each once when it is told; of any underlying, wanted or not. */
  onHalts(listener: (halts: readonly TradingHalt[]) => void): Unsubscribe;
  onConnection(listener: (change: ConnectionChange) => void): Unsubscribe;
  start(): Promise<void>;
  stop(): Promise<void>;
}
