import type { Decision, GateResult } from '#domain/decisions/decision';
import type { ExitPlan, ExitReason, Position, Trade } from '#domain/portfolio/position';
import type { Leg } from '#domain/structures/leg';
import type { Cents, Contracts, Instant, IsoDate, Price } from '#domain/units';
import type { Arming, LiveStep } from './arming.ts';
import type { BrokerActivity, BrokerOrderStatus, BrokerReport, ConnectionChange, Fault, OrderRequest } from './broker.ts';
import type { CodeDoor } from './codeDoor.ts';
import type { CommandOutcome, IssuedCommand } from './commands.ts';
import type { KillState } from './latch.ts';
import type { TradingHalt } from './marketData.ts';
import type { OpinionFact } from './opinion.ts';
import type { Rung } from './settings/trustSettings.ts';

/** Reprice profile of an order: the rungs from mid towards natural, then a rest, then cancel. */
export interface LadderPlan {
  readonly profile: 'normal' | 'fast' | 'patient' | 'fixed';
  /** Net limit of each rung, + credit; monotone towards the bound. */
  readonly rungs: readonly Price[];
  readonly rungMs: number;
  readonly restMs: number;
  /** Frozen at the decision: no rung and no retry may be worse. */
  readonly bound: Price;
  readonly midAtDecision: Price;
  readonly spotAtDecision: Price;
  /** Abort when spot leaves this band (fraction of spot at the decision). */
  readonly abortBand: number;
}

/** What an entry makes, so that a fill alone is enough to open the position, after a restart too. */
export interface EntryTerms {
  readonly campaignId: string;
  readonly structure: string;
  /** The whole structure, per unit; an order in stages works only some of its legs. */
  readonly legs: readonly Leg[];
  readonly exitPlan: ExitPlan;
  readonly rolls: number;
  readonly tags: readonly string[];
}

/** Why an order exists. */
export type OrderCause =
  | { readonly kind: 'decision'; readonly decisionId: string }
  /** `step`: which step of a scale-out it is, from 1; it counts as done with its first fill. Older journals counted it when it was sent. */
  | { readonly kind: 'exit'; readonly reason: ExitReason; readonly rule: GateResult; readonly step?: number }
  | { readonly kind: 'command'; readonly commandId: string }
  | { readonly kind: 'repair'; readonly detail: string };

/** What a breaker holds back. */
export type BreakerScope =
  | { readonly level: 'position'; readonly underlying: string }
  | { readonly level: 'strategy'; readonly strategyId: string };

/** A difference between the journal's book and the broker's. */
export interface Difference {
  readonly kind: 'position' | 'order' | 'cash' | 'activity';
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
  /** 'missedFill', 'expired', 'assigned', 'external', 'unexplained', ... */
  readonly classification: string;
  readonly resolved: boolean;
  /** What became of it; absent in older journals. 'waiting' = looked at again before it is believed. */
  readonly ended?: 'booked' | 'explained' | 'escalated' | 'waiting';
}

/** Why an amount was put right in the cash book, so that it agrees with the broker's account again. */
export type CashClass =
  | 'feesDiffer' // the broker charged another fee than our schedule says
  | 'priceDiffers' // it paid or took another price than it told at the fill
  | 'tradedElsewhere' // bought and sold again by another hand
  | 'settlementPrice' // a contract settled in cash at another value than our last look gave it
  | 'unknown' // nobody can say: escalated
  | 'explainedLater'; // an unknown amount that an activity told of afterwards: taken back here, booked there

/** The cash book of one day, in cents: `opening` and everything after it add up to `ours`. */
export interface CashStatement {
  readonly opening: Cents;
  /** Our own orders' fills, fees apart. */
  readonly fills: Cents;
  /** - as they are booked. */
  readonly fees: Cents;
  /** Fills of other hands, at the broker's prices. */
  readonly elsewhere: Cents;
  /** Strikes and settlements of what was exercised, assigned and expired. */
  readonly clearing: Cents;
  /** Dividends, interest, money moved in or out, as the broker's activities tell. */
  readonly activities: Cents;
  /** Put right, each by a `CashBooked` of its own. */
  readonly corrections: Cents;
  readonly ours: Cents;
  readonly theirs: Cents;
}

/** What separate code found that reads only the broker's orders and the journal's rows. All three counts of harm must be 0. */
export interface DayAudit {
  readonly date: IsoDate;
  /** Orders of this journal at the broker that day, and units of them that filled. */
  readonly orders: number;
  readonly filledUnits: number;
  readonly unintended: number;
  readonly duplicates: number;
  /** Orders whose fills differ between the broker and the journal. */
  readonly lost: number;
  /** Each names its order; at most twenty. */
  readonly findings: readonly string[];
  /** The chain as the audit found it; told to the owner, so that a witness of it is kept elsewhere. */
  readonly head: { readonly seq: number; readonly hash12: string };
}

/**
 * Everything that is ever written to the journal, in the past tense. The engine's state is the fold of these facts:
 * whatever must survive a restart is in one of them. Facts are never changed; a correction is a new fact.
 */
export type JournalFact =
  | {
      readonly kind: 'SessionStarted';
      readonly mode: 'live' | 'paper' | 'backtest';
      readonly account: string;
      readonly build: string;
      readonly configHash: string;
      readonly schemaVersion: number;
      readonly startCash: Cents | null;
      readonly detail: string;
    }
  | { readonly kind: 'SessionEnded'; readonly reason: string }
  | {
      readonly kind: 'SettingChanged';
      readonly path: string;
      readonly oldValue: string;
      readonly newValue: string;
      readonly by: string;
    }
  | {
      /** An edit of the settings file or a variable asked to loosen a limit with real money at stake, and was not followed. */
      readonly kind: 'SettingHeldBack';
      readonly path: string;
      readonly inForce: string;
      readonly wanted: string;
      readonly from: string;
    }
  | {
      readonly kind: 'DayOpened';
      readonly date: IsoDate;
      /** What the day's loss counts from. */
      readonly startEquity: Cents;
      /** Our own close of the last trading day, the broker's word on it, or the first look at the account; absent in older journals. */
      readonly countedFrom?: 'ownClose' | 'brokerClose' | 'firstLook';
    }
  | {
      readonly kind: 'DayClosed';
      readonly date: IsoDate;
      readonly equity: Cents;
      readonly cash: Cents;
      readonly realised: Cents;
      readonly orders: number;
    }
  | {
      readonly kind: 'DailyVolatilityRecorded';
      readonly underlying: string;
      readonly date: IsoDate;
      readonly close: Price;
      readonly iv30: number;
      /** Constant-maturity volatility at 60 and 90 days; null where the chain did not reach, absent in older journals. */
      readonly iv60?: number | null;
      readonly iv90?: number | null;
    }
  | {
      readonly kind: 'ScanCompleted';
      readonly scanId: number;
      readonly underlyings: number;
      readonly contracts: number;
      readonly candidates: number;
      readonly proposals: number;
      readonly approved: number /** How many fell at each rule. */;
      readonly funnel: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'ProposalDecided'; readonly decision: Decision }
  /** The same refusal again (same structure, same reasons): folded into the first row. */
  | {
      readonly kind: 'RefusalsRepeated';
      readonly repeats: readonly { readonly decisionId: string; readonly count: number; readonly lastAt: Instant }[];
    }
  | {
      readonly kind: 'CounterfactualMarked';
      readonly decisionId: string;
      readonly pnlPerUnit: Cents;
      readonly basis: 'mid' | 'expiration';
      readonly daysHeld: number;
    }
  | { readonly kind: 'ProposalAnswered'; readonly decisionId: string; readonly approved: boolean; readonly by: string }
  /** Written before the wire; its row hash goes into the client order id. */
  | {
      readonly kind: 'OrderIntended';
      readonly request: OrderRequest;
      readonly strategyId: string;
      /** The order's own legs with their contracts, signed ratios. */
      readonly legs: readonly Leg[];
      /** Units that the whole intent wants, this attempt's and what earlier attempts filled. */
      readonly intended: Contracts;
      /** Position units that one unit of this order adds (open) or takes (close): 0 for a leg worked alone, 1 for the whole. */
      readonly unitWeight: number;
      /** null when the order closes. */
      readonly entry: EntryTerms | null;
      readonly positionId: string;
      readonly cause: OrderCause;
      readonly ladder: LadderPlan;
      readonly rung: number;
      readonly gates: readonly GateResult[];
    }
  | { readonly kind: 'OrderReported'; readonly intentId: string; readonly attempt: number; readonly report: BrokerReport }
  /**
   * An order at the broker that bears this journal's name and that no row of it intended; `takenBack` = its cancel was asked for.
   * null where the broker's word did not say.
   */
  | {
      readonly kind: 'UnrecordedOrderNoted';
      readonly step: 'seen' | 'takenBack';
      readonly clientOrderId: string;
      readonly brokerOrderId: string | null;
      readonly underlying: string | null;
      readonly status: BrokerOrderStatus | null;
      readonly filledContracts: Contracts | null;
    }
  | { readonly kind: 'OrderInDoubt'; readonly intentId: string; readonly attempt: number; readonly fault: Fault }
  | {
      readonly kind: 'OrderProved';
      readonly intentId: string;
      readonly attempt: number;
      readonly outcome: 'found' | 'absent';
      readonly evidence: string;
    }
  | { readonly kind: 'CancelRequested'; readonly intentId: string; readonly attempt: number; readonly reason: string }
  | {
      readonly kind: 'RungEnded';
      readonly intentId: string;
      readonly attempt: number;
      readonly rung: number;
      readonly limit: Price;
      readonly bid: Price;
      readonly ask: Price;
      readonly outcome: 'filled' | 'partiallyFilled' | 'notFilled' | 'aborted' | 'rejected';
      readonly ms: number;
    }
  | {
      readonly kind: 'OrderWorkEnded';
      readonly intentId: string;
      readonly outcome: 'filled' | 'partiallyFilled' | 'notFilled' | 'abandoned';
      readonly reason: string;
    }
  | { readonly kind: 'PositionOpened'; readonly position: Position }
  | {
      readonly kind: 'PositionChanged';
      readonly position: Position;
      readonly why: string;
      /** Contracts that settled in cash, and what was booked for each; absent in older journals. */
      readonly settled?: readonly { readonly symbol: string; readonly cash: Cents }[];
    }
  | {
      readonly kind: 'PositionMarked';
      readonly positionId: string;
      readonly maxAdverse: Cents;
      readonly maxFavourable: Cents;
      readonly highWaterProfit: Cents;
    }
  | {
      readonly kind: 'ExitTriggered';
      readonly positionId: string;
      readonly reason: ExitReason;
      readonly rule: GateResult;
      readonly contracts: Contracts;
    }
  | { readonly kind: 'ExitPlanChanged'; readonly positionId: string; readonly exitPlan: ExitPlan; readonly by: string }
  | { readonly kind: 'PositionClosed'; readonly positionId: string; readonly trade: Trade }
  | {
      readonly kind: 'ActivityBooked';
      readonly activity: BrokerActivity;
      readonly positionId: string | null;
      /** Whether it says the same as the positions said when the leg went away; left out when it explains nothing found before. */
      readonly confirms?: boolean;
    }
  | {
      readonly kind: 'Reconciled';
      readonly trigger: 'start' | 'sweep' | 'gap' | 'fill' | 'endOfDay';
      readonly differences: readonly Difference[];
      readonly equity: Cents;
      readonly cash: Cents;
    }
  /** From here on the journal knows what cash the account must hold; the amount is the broker's word at its first look. */
  | { readonly kind: 'CashBookOpened'; readonly cash: Cents; readonly source: string }
  | {
      readonly kind: 'CashBooked';
      /** + the account holds more than our book said. */
      readonly amount: Cents;
      readonly classification: CashClass;
      /** The day that it belongs to. */
      readonly date: IsoDate;
      /** A symbol, or 'cash'. */
      readonly subject: string;
      readonly detail: string;
      /** The broker's activities that prove it; empty where only its cash does. */
      readonly activityIds: readonly string[];
    }
  /**
   * A session's day against the broker's record of it. 'close' = after the close, while fees and clearing may still be estimates;
   * 'settled' = with everything that the broker reported of it, before the next open.
   */
  | {
      readonly kind: 'DayReconciled';
      readonly date: IsoDate;
      readonly stage: 'close' | 'settled';
      readonly compared: {
        readonly fills: number;
        readonly brokerFills: number;
        readonly positions: number;
        readonly activities: number;
      };
      readonly cash: CashStatement;
      readonly feesBooked: Cents;
      /** null while the broker has not said. */
      readonly feesCharged: Cents | null;
      readonly differences: readonly Difference[];
    }
  /** The evening's audit: the broker's own orders of the day, each proved by the journal's rows or not. */
  | ({ readonly kind: 'DayAudited' } & DayAudit)
  | {
      readonly kind: 'KillStateChanged';
      readonly from: KillState;
      readonly to: KillState;
      readonly reason: string;
      readonly by: string;
    }
  | {
      readonly kind: 'BreakerTripped';
      readonly breaker: string;
      readonly severity: 'low' | 'medium' | 'high' | 'critical';
      readonly gate: GateResult;
      readonly action: string;
      /** What it holds back; absent: everything. */
      readonly scope?: BreakerScope;
      /** When it ends by itself; absent: at the next day's open or by the owner's hand. */
      readonly until?: Instant;
    }
  /** A fill far worse than the mid that was decided on. */
  | {
      readonly kind: 'SlippageNoted';
      readonly intentId: string;
      readonly attempt: number;
      readonly strategyId: string;
      /** Dollars per share, + worse. */
      readonly slippage: number;
    }
  /** Something critical that the owner must acknowledge. */
  | { readonly kind: 'AlertRaised'; readonly alertId: string; readonly title: string; readonly body: string }
  | { readonly kind: 'AlertAcknowledged'; readonly alertId: string; readonly by: string }
  | {
      readonly kind: 'BreakerReset';
      readonly breaker: string;
      readonly by: string;
      readonly reason: string;
      /** The equity that a fall from the peak, or the loss of the week, counts from after it; absent in older journals. */
      readonly countsFrom?: Cents;
    }
  | {
      readonly kind: 'StrategyModeChanged';
      readonly strategyId: string;
      readonly mode: 'auto' | 'approve' | 'observe' | 'off';
      readonly by: string;
    }
  | {
      readonly kind: 'TrustChanged';
      readonly strategyId: string;
      readonly from: Rung;
      readonly to: Rung;
      readonly reason: string;
      /** What spoke for it or against it. */
      readonly evidence: readonly GateResult[];
      readonly by: string;
    }
  /** The owner's leave to open with real money, with what spoke for it. */
  | { readonly kind: 'LiveArmed'; readonly arming: Arming; readonly evidence: readonly GateResult[] }
  | { readonly kind: 'LiveDisarmed'; readonly reason: string; readonly by: string }
  | { readonly kind: 'LiveStepTaken'; readonly step: LiveStep; readonly detail: string; readonly by: string }
  /** A wrong code at a door; `wrong` 0 = a right one came after wrong ones. Times are the machine's, not the market's. */
  | {
      readonly kind: 'WrongCodeCounted';
      readonly door: CodeDoor;
      /** In a row. */
      readonly wrong: number;
      readonly lockedUntil: Instant | null;
      readonly wallAt: Instant;
      readonly by: string;
    }
  | { readonly kind: 'SymbolPauseChanged'; readonly underlying: string; readonly paused: boolean; readonly by: string }
  /** The feed told that trading in an underlying stopped, or goes on. */
  | { readonly kind: 'TradingHaltTold'; readonly halt: TradingHalt }
  | { readonly kind: 'CommandAnswered'; readonly issued: IssuedCommand; readonly outcome: CommandOutcome }
  | {
      readonly kind: 'FaultRecorded';
      readonly where: string;
      readonly severity: 'low' | 'medium' | 'high' | 'critical';
      readonly fault: Fault;
    }
  | { readonly kind: 'ConnectionChanged'; readonly change: ConnectionChange }
  | { readonly kind: 'ClockJumped'; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'NoteEdited'; readonly tradeId: string; readonly notes: string; readonly by: string }
  /** A question to a language model, and what became of it. The engine makes nothing of either. */
  | OpinionFact;
