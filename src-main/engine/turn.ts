import type { Quote } from '#domain/market/chain';
import type { FeeSchedule } from '#domain/portfolio/fees';
import { type Instant, type IsoDate, plusMs } from '#domain/units';
import type { AccountSnapshot, BrokerCapabilities, BrokerOrder } from '#ports/broker';
import type { WireIds } from '#ports/clientOrderId';
import type { ContentDigest } from '#ports/contentDigest';
import type { MachineObservation, NotificationKind, Outcome, WakeReason } from '#ports/engine';
import type { JournalFact } from '#ports/facts';
import type { Latch, LatchRecord } from '#ports/latch';
import type { MarketDataCapabilities, UnderlyingHistory } from '#ports/marketData';
import type { EngineSettings } from '#ports/settings/settings';
import type { CatalogEntry } from '#ports/strategy';
import type { WorkSpec } from './execution/workSpec.ts';
import type { Counterfactuals } from './ledger/counterfactual.ts';
import type { RefusalFold } from './ledger/fold.ts';
import type { Mark } from './positions/mark.ts';
import type { ScanInput, ScannedStrategy } from './scanner/scanInput.ts';
import type { ScanMemory } from './scanner/scanMemory.ts';
import type { RankedCandidate, ScanOutput } from './scanner/scanOutput.ts';
import type { EngineState, FurtherVolatility } from './state/engineState.ts';

/** What the engine is built with; everything from outside is handed in. */
export interface EngineParts {
  readonly settings: EngineSettings;
  readonly catalog: readonly CatalogEntry[];
  readonly latch: Latch;
  readonly capabilities: BrokerCapabilities;
  readonly feedCapabilities: MarketDataCapabilities;
  readonly mode: 'live' | 'paper' | 'backtest';
  /** Where orders go, as the settings name it; absent: the embedded exchange. */
  readonly venue?: 'embedded' | 'alpaca-paper' | 'alpaca-live';
  readonly account: string;
  readonly journalId: string;
  /** What each attempt of this journal is called at the broker: another id under the same number is another order. */
  readonly wireIds: WireIds;
  readonly build: string;
  readonly configHash: string;
  readonly schemaVersion: number;
  readonly feeSchedule: FeeSchedule;
  /** Facts of earlier sessions, oldest first; folding them is the whole of recovery. */
  readonly earlierFacts: Iterable<{ readonly at: Instant; readonly fact: JournalFact }>;
  sectorOf(underlying: string): string;
  /** Names the content that a decision was made on. */
  readonly digest: ContentDigest;
}

/** What is known only now: asked for again after a restart. */
export interface Present {
  readonly quotes: Map<string, Quote>;
  /** By stock: its newest quote at which shares can be sold, be it too wide for a price. */
  readonly shareQuotes: Map<string, Quote>;
  readonly histories: Map<string, UnderlyingHistory>;
  readonly connections: Map<string, 'connected' | 'disconnected' | 'stale'>;
  readonly marks: Map<string, Mark>;
  /** Since when a position could not be valued, by its id. */
  readonly unmarkedSince: Map<string, Instant>;
  readonly specs: Map<string, WorkSpec>;
  readonly exitHits: Map<string, number>;
  readonly nextExitTryAt: Map<string, Instant>;
  /** By position: why its pressing exit was not sent the last time, as the owner was told. */
  readonly exitRefusalsTold: Map<string, string>;
  /** Unexplained differences: in how many spaced snapshots they were seen, and when last. */
  readonly drift: Map<string, { readonly polls: number; readonly at: Instant }>;
  /** What the last look found different and did not resolve. */
  openDifferences: ReadonlySet<string>;
  /** What stands between the account's cash and our book, in cents, and since when. */
  cashGap: { readonly amount: number; readonly since: Instant } | null;
  /** Clearings whose confirmation is overdue and of which the owner was told. */
  readonly overdueTold: Set<string>;
  /** When the order throttles refused, within the last minute. */
  throttledAt: readonly Instant[];
  readonly ranked: Map<string, RankedCandidate>;
  /** Intents that wait for fresh quotes before their next attempt. */
  readonly waitingForQuotes: Set<string>;
  /** By position: an entry whose next stage waits for quotes young enough to sell at. */
  readonly stagesToQuote: Map<string, WorkSpec>;
  strategies: readonly ScannedStrategy[];
  settings: EngineSettings;
  snapshot: AccountSnapshot | null;
  /** Nothing was left unexplained when the account was last compared. */
  accountAgrees: boolean;
  /** What the account's equity counts besides cash and positions (cents), by the last account that told it. */
  valueElsewhere: number;
  dataAt: Instant | null;
  /** The last row of the journal that this process began with; null once an account was seen. */
  journalEndedAt: Instant | null;
  /** When this process began to look. */
  startedAt: Instant;
  /** Orders under our name that the last account showed open though the thrown switch, or the end of the desk, does not allow them. */
  ordersAtBroker: number;
  /** The desk is ending in order: nothing is opened any more. `confirmed`: no entry is left, by the broker's own list. */
  standingDown: { readonly confirmed: boolean } | null;
  /** The switch as a death of the program alone had thrown it before this start; null when anything else has a hand in it. */
  thrownByDeath: LatchRecord | null;
  /** Since the start no account has agreed with the journal in everything yet. */
  awaitingFirstAgreement: boolean;
  /** The machine as last measured. */
  readonly machine: Map<MachineObservation['kind'], { readonly value: number; readonly at: Instant }>;
  reconciled: boolean;
  manageDue: boolean;
  watched: string;
  scan: { readonly input: ScanInput; readonly output: ScanOutput } | null;
  snapshotAsked: { readonly requestId: string; readonly trigger: 'start' | 'sweep' | 'gap' | 'fill' | 'endOfDay' } | null;
  /** Orders that may still fill and that this journal never sent, by the broker's id: they count in the gate. */
  readonly externalOrders: Map<string, BrokerOrder>;
  /** An account is on order that confirms our newest fills. */
  fillToConfirm: boolean;
  requests: number;
  historyOn: IsoDate | null;
  /** Underlyings whose history was asked for today, and those whose history did not come. */
  readonly historyAsked: Set<string>;
  readonly historyMissing: Set<string>;
  /** When these are asked for again. */
  historyAgainAt: number | null;
  nextScanAt: Instant | null;
  /** What the last look of the session's day found at 60 and 90 days, by underlying. */
  closingLook: {
    readonly requestId: string;
    readonly date: IsoDate;
    readonly volatilities: Map<string, FurtherVolatility>;
  } | null;
  readonly refusals: RefusalFold;
  readonly memory: ScanMemory;
  readonly counterfactuals: Counterfactuals;
}

/** One event being handled: what it reads, and where its facts and acts go. */
export interface Turn {
  readonly now: Instant;
  readonly parts: EngineParts;
  readonly state: EngineState;
  readonly present: Present;
  readonly settings: EngineSettings;
  /** Journals a fact and applies it at once. */
  emit(fact: JournalFact): void;
  act(outcome: Exclude<Outcome, { kind: 'journal' }>): void;
}

/** Asks to be woken in `ms`. */
export function wakeIn(turn: Turn, ms: number, kind: WakeReason['kind'], subject = ''): void {
  turn.act({ kind: 'wakeAt', at: plusMs(turn.now, ms), reason: { kind, subject } });
}

/** Tells the owner. */
export function notify(turn: Turn, kind: NotificationKind, title: string, body: string, urgent = false): void {
  turn.act({ kind: 'notify', notification: { kind, title, body, urgent } });
}

/** A request id that is unique in this process and the same in every equal run. */
export function nextRequestId(turn: Turn, what: string): string {
  turn.present.requests += 1;
  return `${what}-${turn.present.requests}`;
}
