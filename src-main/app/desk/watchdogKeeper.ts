import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WatchdogView } from '#contract/watchdog';
import type { IdentifiedOrder } from '#ports/broker';
import type { WatchOrders, WatchState } from '#watchdog/protocol';
import { entriesFile, heartbeatFile, watchStateFile } from '#watchdog/sharedFiles';
import type { DataFolder } from '../dataFolder.ts';
import type { DeskSettings } from '../settingsSchema.ts';
import type { VenueSession } from './venueSession.ts';

/** Entries remembered for the watchdog: far more than can be open at once. */
const ENTRIES_KEPT = 500;
/** Pause before a watchdog that died is started again. */
const AGAIN_MS = 1_000;
/** A watchdog whose state is older than this many beats is lost. */
const LOST_BEATS = 10;

/** What a watchdog needs of the system, and nothing of the program's own variables: a key must not travel there. */
const VARIABLES = [
  'PATH',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'LANG',
  'SystemRoot',
];

/** The watchdog's process as its keeper knows it. */
export interface WatchdogChild {
  /** One line on its input. */
  say(line: string): void;
  onExit(listener: () => void): void;
  pid(): number | null;
}

/** Starts the watchdog's program; null where no process of its own can be had. */
export type StartWatchdog = (script: string) => WatchdogChild;

/** A Node that a process of its own can run under: this one, or the one that started the desktop app; null in a packaged app. */
function nodeBinary(): string | null {
  return process.versions['electron'] === undefined ? process.execPath : (process.env['STRIKEDESK_NODE'] ?? null);
}

export interface WatchdogKeeperParts {
  readonly folder: DataFolder;
  readonly settings: DeskSettings;
  readonly watchAt: VenueSession['watchAt'];
  readonly journalId: string;
  /** Open positions now. */
  positions(): number;
  /** True when the engine has stopped by itself: then it gives no sign of life. */
  isHalted(): boolean;
  tell(title: string, body: string): void;
  onError(where: string, error: unknown): void;
  /** How a packaged app, which has no Node, starts a process; absent: under Node. */
  readonly fork?: StartWatchdog | undefined;
}

/** Starts the watchdog, gives it the engine's sign of life, and starts it again when it dies. */
export function keepWatchdog(parts: WatchdogKeeperParts) {
  const { folder, settings, watchAt } = parts;
  const { beatSeconds, missedBeats, enabled } = settings.watchdog;
  const starter = starterFor(parts);
  const why = reasonWithout(enabled, watchAt, starter);
  const outlives = nodeBinary() !== null;
  let child: WatchdogChild | null = null;
  let count = 0;
  let stopping = false;
  let mute = false;
  const heartbeat = heartbeatFile(folder.heartbeat);
  const entryIds = entriesFile(folder.entries);
  const seenByWatchdog = watchStateFile(folder.watchdog);
  const entries = entryIds.read()?.entries.slice(-ENTRIES_KEPT) ?? [];

  const orders = (at: NonNullable<VenueSession['watchAt']>): WatchOrders => ({
    ...at,
    journalId: parts.journalId,
    enginePid: process.pid,
    beatMs: Math.round(beatSeconds * 1000),
    missedBeats,
    latchState: settings.watchdog.latchState,
    suspendTrade: settings.watchdog.suspendTrade,
    unattendedMs: settings.protection.unattendedSeconds * 1000,
    persistMs: settings.watchdog.persistMinutes * 60_000,
    files: {
      heartbeat: folder.heartbeat,
      entries: folder.entries,
      latch: folder.latch,
      state: folder.watchdog,
      log: folder.watchdogLog,
    },
  });

  /** A sign of life that cannot be written is one that stays away: the watchdog knows what that means. The engine goes on. */
  function beat(): void {
    if (parts.isHalted()) return;
    count += 1;
    try {
      heartbeat.write({ pid: process.pid, count, at: Date.now(), positions: parts.positions() });
      mute = false;
    } catch (error) {
      if (!mute) {
        parts.onError('sign of life', error);
        parts.tell('The sign of life cannot be written', 'After the set number of beats the watchdog takes every entry back.');
      }
      mute = true;
    }
  }

  function start(at: NonNullable<VenueSession['watchAt']>, begin: StartWatchdog): void {
    const started = begin(script());
    child = started;
    started.say(JSON.stringify(orders(at)));
    started.onExit(() => {
      if (stopping || child !== started) return;
      parts.tell('The watchdog ended', 'It is started again: nothing watched over the engine for a moment.');
      setTimeout(() => {
        if (!stopping) start(at, begin);
      }, AGAIN_MS).unref();
    });
  }

  const before = seenByWatchdog.read();
  let timer: NodeJS.Timeout | null = null;
  if (watchAt !== null && starter !== null && why === '') {
    rmSync(folder.watchdog, { force: true });
    beat();
    timer = setInterval(beat, beatSeconds * 1000);
    timer.unref();
    start(watchAt, starter);
  }

  return {
    /** What an earlier watchdog did while no engine answered; null when it had nothing to do. */
    lastDeed: before !== null && before.firedAt !== null ? deedText(before) : null,
    /** Called before an order reaches the wire: an entry is on the list before the broker can know it. */
    note(order: IdentifiedOrder): void {
      if (timer === null || order.purpose !== 'open') return;
      entries.push(order.clientOrderId);
      if (entries.length > ENTRIES_KEPT) entries.shift();
      entryIds.write({ entries });
    },
    view: (): WatchdogView => {
      const seen = timer === null ? null : seenByWatchdog.read();
      const { phase, ...rest } = seen ?? NOTHING_SEEN;
      const lost = seen !== null && phase !== 'ended' && Date.now() - seen.at > LOST_BEATS * beatSeconds * 1000;
      const standing = timer === null ? 'off' : lost ? 'lost' : phase;
      return {
        ...rest,
        phase: standing,
        beatSeconds,
        missedBeats,
        outlives,
        suspends: settings.watchdog.suspendTrade,
        why: why || rest.reason || (outlives ? '' : ENDS_WITH_APP),
      };
    },
    pid: (): number | null => child?.pid() ?? null,
    /** The desk ends in order. `entriesLeft`: what may still be open at the broker then; the watchdog stays until it is not. */
    stop(entriesLeft = 0): void {
      stopping = true;
      if (timer) clearInterval(timer);
      child?.say(entriesLeft > 0 ? 'take back' : 'end');
    },
  };
}

function deedText({ reason, cancelled, remaining, suspended }: WatchState): string {
  const taken = `${reason}. ${cancelled.length} ${cancelled.length === 1 ? 'entry was' : 'entries were'} taken back at the broker`;
  const left = remaining ? `, ${remaining} were still open at its last look` : '';
  return `${taken}${left}.${suspended ? ' Alpaca’s suspend_trade is set: switch it off there before anything can be sent.' : ''}`;
}

const NOTHING_SEEN = {
  phase: 'starting',
  pid: 0,
  at: 0,
  lastBeatAt: null,
  beatsMissed: 0,
  firedAt: null,
  reason: '',
  cancelled: [],
  remaining: null,
  clearedAt: null,
  suspended: false,
  positions: 0,
  error: '',
} as const;

/** Under Node where there is one: that process outlives the desk's death. */
function starterFor({ fork, tell }: WatchdogKeeperParts): StartWatchdog | null {
  const node = nodeBinary();
  if (node === null) return fork ?? null;
  return (path) => {
    const env = Object.fromEntries(VARIABLES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
    const child = spawn(node, [path], { detached: true, env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', (error) => tell('The watchdog could not be started', error.message));
    child.stdin.on('error', () => {});
    child.unref();
    return {
      say: (line) => void child.stdin.write(`${line}\n`),
      onExit: (listener) => void child.on('exit', listener),
      pid: () => child.pid ?? null,
    };
  };
}

/** What a watchdog that is a process of Electron's own cannot do. */
const ENDS_WITH_APP =
  'It sees an engine that stands still, but it ends with the packaged app when that is killed. npm start and npm run serve start one that outlives it.';

function reasonWithout(enabled: boolean, watchAt: VenueSession['watchAt'], starter: StartWatchdog | null): string {
  if (watchAt === null) return 'The embedded exchange lives in the engine’s own process: its orders end with it.';
  if (!enabled) return 'Switched off in the settings.';
  if (starter === null) return 'A process of its own cannot be had here; start with npm start or npm run serve.';
  return '';
}

/** Beside this file in the sources, beside the entries in a build. */
function script(): string {
  const path = import.meta.url.endsWith('.ts') ? '../../watchdog/watchdog.ts' : './watchdog.js';
  return fileURLToPath(new URL(path, import.meta.url));
}
