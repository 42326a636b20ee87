import { civilDate, sessionOn } from '#domain/market/calendar';
import type { OptionContract } from '#domain/market/instrument';
import { type Instant, plusMs } from '#domain/units';
import type { Agenda } from './agenda.ts';
import type { ActivityLog } from './clearing/activityLog.ts';
import type { Ledger } from './clearing/ledger.ts';
import type { AccountConfiguration } from './exchangeApi.ts';
import type { FaultDesk } from './faults.ts';
import type { Halts } from './market/halts.ts';
import type { MarketView } from './market/marketView.ts';
import type { MarketSimulation } from './market/simulation.ts';
import type { ExchangeSettings } from './settings.ts';
import type { OrderBook } from './trading/orderBook.ts';
import type { UpdateStream } from './trading/updateStream.ts';

/** What the exchange is made of; each part gets this and takes what it needs. */
export interface ExchangeParts {
  readonly seed: number;
  readonly settings: ExchangeSettings;
  readonly simulation: MarketSimulation;
  readonly market: MarketView;
  readonly halts: Halts;
  readonly ledger: Ledger;
  readonly book: OrderBook;
  readonly activities: ActivityLog;
  readonly agenda: Agenda;
  readonly updates: UpdateStream;
  readonly faults: FaultDesk;
  readonly configuration: { current: AccountConfiguration };
  /** Symbols whose holder asked not to exercise. */
  readonly doNotExercise: Set<string>;
  readonly now: () => Instant;
  /** Ids that follow from the seed and a counter. */
  readonly newId: () => string;
}

/** Mid of the market without faults; an expired or unlisted contract is worth nothing. */
export function markPrice(parts: ExchangeParts, symbol: string): number {
  return parts.market.markOf(symbol) ?? 0;
}

/** A contract that is listed or held. */
export function contractOf(parts: ExchangeParts, symbol: string): OptionContract | null {
  return parts.market.contractOf(symbol) ?? parts.ledger.holding(symbol)?.contract ?? null;
}

/** From when on today's expiring contracts cannot be opened; null without a session today. */
export function openingCutoff(parts: ExchangeParts): Instant | null {
  const session = sessionOn(civilDate(parts.now()));
  return session ? plusMs(session.close, -parts.settings.clearing.openingCutoffMinutes * 60_000) : null;
}

/** The options level in force: what was approved, unless the owner set it lower. */
export function tradingLevel(parts: ExchangeParts): number {
  const { maxOptionsTradingLevel } = parts.configuration.current;
  return Math.min(parts.settings.clearing.optionsLevel, maxOptionsTradingLevel ?? parts.settings.clearing.optionsLevel);
}

/** How many times the usual requirement the house asks of option positions now. */
export function marginFactor(parts: ExchangeParts): number {
  const isRaised =
    parts.faults.has('buyingPowerShock') && parts.faults.lasting('buyingPowerShock', 'account', parts.now()) !== null;
  return isRaised ? parts.settings.clearing.raisedMarginFactor : 1;
}

/** True while a fault locks the account. */
export function isLocked(parts: ExchangeParts): boolean {
  return parts.faults.has('accountLocked') && parts.faults.matching('accountLocked', 'account', 'always', parts.now()) !== null;
}
