import type { z } from 'zod';
import type { ExpirationSlice } from '#domain/market/chain';
import type { Right } from '#domain/market/instrument';
import type { ExitPlan, Position } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import type { PriceDistribution } from '#domain/structures/probability';
import type { Instant, IsoDate, Price } from '#domain/units';
import type { ChainWindow, Dividend, EarningsDate } from './marketData.ts';

export type RiskProfile = 'conservative' | 'moderate' | 'aggressive';

/**
 * Our own volatility and greeks for one right of one expiration, index-aligned with the slice's strikes (per share).
 * Where there is no usable quote the value is NaN and `usable` is 0.
 */
export interface OwnGreeks {
  readonly impliedVolatility: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly thetaPerDay: Float64Array;
  readonly vegaPerPoint: Float64Array;
  /** 1 where the contract passed the scanner's own filters (quote, spread, open interest, volume). */
  readonly usable: Uint8Array;
}

/** One expiration as the scanner prepared it. */
export interface ExpirationView {
  readonly slice: ExpirationSlice;
  readonly daysToExpiration: number;
  readonly years: number;
  readonly forward: Price;
  readonly discount: number;
  readonly calls: OwnGreeks;
  readonly puts: OwnGreeks;
  /** Our forecast of the price at expiration (real-world, not risk-neutral). */
  readonly forecast: PriceDistribution;
  readonly forecastVolatility: number;
}

/** One underlying as the scanner prepared it from one coherent snapshot. */
export interface UnderlyingView {
  readonly underlying: string;
  readonly sector: string;
  readonly snapshotId: number;
  readonly at: Instant;
  readonly spot: Price;
  /** 0..1; null until there is enough history. */
  readonly ivRank: number | null;
  /** What the rank is taken in: our own recorded history, or realised volatility until there is enough of it. */
  readonly ivRankBasis?: 'ownHistory' | 'realisedProxy' | 'none';
  readonly iv30: number | null;
  readonly realisedVolatility: number | null;
  readonly momentumZ: number | null;
  readonly flowZ: number | null;
  readonly expirations: readonly ExpirationView[];
  readonly dividends: readonly Dividend[];
  readonly earnings: readonly EarningsDate[];
}

/** What a strategy may look at. */
export interface MarketView {
  readonly now: Instant;
  readonly today: IsoDate;
  readonly underlyings: readonly UnderlyingView[];
  /** Free shares per underlying (not already covering a call), for covered calls. */
  readonly freeShares: ReadonlyMap<string, number>;
}

/** Where a contract stands in a prepared market. */
export interface ContractPlace {
  readonly view: UnderlyingView;
  readonly expiration: ExpirationView;
  readonly right: Right;
  /** Index into the slice's strikes. */
  readonly index: number;
  readonly freeShares: number;
}

/** A strategy's suggestion for one unit; size is the risk engine's business. */
export interface Proposal {
  readonly strategyId: string;
  readonly underlying: string;
  readonly structure: string;
  readonly legs: readonly Leg[];
  readonly view: UnderlyingView;
  readonly expiration: ExpirationView;
  readonly exitPlan: ExitPlan;
  /** The parameters that shaped it, for the journal: dte, shortDelta, width, ivRankMin, ... */
  readonly parameters: Readonly<Record<string, number | string | boolean | null>>;
}

/**
 * A strategy: one file, found through the catalogue. Pure: looks at the market, proposes; never sends.
 * `settings` is the form, the backtest grid and the journal record at once.
 */
export interface Strategy<Settings> {
  readonly id: string;
  readonly title: string;
  /** One sentence for the owner. */
  readonly summary: string;
  readonly settings: z.ZodType<Settings>;
  readonly profiles: Readonly<Record<RiskProfile, Partial<Settings>>>;
  /** Which part of the chain it needs. */
  window(settings: Settings): ChainWindow;
  propose(market: MarketView, settings: Settings): readonly Proposal[];
  /**
   * The structure that this strategy would make around one contract as its short leg, whatever its limits say: for 'why not?'.
   * null when it never sells such a contract.
   */
  around(contract: ContractPlace, settings: Settings): Proposal | null;
  /** The exit plan that applies now; called at every management round. */
  manage(position: Position, market: MarketView, settings: Settings): ExitPlan;
}

/** A strategy whose settings type is erased: settings are parsed by its own schema first. */
export interface CatalogEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly schema: z.ZodType<unknown>;
  readonly profiles: Readonly<Record<RiskProfile, Readonly<Record<string, unknown>>>>;
  /** Binds parsed settings; throws a ZodError that names the field when they are wrong. */
  configure(settings: unknown): ConfiguredStrategy;
}

export interface ConfiguredStrategy {
  readonly id: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly window: ChainWindow;
  propose(market: MarketView): readonly Proposal[];
  around(contract: ContractPlace): Proposal | null;
  manage(position: Position, market: MarketView): ExitPlan;
}
