import type { OptionContract } from '../market/instrument.ts';
import type { Cents, Contracts, Instant, IsoDate, Price } from '../units.ts';

/** A leg held. `quantity` is signed: contracts for options, shares for stock. */
export interface PositionLeg {
  readonly symbol: string;
  /** null for shares. */
  readonly contract: OptionContract | null;
  readonly quantity: number;
  /** Signed quantity of this leg per one unit of the structure. */
  readonly ratio: number;
  /** Average price per share at which it was entered. */
  readonly entryPrice: Price;
}

/** When and how a position is left. `null` switches a rule off. Fractions are of maximum profit unless said otherwise. */
export interface ExitPlan {
  /** Close when this fraction of the maximum profit is reached at mid (0.5). */
  readonly takeProfitFraction: number | null;
  /** Close when the loss reaches this multiple of the credit received (2). For debits: fraction of the debit lost. */
  readonly stopLossMultiple: number | null;
  /** Once profit passed `activateAt`, close when it falls back by `giveBack` (both fractions of maximum profit). */
  readonly trailing: { readonly activateAt: number; readonly giveBack: number } | null;
  /** Close at this many calendar days to expiration (21). */
  readonly timeStopDays: number | null;
  /** Roll instead of closing, for a credit only. */
  readonly roll: {
    readonly whenShortDeltaAbove: number;
    readonly atDaysToExpiration: number;
    readonly minCredit: Price;
    readonly maxRolls: number;
  } | null;
  /** Close part at each profit level, e.g. 25/50/75 %. */
  readonly scaleOut: readonly { readonly atProfitFraction: number; readonly closeFraction: number }[];
  /** Let the short option be assigned instead of closing on expiration day (cash-secured puts, covered calls). */
  readonly takeAssignment: boolean;
}

export type ExitReason =
  | 'takeProfit'
  | 'stopLoss'
  | 'trailingStop'
  | 'timeStop'
  | 'roll'
  | 'scaleOut'
  | 'expiryGuard'
  | 'earlyAssignmentRisk'
  | 'expired'
  | 'assigned'
  | 'exercised'
  | 'calledAway'
  | 'orphanRepair'
  | 'partialFillCleanup'
  | 'killSwitch'
  | 'owner'
  | 'external';

/**
 * What is held as one structure. Cash figures are for the whole position, signed: + received.
 * A campaign joins open, rolls, assignment, shares and call-away under one P&L.
 */
export interface Position {
  readonly positionId: string;
  readonly campaignId: string;
  readonly strategyId: string;
  readonly decisionId: string | null;
  readonly underlying: string;
  readonly structure: string;
  readonly status: 'opening' | 'open' | 'closing' | 'closed';
  readonly legs: readonly PositionLeg[];
  /** Units held now; `openedUnits` is the most ever held. */
  readonly units: Contracts;
  readonly openedUnits: Contracts;
  readonly openedAt: Instant;
  /** Nearest expiration of its options; null for shares alone. */
  readonly expiration: IsoDate | null;
  /** Average net price per unit at entry, + credit. */
  readonly entryCredit: Price;
  /** Sum of all fills so far (entries and partial exits), fees not included. */
  readonly cashFlow: Cents;
  readonly fees: Cents;
  /** Per unit; null = unbounded. Non-negative. */
  readonly maxLossPerUnit: Cents | null;
  readonly maxProfitPerUnit: Cents | null;
  readonly exitPlan: ExitPlan;
  readonly rolls: number;
  /** Fractions of `scaleOut` already done. */
  readonly scaledOut: number;
  readonly highWaterProfit: Cents;
  /** Worst and best unrealised P&L seen, in cents. */
  readonly maxAdverse: Cents;
  readonly maxFavourable: Cents;
  readonly exitReason: ExitReason | null;
  /** Profit already taken by partial closes. */
  readonly realised: Cents;
  /** The same before fees: what of `cashFlow` no longer stands behind the open units. Absent in older journals. */
  readonly realisedBeforeFees?: Cents;
  readonly tags: readonly string[];
}

/** A closed position with its story; what the journal's trade table holds. */
export interface Trade {
  readonly tradeId: string;
  readonly positionId: string;
  readonly campaignId: string;
  readonly account: string;
  readonly mode: 'live' | 'paper' | 'backtest';
  readonly underlying: string;
  readonly strategyId: string;
  readonly structure: string;
  readonly enteredAt: Instant;
  readonly exitedAt: Instant;
  readonly parameters: Readonly<Record<string, number | string | boolean | null>>;
  readonly entry: {
    readonly spot: Price | null;
    readonly ivRank: number | null;
    readonly openInterestShort: number | null;
    /** Widest bid/ask of the legs at the decision, dollars. */
    readonly spread: Price | null;
    readonly probabilityOfProfit: number | null;
    readonly expectedValueCents: number | null;
    readonly legs: readonly {
      readonly symbol: string;
      readonly ratio: number;
      readonly bid: Price;
      readonly ask: Price;
      readonly impliedVolatility: number | null;
      readonly delta: number | null;
      readonly gamma: number | null;
      readonly thetaPerDay: number | null;
      readonly vegaPerPoint: number | null;
    }[];
  };
  readonly execution: {
    readonly limitCredit: Price;
    readonly fillCredit: Price;
    /** Mid at the decision less fill: + is worse, dollars per share. */
    readonly slippage: Price;
    readonly fees: Cents;
    /** From the first order to the last entry fill, milliseconds. */
    readonly workingMs: number;
    readonly exitCredit: Price | null;
    readonly exitSlippage: Price | null;
  };
  readonly risk: { readonly units: Contracts; readonly maxLoss: Cents | null; readonly riskFraction: number | null };
  readonly outcome: {
    /** After fees. */
    readonly pnl: Cents;
    readonly daysHeld: number;
    readonly exitReason: ExitReason;
    readonly maxAdverse: Cents;
    readonly maxFavourable: Cents;
  };
  readonly reasonTags: readonly string[];
  readonly notes: string;
}
