import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** Tells the owner in the system's own way, if it has one, and always in the log. Never throws: an alert must not stop the deed. */
export function alertOwner(log: string, title: string, body: string): void {
  try {
    appendFileSync(log, `${JSON.stringify({ at: Date.now(), pid: process.pid, title, body })}\n`, { mode: 0o600 });
  } catch {
    // A full disk must not keep entries at the broker.
  }
  const command = notifier(title, body);
  if (!command) return;
  const [program, args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

function notifier(title: string, body: string): readonly [string, readonly string[]] | null {
  if (process.platform === 'linux') return ['notify-send', ['--urgency=critical', '--app-name=Strikedesk', title, body]];
  if (process.platform === 'darwin')
    return ['osascript', ['-e', `display notification ${JSON.stringify(body)} with title ${JSON.stringify(title)}`]];
  return null;
}
