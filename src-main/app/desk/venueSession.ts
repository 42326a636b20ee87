import type { FeeSchedule } from '#domain/portfolio/fees';
import type { Instant } from '#domain/units';
import type { DeskClock, MarketLook } from '#host/hostParts';
import type { Runtime } from '#modes/runtime';
import type { Broker, BrokerOrder } from '#ports/broker';
import type { MarketData } from '#ports/marketData';

/** A venue joined to a clock: what the engine trades on, and what drives it. */
export interface VenueSession {
  readonly title: string;
  /** Something that the owner should know about this start; null when there is nothing. */
  readonly note: { readonly title: string; readonly body: string } | null;
  readonly mode: 'live' | 'paper';
  readonly account: string;
  readonly fees: FeeSchedule;
  readonly broker: Broker;
  readonly feed: MarketData;
  readonly market: MarketLook;
  /** Where a watchdog reaches the same account; null where orders die with the engine. */
  readonly watchAt: { readonly tradingUrl: string; readonly keyId: string; readonly secret: string } | null;
  /** Our clock less the broker's, milliseconds, as just measured; null where there is only one clock. */
  readonly clockSkew: (() => Promise<number>) | null;
  /** Every order of the account that was sent from `from` until before `until`, whatever became of it. */
  ordersBetween(from: Instant, until: Instant): Promise<readonly BrokerOrder[]>;
  now(): Instant;
  /** Starts driving; call once, after the engine was started. */
  drive(runtime: Runtime): { readonly clock: DeskClock; stop(): Promise<void> };
  /** The engine asked for an earlier wake-up. */
  agendaChanged(): void;
  close(): void;
}
