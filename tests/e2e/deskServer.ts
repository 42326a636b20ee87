import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 15_000;

/** A headless desk in a process group of its own. */
export interface DeskServer {
  readonly url: string;
  readonly token: string;
  /** The address that a browser opens: its key is in the part that browsers never send. */
  readonly address: string;
  /** Ends it as a supervisor would and resolves when it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

interface Announcement {
  readonly url: string;
  readonly token: string;
}

function announcementIn(line: string): Announcement | null {
  if (!line.startsWith('{')) return null;
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null || !('url' in parsed) || !('token' in parsed)) return null;
  return { url: String(parsed.url), token: String(parsed.token) };
}

function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => child.once('exit', () => done()));
}

/** Starts `npm run serve` on a free port with its state under `home`, and resolves when it has said where it listens. */
export async function startDesk(
  home: string,
  options: { seed?: number; speed?: number; environment?: Readonly<Record<string, string>> } = {},
): Promise<DeskServer> {
  const { seed = 7, speed = 60, environment = {} } = options;
  const child = spawn(
    'npm',
    ['run', '-s', 'serve', '--', '--port', '0', '--seed', String(seed), '--speed', String(speed), '--json'],
    {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...environment, STRIKEDESK_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const complaints: string[] = [];
  child.stderr.on('data', (text) => complaints.push(String(text)));
  const said = new Promise<Announcement>((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`the desk did not start: ${complaints.join('').slice(-2000)}`)),
      START_TIMEOUT_MS,
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = announcementIn(line);
      if (!found) return;
      clearTimeout(timer);
      done(found);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`the desk ended with ${code}: ${complaints.join('').slice(-2000)}`));
    });
  });
  const { url, token } = await said;
  return {
    url,
    token,
    // The printed link carries a key of its own after the '#'; the token is for typing.
    address: url,
    async stop(signal = 'SIGTERM') {
      const gone = endOf(child);
      const group = (name: 'SIGTERM' | 'SIGKILL') => {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
      };
      group(signal);
      const timer = setTimeout(() => group('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}
