import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where everything that Strikedesk keeps lies. */
export interface DataFolder {
  readonly root: string;
  readonly settings: string;
  readonly journal: string;
  readonly backups: string;
  /** What the last restore drill came to. */
  readonly restoreDrill: string;
  /** Recorded sessions: what the engine was told. */
  readonly tapes: string;
  readonly latch: string;
  /** A file of this name, dropped into the folder, stops the engine. */
  readonly killDrop: string;
  readonly exchange: string;
  readonly sealedSecrets: string;
  readonly secretBackend: string;
  /** The owner's calendar of earnings, for venues that have none. */
  readonly earnings: string;
  /** Which phone is paired, and what it was heard saying. */
  readonly phone: string;
  readonly log: string;
  /** The engine's sign of life, the entries it has sent, and what the watchdog sees and did. */
  readonly heartbeat: string;
  readonly entries: string;
  readonly watchdog: string;
  readonly watchdogLog: string;
  /** What the battery proved, by command, for which build. */
  readonly batteryEvidence: string;
  /** When the program died without a word, lately. */
  readonly crashes: string;
}

/** The platform's own place for an application's data, or `STRIKEDESK_HOME`. */
export function dataFolder(root: string = defaultRoot()): DataFolder {
  return {
    root,
    settings: join(root, 'settings.jsonc'),
    journal: join(root, 'journal.db'),
    backups: join(root, 'backups'),
    restoreDrill: join(root, 'restore-drill.json'),
    tapes: join(root, 'tapes'),
    latch: join(root, 'kill-switch.latch'),
    killDrop: join(root, 'KILL'),
    exchange: join(root, 'exchange'),
    sealedSecrets: join(root, 'secrets.sealed'),
    secretBackend: join(root, 'secrets.backend'),
    earnings: join(root, 'earnings.csv'),
    phone: join(root, 'phone.json'),
    log: join(root, 'strikedesk.log'),
    heartbeat: join(root, 'heartbeat.json'),
    entries: join(root, 'watchdog-entries.json'),
    watchdog: join(root, 'watchdog.json'),
    watchdogLog: join(root, 'watchdog.log'),
    batteryEvidence: join(root, 'battery-evidence.json'),
    crashes: join(root, 'crashes.json'),
  };
}

/** Makes the folder, readable by its owner alone. */
export function prepareDataFolder(folder: DataFolder): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
}

function defaultRoot(): string {
  const chosen = process.env['STRIKEDESK_HOME'];
  if (chosen) return resolve(chosen);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Strikedesk');
  if (process.platform === 'win32') return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Strikedesk');
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'strikedesk');
}
