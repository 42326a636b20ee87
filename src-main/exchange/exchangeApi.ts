import type { ChainSnapshot, Quote } from '#domain/market/chain';
import type { OptionContract } from '#domain/market/instrument';
import type { Cents, Instant, IsoDate, Price } from '#domain/units';
import type { Unsubscribe } from '#ports/broker';
import type { ExchangeControl } from '#ports/exchangeControl';
import type { ChainWindow, DailyBar, UnderlyingHistory } from '#ports/marketData';
import type { FaultDesk } from './faults.ts';
import type { ExchangeMemory } from './memory.ts';
import type { CancelAnswer, ExchangeOrder, OrderTicket, OrderUpdate, SubmitAnswer } from './orders.ts';
import type { ExchangeSettings } from './settings.ts';

/** What is known of an underlying. Prices in dollars; everything is simulated, only the names are real. */
export interface UnderlyingProfile {
  readonly symbol: string;
  readonly name: string;
  readonly sector: string;
  readonly kind: 'etf' | 'stock' | 'etn';
  readonly exchange: string;
}

/** One minute (or longer) of an underlying: `at` is its start. */
export interface IntradayBar {
  readonly at: Instant;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: number;
}

/** Everything a vendor shows of one option at one moment. Greeks and volatility null where the vendor has none. */
export interface OptionLook {
  readonly contract: OptionContract;
  readonly quote: Quote;
  readonly lastTrade: { readonly price: Price; readonly size: number; readonly at: Instant } | null;
  readonly volume: number;
  readonly openInterest: number;
  readonly impliedVolatility: number | null;
  readonly greeks: {
    readonly delta: number;
    readonly gamma: number;
    readonly theta: number;
    readonly vega: number;
    readonly rho: number;
  } | null;
}

export interface ContractQuery {
  readonly underlyings: readonly string[];
  readonly expirationFrom?: IsoDate;
  readonly expirationTo?: IsoDate;
  readonly strikeFrom?: Price;
  readonly strikeTo?: Price;
  readonly right?: 'call' | 'put';
}

/** The market as anyone may look at it. Looking changes nothing: two looks at one instant are equal. */
export interface MarketDesk {
  readonly underlyings: readonly UnderlyingProfile[];
  /** An underlying's or an option's quote; null when the symbol is not listed. */
  quoteOf(symbol: string): Quote | null;
  contractOf(symbol: string): OptionContract | null;
  /** Listed contracts by underlying, expiration, strike, right. */
  contracts(query: ContractQuery): readonly OptionContract[];
  look(symbol: string): OptionLook | null;
  openInterestOf(symbol: string): number;
  chainSnapshot(underlying: string, window: ChainWindow): ChainSnapshot | null;
  /** Up to `days` completed sessions, oldest first, with what is scheduled. */
  historyOf(underlying: string, days: number): UnderlyingHistory | null;
  /** The session in progress (or the last one) as a daily bar. */
  todaysBar(underlying: string): DailyBar | null;
  /** Minute bars of the sessions kept (today and a few before), start inclusive, end exclusive. */
  minuteBars(underlying: string, from: Instant, to: Instant): readonly IntradayBar[];
  /** At-the-money 30-day implied volatility at each completed session's close, aligned with historyOf's bars. */
  impliedVolatilityHistory(underlying: string, days: number): readonly { readonly date: IsoDate; readonly volatility: number }[];
  /** Why trading in an underlying stands still; null while it is traded. */
  haltOf(underlying: string): TradingHaltReason | null;
  /** Underlyings that are halted now; what costs nothing while no halt is scripted. */
  halted(): readonly string[];
  /** Annual fraction, continuously compounded. */
  readonly riskFreeRate: number;
}

/** The code of a trading status, as the tape of the underlying's exchange has it, and its words. */
export interface TradingHaltReason {
  readonly code: string;
  readonly reason: string;
}

export interface ExchangePosition {
  readonly symbol: string;
  readonly assetClass: 'us_option' | 'us_equity';
  readonly underlying: string;
  readonly contract: OptionContract | null;
  /** + long, - short. */
  readonly quantity: number;
  /** What an order may still close, unsigned (open closing orders hold the rest). */
  readonly quantityAvailable: number;
  /** Average entry price per share, positive. */
  readonly averagePrice: Price;
  /** Mid of the current quote, per share. */
  readonly markPrice: Price;
  /** Mark at the previous session's close; the entry price when opened since. */
  readonly lastDayPrice: Price;
  /** Signed cents. */
  readonly marketValue: Cents;
  /** Signed cents as paid: + for longs. */
  readonly costBasis: Cents;
  readonly unrealised: Cents;
}

export interface ExchangeAccount {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly cash: Cents;
  readonly equity: Cents;
  /** Equity at the previous session's close. */
  readonly lastEquity: Cents;
  readonly longMarketValue: Cents;
  readonly shortMarketValue: Cents;
  /** Requirement of the option positions under the universal spread rule. */
  readonly optionsMargin: Cents;
  readonly maintenanceMargin: Cents;
  readonly reserved: Cents;
  readonly buyingPower: Cents;
  readonly optionsBuyingPower: Cents;
  readonly marginDeficit: Cents;
  readonly optionsApprovedLevel: number;
  readonly optionsTradingLevel: number;
  readonly tradingBlocked: boolean;
  readonly accountBlocked: boolean;
  readonly suspendedByUser: boolean;
  readonly createdAt: Instant;
}

/** What the owner may set on the account. */
export interface AccountConfiguration {
  readonly maxOptionsTradingLevel: number | null;
  readonly suspendTrade: boolean;
  readonly noShorting: boolean;
}

/** A non-trade or fee activity, or a fill. `quantity` is signed as the position changed. `at` is when it was made. */
export interface ExchangeActivity {
  /** `YYYYMMDDhhmmssmmm::uuid`, the moment `at` in New York and a chance number. */
  readonly id: string;
  readonly code: 'FILL' | 'FEE' | 'DIV' | 'OPEXC' | 'OPASN' | 'OPEXP' | 'OPTRD' | 'JNLC';
  readonly symbol: string | null;
  readonly quantity: number;
  readonly price: Price | null;
  readonly netCash: Cents;
  readonly groupId: string | null;
  readonly orderId: string | null;
  /** The session it belongs to. */
  readonly date: IsoDate;
  /** When it happened. */
  readonly occurredAt: Instant;
  readonly at: Instant;
  readonly description: string;
  /** Taken back by the broker: it moved nothing. */
  readonly cancelled: boolean;
}

/** A line of the ledger: every change of cash and position, at once and in order, whatever the activities still hide. */
export interface LedgerEntry {
  readonly sequence: number;
  readonly at: Instant;
  readonly kind: 'deposit' | 'fill' | 'fee' | 'dividend' | 'exercise' | 'assignment' | 'expiration' | 'delivery' | 'adjustment';
  readonly symbol: string | null;
  /** Signed change of the position in `symbol`. */
  readonly quantity: number;
  readonly cash: Cents;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly executionId: string | null;
  readonly groupId: string | null;
}

export interface OrderQuery {
  readonly status: 'open' | 'closed' | 'all';
  /** Orders updated at or after (closed) / submitted after. */
  readonly updatedSince?: Instant;
}

/** The account at the broker. */
export interface AccountDesk {
  account(): ExchangeAccount;
  configuration(): AccountConfiguration;
  configure(change: Partial<AccountConfiguration>): AccountConfiguration;
  positions(): readonly ExchangePosition[];
  /** Oldest first. */
  orders(query: OrderQuery): readonly ExchangeOrder[];
  orderById(id: string): ExchangeOrder | null;
  orderByClientId(clientOrderId: string): ExchangeOrder | null;
  /** Visible activities whose id is greater than this text, in the order of their ids. */
  activities(after: string | null): readonly ExchangeActivity[];
  /** Equity at each session's close since the start. */
  equityHistory(): readonly { readonly date: IsoDate; readonly at: Instant; readonly equity: Cents; readonly cash: Cents }[];
  ledger(): readonly LedgerEntry[];
  submit(ticket: OrderTicket): SubmitAnswer;
  cancel(orderId: string): CancelAnswer;
  replace(
    orderId: string,
    change: { readonly quantity?: number; readonly netLimit?: Price; readonly clientOrderId?: string },
  ): SubmitAnswer;
  /** Long options: exercise now, or leave to expire (only on expiration day). */
  exercise(symbol: string): CancelAnswer;
  doNotExercise(symbol: string): CancelAnswer;
  /** Order events as the client's stream delivers them, faults included. Called synchronously. */
  onOrderUpdate(listener: (update: OrderUpdate) => void): Unsubscribe;
}

/** The embedded exchange with the broker in front of it. Deterministic: one seed and one sequence of calls, one history. */
export interface Exchange extends ExchangeControl {
  readonly settings: ExchangeSettings;
  readonly market: MarketDesk;
  readonly desk: AccountDesk;
  readonly faults: FaultDesk;
  /** Everything that the client made it do, and how far it has run: with the same options it can be brought back to here. */
  memory(): ExchangeMemory;
}
