import { z } from 'zod';
import { engineSettings } from './settings.ts';

const flag = (initial: boolean, description: string) => z.boolean().default(initial).meta({ unit: 'on/off', description });
const url = (description: string) =>
  z
    .string()
    .regex(/^$|^https?:\/\/\S+$/, 'must be empty or an http(s) address')
    .default('')
    .meta({ unit: 'address', description });
const whole = (min: number, max: number, initial: number, unit: string, description: string) =>
  z.number().int().min(min).max(max).default(initial).meta({ unit, description });

/** Whose money, and where orders go. */
export const brokerSettings = z.object({
  venue: z
    .enum(['embedded', 'alpaca-paper', 'alpaca-live'])
    .default('embedded')
    .meta({ unit: 'venue', description: 'The embedded exchange (simulated), Alpaca paper, or Alpaca live' }),
  tradingUrl: url(
    'Alpaca trading address (empty: Alpaca’s own for the venue; https or this machine, with a live key Alpaca’s own or this machine)',
  ),
  dataUrl: url('Alpaca market-data address (empty: Alpaca’s own; under the same rule)'),
  optionFeed: z
    .enum(['indicative', 'opra'])
    .default('indicative')
    .meta({ unit: 'feed', description: 'Indicative quotes are delayed and altered; OPRA needs a subscription' }),
  stockFeed: z.enum(['iex', 'sip']).default('iex').meta({ unit: 'feed', description: 'Stock quotes: one exchange, or all' }),
  requestsPerMinute: whole(
    10,
    10_000,
    180,
    'requests',
    'Requests a minute with one key at each of the two hosts (trading, data), cancels and exits included (Alpaca allows 200 each)',
  ),
  reservedRequests: whole(0, 1_000, 20, 'requests', 'Of these, so many at each host are kept for cancels and exits'),
  requestSeconds: whole(
    1,
    120,
    15,
    'seconds',
    'A request without an answer by then is given up; an order is then in doubt and looked up',
  ),
  watchedOptions: whole(1, 1_000, 200, 'symbols', 'Option quotes that your data plan streams (Basic 200, Algo Trader Plus 1000)'),
  watchedStocks: whole(1, 1_000, 30, 'symbols', 'Stock quotes that your data plan streams (Basic 30)'),
  authenticationSeconds: whole(1, 300, 10, 'seconds', 'A stream that is not ready by then is given up and opened again'),
  slowRetrySeconds: whole(
    1,
    600,
    90,
    'seconds',
    'Pause before a stream is opened again after a refusal (Alpaca keeps dead ones for 90 s)',
  ),
  quoteSilenceSeconds: whole(
    5,
    3_600,
    60,
    'seconds',
    'A quote stream that is silent for so long while the market is open is stale',
  ),
  updateSilenceSeconds: whole(
    1,
    600,
    15,
    'seconds',
    'An order stream that is silent for so long after an accepted order is stale',
  ),
});

/** How the embedded exchange is run. Takes effect at the next start with a new data folder, except the speed. */
export const simulationSettings = z.object({
  seed: whole(0, 2_147_483_647, 7, 'number', 'Seed of the simulated market'),
  start: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .default('2026-01-05')
    .meta({ unit: 'date', description: 'First session of the simulated market' }),
  speed: z.number().min(0.1).max(100_000).default(60).meta({ unit: 'times', description: 'Market seconds per second' }),
  skipClosedHours: flag(true, 'Jump over nights and weekends'),
});

export const serverSettings = z.object({
  port: whole(0, 65_535, 4517, 'port', 'Port of npm run serve on this machine (0: any free one)'),
  sessionHours: whole(1, 500, 12, 'hours', 'A signed-in window must sign in again after this long'),
  linkMinutes: whole(1, 1_440, 15, 'minutes', 'The printed link opens the desk once, and only within so long'),
  wrongTokens: whole(1, 1_000_000, 5, 'tokens', 'Wrong tokens in a row that lock sign-in for everybody'),
  lockMinutes: whole(1, 1_440, 15, 'minutes', 'How long sign-in is locked then'),
});

export const alertSettings = z.object({
  fills: flag(true, 'Notify of fills'),
  exits: flag(true, 'Notify of exits'),
  breaches: flag(true, 'Notify of limits reached and of errors'),
  connections: flag(true, 'Notify of disconnections'),
  days: flag(true, 'Notify of the evening’s audit, with the head of the journal'),
});

/** The owner's phone, over a Telegram bot of the owner's own. Times are the machine's clock. */
export const telegramSettings = z.object({
  enabled: flag(true, 'Talk to the paired phone once a bot’s token is stored'),
  alerts: z
    .enum(['none', 'urgent', 'chosen', 'everything'])
    .default('urgent')
    .meta({ unit: 'notices', description: 'What is pushed: what is urgent, also what Alerts chooses, or every notice' }),
  discreet: flag(
    true,
    'No amounts, balances or prices in messages, except of a proposal that you ask to answer: Telegram’s servers can read what a bot writes',
  ),
  approvals: flag(false, 'Let the phone answer proposals, each with a one-time code of the authenticator'),
  approvalSeconds: whole(10, 60, 60, 'seconds', 'How long the code for one proposal may be typed'),
  staleSeconds: whole(10, 600, 120, 'seconds', 'Messages older than this are not acted upon, except the kill switch’s'),
  commandsPerMinute: whole(
    1,
    120,
    20,
    'messages',
    'Questions of the phone that are answered in a minute; stops are never counted',
  ),
  messagesPerMinute: whole(1, 60, 20, 'messages', 'Messages that are sent in a minute; answers to stops go first'),
  pairingMinutes: whole(1, 60, 10, 'minutes', 'How long a pairing code counts'),
  pollSeconds: whole(1, 50, 25, 'seconds', 'How long Telegram holds a question for news open'),
  apiUrl: z
    .string()
    .regex(/^$|^https:\/\/\S+$|^http:\/\/127\.0\.0\.1:\d+$/, 'must be empty, https, or this machine')
    .default('')
    .meta({ unit: 'address', description: 'Address of the Bot API (empty: Telegram’s own; another one is for tests)' }),
});

/**
 * A language model's second opinion on a proposal. It has no effect: nothing here can order, approve or stop anything. Times are
 * the machine's clock.
 */
export const opinionSettings = z.object({
  enabled: flag(false, 'Offer a second opinion of a language model on proposals that wait for your answer'),
  automatic: flag(false, 'Ask about every such proposal without being told to'),
  url: z
    .string()
    // No user name, no query: what stands in an address stands in the journal too.
    .regex(
      /^(?:https:\/\/[\w.-]+|http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?:\/[\w./~-]*)?$/,
      'must be an https address, or http on this machine',
    )
    .default('http://127.0.0.1:11434/v1/chat/completions')
    .meta({ unit: 'address', description: 'A chat completions endpoint as OpenAI defines it (Ollama, llama.cpp, vLLM, ...)' }),
  model: z
    .string()
    .regex(/^[\w.:/@-]{0,100}$/, 'must be a name without blanks')
    .default('')
    .meta({ unit: 'name', description: 'The model’s name at that address' }),
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(600)
    .default(60)
    .meta({ unit: 'seconds', description: 'An answer that is not whole by then is no opinion' }),
  mostPerDay: whole(1, 10_000, 50, 'questions', 'Questions within 24 hours'),
  mostAtOnce: whole(1, 10, 1, 'questions', 'Questions that may be open at once'),
  mostAnswerLength: whole(200, 20_000, 2_000, 'characters', 'A longer answer is no opinion'),
  outsideTexts: flag(
    true,
    'Also tell the model your notes on earlier trades, the company’s name, the broker’s messages and differences in the books of the same underlying',
  ),
  textLength: whole(40, 2_000, 400, 'characters', 'Of each of these texts at most so much'),
});

export const journalSettings = z.object({
  dailyBackups: whole(1, 90, 7, 'backups', 'Daily backups kept'),
  weeklyBackups: whole(0, 104, 4, 'backups', 'Weekly backups kept'),
  backupEveryHours: whole(1, 168, 24, 'hours', 'Time between two backups'),
  backupOverdueHours: whole(1, 720, 48, 'hours', 'A newest backup older than this counts as none (Safety, Backups)'),
  drillOverdueDays: whole(
    1,
    365,
    31,
    'days',
    'After this time without a restore drill nobody knows whether a backup can be restored',
  ),
  recordSessions: z.enum(['never', 'brokers', 'always']).default('brokers').meta({
    unit: 'venues',
    description: 'Record what the engine is told, so that its decisions can be made again: never, at Alpaca, or always',
  }),
  tapeMegabytes: whole(
    10,
    1_000_000,
    2_000,
    'megabytes',
    'A recorded session ends at this size, and when the disk has less free than protection.minDiskMegabytes; trading goes on',
  ),
  tapesKept: whole(1, 365, 5, 'sessions', 'Recorded sessions kept (some hundred megabytes each)'),
});

/** The process of its own that takes entries back when the engine does not answer. */
export const watchdogSettings = z.object({
  enabled: flag(
    true,
    'Watch over the engine on Alpaca’s venues (the embedded exchange lives and dies with its engine). All of this takes effect at the next start',
  ),
  beatSeconds: z
    .number()
    .min(0.05)
    .max(60)
    .default(1)
    .meta({ unit: 'seconds', description: 'Time between two signs of life of the engine' }),
  missedBeats: whole(2, 100, 3, 'beats', 'Signs of life that may stay away before entries are taken back'),
  latchState: z
    .enum(['REDUCING', 'HALTED'])
    .default('REDUCING')
    .meta({ unit: 'state', description: 'State of the kill switch that the watchdog then throws' }),
  suspendTrade: flag(false, 'Also set Alpaca’s suspend_trade: the broker then refuses every order, closing ones too'),
  persistMinutes: whole(1, 1_440, 30, 'minutes', 'How long it goes on trying to take entries back'),
});

/** How often a program that died is started again before it stays halted. */
export const supervisorSettings = z.object({
  maxCrashes: whole(2, 100, 3, 'crashes', 'So many deaths within the window leave the engine HALTED'),
  windowMinutes: whole(1, 1_440, 10, 'minutes', 'Window in which deaths are counted'),
});

/** What the desktop app does outside its window. */
export const shellSettings = z.object({
  killShortcut: z
    .string()
    .max(60)
    .default('CommandOrControl+Alt+Shift+K')
    .meta({ unit: 'keys', description: 'Freezes everything from any application (empty: none). Takes effect at the next start' }),
});

/** Everything in the settings file: the engine's sections, and the program's own. */
export const appSettings = engineSettings.extend({
  broker: brokerSettings.prefault({}),
  simulation: simulationSettings.prefault({}),
  server: serverSettings.prefault({}),
  alerts: alertSettings.prefault({}),
  telegram: telegramSettings.prefault({}),
  opinion: opinionSettings.prefault({}),
  journal: journalSettings.prefault({}),
  watchdog: watchdogSettings.prefault({}),
  supervisor: supervisorSettings.prefault({}),
  shell: shellSettings.prefault({}),
});

export type AppSettings = z.output<typeof appSettings>;

export interface SettingProblem {
  /** Dotted path of the field; empty when the file as a whole is meant. */
  readonly path: string;
  readonly message: string;
}

export interface SettingChange {
  readonly path: string;
  readonly oldValue: string;
  readonly newValue: string;
}

/** A value that was asked for outside the window, and what stays in force instead because real money is at stake. */
export interface HeldBack {
  readonly path: string;
  readonly inForce: string;
  readonly wanted: string;
  /** The file, the variable, or the default that would take the place of a line that was taken out. */
  readonly from: string;
}

/** The settings file as the program sees it. Settings are generic: the file may hold more than {@link AppSettings}. */
export interface SettingsStore<Settings extends AppSettings = AppSettings> {
  current(): Settings;
  /** For the form: JSON schema, values in force, what an environment variable overrides, what is wrong with the file. */
  view(): {
    readonly schema: unknown;
    readonly values: unknown;
    readonly file: string;
    readonly overridden: Readonly<Record<string, string>>;
    readonly problems: readonly SettingProblem[];
  };
  /** What an edit of the file or a variable asks for and does not get. Each is among the problems too. */
  heldBack(): readonly HeldBack[];
  /** Changes fields by dotted path and writes the file; answers with what is wrong (then nothing changed). */
  change(changes: readonly { readonly path: string; readonly value: unknown }[], by: string): readonly SettingProblem[];
  /** After each change in force, the owner's hand in the file included; also when only the problems changed. */
  onChange(listener: (changes: readonly SettingChange[], by: string) => void): () => void;
  close(): void;
}
