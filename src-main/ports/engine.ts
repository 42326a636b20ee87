import type { Instant } from '#domain/units';
import type { BrokerReport, ConnectionChange, OrderRequest, SnapshotAnswer, SnapshotRequest } from './broker.ts';
import type { CommandOutcome, IssuedCommand } from './commands.ts';
import type { DayAudit, JournalFact } from './facts.ts';
import type { LatchRecord } from './latch.ts';
import type { ChainAnswer, ChainRequest, HistoryAnswer, SymbolQuote, TradingHalt } from './marketData.ts';
import type { EngineSettings } from './settings/settings.ts';

/** Why the engine asked to be woken; it comes back with the event. */
export interface WakeReason {
  readonly kind:
    | 'scan'
    | 'manage'
    | 'rung'
    | 'sweep'
    | 'lookUp'
    | 'dayOpen'
    | 'dayClose'
    | 'expiryGuard'
    | 'retry'
    | 'history'
    | 'heartbeat'
    | 'alert'
    | 'verify'
    | 'armingEnds';
  /** What it is about: an intent id, a position id, ... */
  readonly subject: string;
}

/** Everything that can happen to the engine, in one ordered queue. `at` is the engine's now; it never runs backwards. */
export type EngineEvent =
  | { readonly kind: 'started'; readonly at: Instant }
  | { readonly kind: 'timerFired'; readonly at: Instant; readonly reason: WakeReason }
  | { readonly kind: 'chainsArrived'; readonly at: Instant; readonly answer: ChainAnswer }
  | { readonly kind: 'historyArrived'; readonly at: Instant; readonly answer: HistoryAnswer }
  | { readonly kind: 'quotesArrived'; readonly at: Instant; readonly quotes: readonly SymbolQuote[] }
  | { readonly kind: 'haltsTold'; readonly at: Instant; readonly halts: readonly TradingHalt[] }
  | { readonly kind: 'brokerReported'; readonly at: Instant; readonly report: BrokerReport }
  | { readonly kind: 'snapshotAnswered'; readonly at: Instant; readonly answer: SnapshotAnswer }
  | { readonly kind: 'connectionChanged'; readonly at: Instant; readonly change: ConnectionChange }
  | { readonly kind: 'commandIssued'; readonly at: Instant; readonly issued: IssuedCommand }
  | {
      readonly kind: 'settingsChanged';
      readonly at: Instant;
      readonly settings: EngineSettings;
      /** A change with a hand of its own says so. */
      readonly changes: readonly {
        readonly path: string;
        readonly oldValue: string;
        readonly newValue: string;
        readonly by?: string;
      }[];
      readonly by: string;
    }
  | { readonly kind: 'clockJumped'; readonly at: Instant; readonly from: Instant }
  /** The latch was changed from outside (command line, file drop, watchdog). */
  | { readonly kind: 'latchMoved'; readonly at: Instant }
  /** Looked at outside the engine: the broker's orders of the day against the journal. */
  | { readonly kind: 'dayAudited'; readonly at: Instant; readonly audit: DayAudit }
  /** The desk is about to end in order. */
  | { readonly kind: 'stopAsked'; readonly at: Instant }
  /** Measured outside the engine: the machine that it runs on. */
  | { readonly kind: 'machineObserved'; readonly at: Instant; readonly observation: MachineObservation };

/**
 * A fact of the machine. `clockSkew`: ours less the broker's, milliseconds; `diskFree`: megabytes; `loopLag`: the longest stand-still
 * of the last look, milliseconds; `heap`: share of the memory limit in use.
 */
export interface MachineObservation {
  readonly kind: 'clockSkew' | 'diskFree' | 'loopLag' | 'heap';
  readonly value: number;
}

export type NotificationKind =
  | 'fill'
  | 'exit'
  | 'breach'
  | 'connection'
  | 'killSwitch'
  | 'approval'
  | 'assignment'
  | 'day'
  | 'error';

/** What the engine wants done, in order: facts first, then acts. */
export type Outcome =
  | { readonly kind: 'journal'; readonly fact: JournalFact }
  /** The runtime composes the wire identity from the intent's journal row, checks the latch a last time, then sends. */
  | { readonly kind: 'submitOrder'; readonly request: OrderRequest }
  | { readonly kind: 'cancelOrder'; readonly intentId: string; readonly attempt: number }
  /** By the broker's own id: an order that the broker shows and that no attempt of ours can be asked for. */
  | { readonly kind: 'cancelAtBroker'; readonly clientOrderId: string; readonly brokerOrderId: string }
  | { readonly kind: 'lookUpOrder'; readonly intentId: string; readonly attempt: number }
  | { readonly kind: 'requestSnapshot'; readonly request: SnapshotRequest }
  | { readonly kind: 'requestChains'; readonly request: ChainRequest }
  | {
      readonly kind: 'requestHistory';
      readonly requestId: string;
      readonly underlyings: readonly string[];
      readonly days: number;
    }
  | { readonly kind: 'watch'; readonly symbols: readonly string[] }
  | { readonly kind: 'requestQuotes'; readonly symbols: readonly string[] }
  | { readonly kind: 'exercise'; readonly symbol: string; readonly action: 'exercise' | 'doNotExercise' }
  | { readonly kind: 'wakeAt'; readonly at: Instant; readonly reason: WakeReason }
  /** `seen`: the record that this was decided on; what another hand wrote since is not made milder. */
  | { readonly kind: 'moveLatch'; readonly seen: LatchRecord; readonly record: LatchRecord }
  | { readonly kind: 'answerCommand'; readonly commandId: string; readonly outcome: CommandOutcome }
  | {
      readonly kind: 'notify';
      readonly notification: {
        readonly kind: NotificationKind;
        readonly title: string;
        readonly body: string;
        readonly urgent: boolean;
      };
    };
