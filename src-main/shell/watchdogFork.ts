import { utilityProcess } from 'electron';

/**
 * The watchdog beside a packaged app, which has no Node of its own for it: a process of Electron's. It sees a window's or an
 * engine's loop that stands still; unlike one under Node it ends together with the app when that is killed.
 */
export function forkWatchdog(script: string): {
  say(line: string): void;
  onExit(listener: () => void): void;
  pid(): number | null;
} {
  const child = utilityProcess.fork(script, [], { serviceName: 'Strikedesk watchdog', stdio: 'ignore', env: {} });
  return {
    say: (line) => child.postMessage(line),
    onExit: (listener) => void child.on('exit', listener),
    pid: () => child.pid ?? null,
  };
}
