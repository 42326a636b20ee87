import type { ExitPlan } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import type { Cents, Contracts, Price } from '#domain/units';
import type { EntryTerms, LadderPlan, OrderCause } from '#ports/facts';
import type { RiskRequest } from '../risk/book.ts';

/** One order's worth of a plan: some legs, per contract of the order. */
export interface Stage {
  readonly assetClass: 'option' | 'stock';
  /** For options per unit of the combination; for stock one share (ratio 1), signed. */
  readonly legs: readonly Leg[];
  readonly contracts: Contracts;
  readonly unitWeight: number;
}

/** What a work needs beyond its journalled facts to go on by itself; lost with the process on purpose: stale intentions die. */
export interface WorkSpec {
  readonly intentId: string;
  readonly positionId: string;
  readonly strategyId: string;
  readonly origin: RiskRequest['origin'];
  readonly purpose: 'open' | 'close';
  readonly cause: OrderCause;
  /** Of an opening order: on whose word. Absent for what the owner orders himself and for exits. */
  readonly consent?: RiskRequest['consent'] | undefined;
  readonly entry: EntryTerms | null;
  readonly stage: Stage;
  readonly ladder: LadderPlan;
  /** Stages that follow once this one is filled, in order; never naked in between. */
  readonly later: readonly Stage[];
  /** Intents of the stages that were filled before this one, of the same wish. */
  readonly earlier: readonly string[];
  /** What the gate is asked, except for size and price. */
  readonly risk: Pick<
    RiskRequest,
    | 'legs'
    | 'maxLossPerUnit'
    | 'deltaSharesPerUnit'
    | 'vegaDollarsPerUnit'
    | 'buyingPowerEffectPerUnit'
    | 'strategyLimits'
    | 'secured'
  >;
  /** The owner's limit for the whole structure, per share, where its stages are worked one after the other: together no worse. */
  readonly ownLimit?: Price | undefined;
  /** Added to the order's own limit when the gate judges the whole structure while only a part of it is worked. */
  readonly restOfPrice: Price;
  /** Units of the whole structure per contract of this order, for the gate: 0.01 for shares of a buy-write. */
  readonly riskUnitsPerContract: number;
  /** Open the same structure again after this close, for a credit. */
  readonly rollTo: RollTarget | null;
  readonly flattening: boolean;
}

/** Where a rolled position goes, decided before the close is sent. */
export interface RollTarget {
  readonly legs: readonly Leg[];
  readonly structure: string;
  /** Least net credit of close and reopening together, per share. */
  readonly minCredit: Price;
  readonly maxLossPerUnit: Cents | null;
  /** What goes on with the new position: the campaign, the plan, the count of rolls. */
  readonly campaignId: string;
  readonly exitPlan: ExitPlan;
  readonly rolls: number;
}
