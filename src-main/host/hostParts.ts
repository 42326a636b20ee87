import type { WatchdogView } from '#contract/watchdog';
import type { ExpirationSlice, Quote } from '#domain/market/chain';
import type { FeeSchedule } from '#domain/portfolio/fees';
import type { Trade } from '#domain/portfolio/position';
import type { Instant, IsoDate, Price } from '#domain/units';
import type { Engine } from '#engine/engine';
import type { CommandOutcome, IssuedCommand } from '#ports/commands';
import type { JournalFact } from '#ports/facts';
import type { ChainVerdict, JournalQueries } from '#ports/journalQueries';
import type { KillState } from '#ports/latch';
import type { DailyBar } from '#ports/marketData';
import type { AskModel, OpinionFact } from '#ports/opinion';
import type { OpenChatLink, PhoneMemory } from '#ports/phone';
import type { SecretStore } from '#ports/secretStore';
import type { SettingsStore } from '#ports/settings/appSettings';
import type { CatalogEntry } from '#ports/strategy';

/** The market as the window looks at it; looking changes nothing. */
export interface MarketLook {
  readonly underlyings: readonly { readonly symbol: string; readonly name: string; readonly sector: string }[];
  /** An underlying's or an option's newest quote. */
  quoteOf(symbol: string): Quote | null;
  previousClose(underlying: string): Price | null;
  /** Ascending. */
  expirations(underlying: string): readonly IsoDate[];
  slice(underlying: string, expiration: IsoDate): ExpirationSlice | null;
  /** Completed days, oldest first. */
  bars(underlying: string): readonly DailyBar[];
  /** Asks the source for fresh quotes and resolves when they came (or after a moment without them). */
  refresh(symbols: readonly string[]): Promise<void>;
}

/** What runs the clock. A live clock has speed 1 and refuses another. */
export interface DeskClock {
  now(): Instant;
  speed(): number | 'max';
  setSpeed(speed: number | 'max'): boolean;
}

export interface Notice {
  readonly kind: 'fill' | 'exit' | 'breach' | 'connection' | 'killSwitch' | 'approval' | 'assignment' | 'day' | 'error';
  readonly title: string;
  readonly body: string;
  readonly urgent: boolean;
}

/** Everything that the host answers from; joined in `app`. */
export interface HostParts {
  readonly engine: Engine;
  readonly issue: (issued: IssuedCommand) => Promise<CommandOutcome>;
  readonly journal: JournalQueries;
  /** Sequence number of the newest row: grows with everything that happens. */
  readonly journalHead: () => number;
  /** Journals an act of the owner that is not the engine's business: keys, speed. */
  readonly record: (change: { readonly path: string; readonly oldValue: string; readonly newValue: string }, by: string) => void;
  /** Journals a fact that is not the engine's business either: a step on the way to live, a wrong code, a limit that was not loosened, a question to a language model. On the disk when it returns. */
  readonly recordFact: (
    fact: Extract<JournalFact, { kind: 'LiveStepTaken' | 'WrongCodeCounted' | 'SettingHeldBack' } | OpinionFact>,
  ) => void;
  /** Whether the battery is green for exactly this build, and what it lacks. */
  readonly battery: () => {
    readonly green: boolean;
    readonly detail: string;
    /** Every command that was run for this build. */
    readonly entries: readonly { readonly command: string; readonly ok: boolean; readonly at: string }[];
  };
  /** Proves the journal's chain as it is now, without holding the engine up. */
  readonly verifyJournal: () => Promise<ChainVerdict>;
  readonly backUp: () => Promise<{ readonly file: string; readonly events: number }>;
  /** What there is to restore from; ages by the machine's clock. */
  readonly backups: () => {
    /** Whole when it was made. */
    readonly newest: { readonly name: string; readonly at: Instant; readonly ageHours: number } | null;
    readonly drill: { readonly ok: boolean; readonly reason: string; readonly ageDays: number } | null;
  };
  readonly exportTrades: (
    trades: readonly Trade[],
    format: 'csv' | 'json' | 'schema',
  ) => { readonly fileName: string; readonly mediaType: string; readonly text: string };
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly catalog: readonly CatalogEntry[];
  readonly market: MarketLook;
  readonly clock: DeskClock;
  readonly watchdog: () => WatchdogView;
  readonly phone: {
    readonly memory: PhoneMemory;
    readonly openLink: OpenChatLink;
    /** The kill switch's file itself, for when the engine does not take the phone's word. `throw` throws when it cannot write. */
    readonly latch: { state(): KillState; throw(verb: 'stopEntries' | 'freeze', reason: string, by: string): void };
  };
  /** One question to a language model; it knows nothing but the question. */
  readonly askModel: AskModel;
  /** Whether a text is the token by which the owner signs in from a browser; never where no browser is served. In constant time. */
  readonly isOwnersToken: (text: string) => boolean;
  readonly mode: 'live' | 'paper' | 'backtest';
  /** 'embedded exchange', 'Alpaca paper', 'Alpaca live'. */
  readonly venue: string;
  readonly quality: 'nbbo' | 'indicative' | 'simulated' | 'recorded';
  readonly fees: FeeSchedule;
  readonly about: {
    readonly version: string;
    readonly build: string;
    readonly dataFolder: string;
    readonly settingsFile: string;
    readonly journalFile: string;
    readonly platform: string;
  };
  onError(where: string, error: unknown): void;
}
