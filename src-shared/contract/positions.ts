import { z } from 'zod';
import type { ExitPlan, Position } from '../domain/portfolio/position.ts';
import type { Cents, Instant, Price } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, contractsField, idField, netPriceField, noInput, symbolField } from './fields.ts';
import { command, feed } from './verbs.ts';

export interface ExitRuleView {
  readonly rule: string;
  readonly title: string;
  /** Where it stands now and where it fires, in `unit`. */
  readonly value: number | null;
  readonly trigger: number | null;
  readonly unit: string;
  /** 0 = far, 1 = fires. */
  readonly progress: number | null;
  readonly suspended: string | null;
}

export interface PositionView {
  readonly position: Position;
  /** Net price per unit to close now: mid and natural, + received. */
  readonly mid: Price | null;
  readonly natural: Price | null;
  /** Of the units still open, before fees. */
  readonly unrealised: Cents | null;
  /** With what parts already closed brought, after fees. */
  readonly totalPnl: Cents | null;
  readonly markedAt: Instant | null;
  readonly stale: boolean;
  readonly deltaShares: number | null;
  readonly thetaDollarsPerDay: number | null;
  readonly vegaDollarsPerPoint: number | null;
  readonly daysToExpiration: number | null;
  readonly spot: Price | null;
  readonly legs: readonly {
    readonly symbol: string;
    readonly quantity: number;
    readonly bid: Price | null;
    readonly ask: Price | null;
    readonly delta: number | null;
    readonly entryPrice: Price;
  }[];
  readonly exitRules: readonly ExitRuleView[];
  readonly workingOrder: string | null;
  /** False for what is closed in steps: no order has the price of the whole. */
  readonly takesOwnLimit: boolean;
  readonly warnings: readonly string[];
}

export interface CampaignView {
  readonly campaignId: string;
  readonly underlying: string;
  /** All of its positions, those already closed first. */
  readonly positions: readonly string[];
  readonly closed: number;
  /** Of all of them, after fees; null while one that is open cannot be valued. */
  readonly pnl: Cents | null;
}

/** A leg at the broker that no structure of ours explains. */
export interface LooseLegView {
  readonly symbol: string;
  readonly underlying: string;
  readonly quantity: number;
  readonly averagePrice: Price;
}

export const exitPlanInput = z.strictObject({
  takeProfitFraction: z.number().min(0.05).max(1).nullable(),
  stopLossMultiple: z.number().min(0.1).max(10).nullable(),
  trailing: z.strictObject({ activateAt: z.number().min(0).max(1), giveBack: z.number().min(0.01).max(1) }).nullable(),
  timeStopDays: z.number().int().min(0).max(365).nullable(),
  roll: z
    .strictObject({
      whenShortDeltaAbove: z.number().min(0).max(1),
      atDaysToExpiration: z.number().int().min(0).max(365),
      minCredit: z.number().min(0),
      maxRolls: z.number().int().min(0).max(20),
    })
    .nullable(),
  scaleOut: z
    .array(z.strictObject({ atProfitFraction: z.number().min(0).max(1), closeFraction: z.number().min(0).max(1) }))
    .max(5),
  takeAssignment: z.boolean(),
}) satisfies z.ZodType<ExitPlan, unknown>;

export const positions = {
  'positions.list': feed<{
    readonly positions: readonly PositionView[];
    readonly loose: readonly LooseLegView[];
    readonly campaigns: readonly CampaignView[];
    readonly totals: {
      readonly unrealised: Cents | null;
      readonly deltaShares: number | null;
      readonly thetaDollarsPerDay: number | null;
      readonly vegaDollarsPerPoint: number | null;
    };
  }>()(noInput),
  'position.close': command<ActOutcome>()(
    z.strictObject({ commandId, positionId: idField, contracts: contractsField.nullable(), netLimit: netPriceField.nullable() }),
  ),
  'position.roll': command<ActOutcome>()(z.strictObject({ commandId, positionId: idField })),
  'position.adopt': command<ActOutcome>()(
    z.strictObject({ commandId, symbols: z.array(symbolField).min(1).max(8), strategyId: idField }),
  ),
  'position.setExitPlan': command<ActOutcome>()(z.strictObject({ commandId, positionId: idField, exitPlan: exitPlanInput })),
};
