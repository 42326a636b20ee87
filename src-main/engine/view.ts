import type { Decision } from '#domain/decisions/decision';
import type { Position } from '#domain/portfolio/position';
import type { Cents, Instant } from '#domain/units';
import type { BrokerPosition } from '#ports/broker';
import type { LatchRecord } from '#ports/latch';
import type { EngineSettings } from '#ports/settings/settings';
import type { MarketView } from '#ports/strategy';
import { entriesLeft } from './execution/entriesLeft.ts';
import { killProgress } from './kill-switch/killSwitch.ts';
import { closesAtOwnLimit } from './positions/close.ts';
import { type Danger, dangersOf, unattendedMs } from './positions/danger.ts';
import { type ExitStanding, standings } from './positions/exitRules.ts';
import { exitViewOf } from './positions/exitView.ts';
import type { Mark } from './positions/mark.ts';
import { markedEquity } from './positions/markedEquity.ts';
import type { RiskBook } from './risk/book.ts';
import type { Breaker } from './state/accountBook.ts';
import { entriesBlockedBy } from './state/blocks.ts';
import type { EngineState, OpenAlert } from './state/engineState.ts';
import type { OrderRecord, Work } from './state/orderRecord.ts';
import { haltReasons, riskBookOf } from './state/riskBook.ts';
import { modeOf, standingOf, type TrustStanding } from './trust/trust.ts';
import type { Turn } from './turn.ts';

/** The engine as of its last event, for whoever shows it. Read only; a new object each time it is asked for. */
export interface EngineView {
  readonly now: Instant;
  readonly settings: EngineSettings;
  readonly account: {
    readonly number: string;
    readonly equity: Cents | null;
    readonly cash: Cents | null;
    readonly optionsBuyingPower: Cents | null;
    readonly dayStartEquity: Cents | null;
    readonly optionsLevel: number | null;
  };
  readonly connections: ReadonlyMap<string, 'connected' | 'disconnected' | 'stale'>;
  readonly dataAt: Instant | null;
  readonly latch: LatchRecord;
  readonly killProgress: string | null;
  /** How far an end in order has come; null while none was asked for. */
  readonly standingDown: { readonly confirmed: boolean; readonly entriesLeft: number } | null;
  /** The owner's leave to open with real money; it may be over by its time. */
  readonly arming: EngineState['arming'];
  readonly killHistory: EngineState['killHistory'];
  readonly entriesBlockedBy: readonly string[];
  readonly breakers: readonly Breaker[];
  readonly lastTrips: EngineState['lastTrips'];
  /** Critical alerts that wait for the owner. */
  readonly alerts: readonly OpenAlert[];
  readonly machine: Turn['present']['machine'];
  readonly lastScan: EngineState['lastScan'];
  readonly nextScanAt: Instant | null;
  readonly positions: readonly {
    readonly position: Position;
    readonly mark: Mark | null;
    readonly standings: readonly ExitStanding[];
    readonly working: string | null;
    /** Whether it closes at a limit of the owner's own; what is closed in steps does not. */
    readonly takesOwnLimit: boolean;
  }[];
  readonly orders: readonly OrderRecord[];
  readonly works: ReadonlyMap<string, Work>;
  readonly awaiting: readonly Decision[];
  readonly pausedSymbols: ReadonlySet<string>;
  /** Underlyings that take no new risk because trading stands still, each with the reason that was given. */
  readonly halts: ReadonlyMap<string, string>;
  /** Entries that the order throttles refused within the last minute. */
  readonly throttled: number;
  readonly strategyModes: ReadonlyMap<string, 'auto' | 'approve' | 'observe' | 'off'>;
  readonly trust: ReadonlyMap<string, TrustStanding>;
  readonly tallies: EngineState['tallies'];
  readonly results: EngineState['results'];
  readonly book: RiskBook;
  readonly lastAudit: EngineState['lastAudit'];
  readonly lastDifferences: EngineState['lastDifferences'];
  /** What cash the account must hold, and what the broker has not confirmed yet; null before the first look. */
  readonly cashBook: EngineState['cashBook'];
  /** Market as the last scan prepared it. */
  readonly market: MarketView | null;
  /** Recorded 30-day implied volatilities of each underlying, oldest first, one a trading day. */
  readonly ivHistories: EngineState['ivHistories'];
  /** 60 and 90 days at the same closes. */
  readonly furtherIvHistories: EngineState['furtherIvHistories'];
  readonly brokerPositions: readonly BrokerPosition[];
  /** Whether the account was looked at and compared since the start, or since the last break. */
  readonly reconciled: boolean;
  /** The nearest thing that cannot wait. */
  readonly danger: Danger | null;
  /** Everything that cannot wait, soonest first. */
  readonly dangers: readonly Danger[];
  /** For how long open positions have had no data in the session. */
  readonly unattendedMs: number;
  /** Equity at conservative marks by our own books, cents; null while it is not known. */
  readonly markedEquity: Cents | null;
  /** For how long the position that has gone longest without a mark has had none. */
  readonly unmarkedMs: number;
  readonly day: EngineState['day'];
}

/** Assembles the view. */
export function viewOf(turn: Turn): EngineView {
  const { state, present, parts } = turn;
  const account = present.snapshot?.account ?? null;
  const working = new Map(
    [...state.works.values()].filter((work) => work.outcome === null).map((work) => [work.positionId, work.intentId]),
  );
  return {
    now: turn.now,
    settings: turn.settings,
    account: {
      number: account?.accountNumber ?? parts.account,
      equity: state.lastEquity?.equity ?? null,
      cash: account?.cash ?? null,
      optionsBuyingPower: account?.optionsBuyingPower ?? null,
      dayStartEquity: state.day?.startEquity ?? null,
      optionsLevel: account?.optionsLevel ?? null,
    },
    connections: present.connections,
    dataAt: present.dataAt,
    latch: parts.latch.read(),
    killProgress: killProgress(turn),
    standingDown: present.standingDown && { ...present.standingDown, entriesLeft: entriesLeft(turn) },
    arming: state.arming,
    killHistory: state.killHistory,
    entriesBlockedBy: entriesBlockedBy(turn),
    breakers: [...state.breakers.values()].filter(({ until }) => until === null || until > turn.now),
    lastTrips: state.lastTrips,
    alerts: [...state.alerts.values()],
    machine: present.machine,
    lastScan: state.lastScan,
    nextScanAt: present.nextScanAt,
    positions: [...state.positions.values()].map((position) => ({
      position,
      mark: present.marks.get(position.positionId) ?? null,
      standings: standings(exitViewOf(turn, position)),
      working: working.get(position.positionId) ?? null,
      takesOwnLimit: closesAtOwnLimit(position, parts.capabilities),
    })),
    orders: [...state.orders.values()],
    works: state.works,
    awaiting: [...state.awaiting.values()].map((waiting) => waiting.decision),
    pausedSymbols: state.pausedSymbols,
    halts: haltReasons(turn),
    throttled: present.throttledAt.length,
    strategyModes: new Map(parts.catalog.map((entry) => [entry.id, modeOf(turn, entry.id)])),
    trust: new Map(parts.catalog.map((entry) => [entry.id, standingOf(turn, entry.id)])),
    tallies: state.tallies,
    results: state.results,
    book: riskBookOf(turn),
    lastAudit: state.lastAudit,
    lastDifferences: state.lastDifferences,
    cashBook: state.cashBook,
    market: present.scan?.output.market ?? null,
    ivHistories: state.ivHistories,
    furtherIvHistories: state.furtherIvHistories,
    brokerPositions: present.snapshot?.positions ?? [],
    reconciled: present.reconciled,
    danger: dangersOf(turn)[0] ?? null,
    dangers: dangersOf(turn),
    unattendedMs: unattendedMs(turn),
    markedEquity: markedEquity(turn),
    unmarkedMs: Math.max(0, ...[...present.unmarkedSince.values()].map((since) => turn.now - since)),
    day: state.day,
  };
}
