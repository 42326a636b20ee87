import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** Longest pause between two starts of a program that dies again and again. */
const LONGEST_PAUSE_MS = 30_000;

/** A desk that lived this long had started. */
const RAN_MS = 10_000;

/**
 * Runs the desk as a child and starts it again whenever it dies. What a start after a death may do is decided by the desk itself:
 * REDUCING until the account agrees, HALTED after too many deaths. An end in order ends this too; a program that could
 * never start (a wrong setting) is not tried again.
 */
export async function supervise(args: readonly string[], firstPauseMs: number): Promise<number> {
  // The very entry that runs now, in the sources or built.
  const script = process.argv[1] ?? '';
  let stopping = false;
  let hasRun = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(Math.max(pauseMs, 500) * 2, LONGEST_PAUSE_MS)) {
    const startedAt = Date.now();
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals): void => {
      stopping = true;
      child.kill(signal);
    };
    process.once('SIGINT', forward);
    process.once('SIGTERM', forward);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.once('exit', (...how) => resolve(how)),
    );
    process.removeListener('SIGINT', forward);
    process.removeListener('SIGTERM', forward);
    hasRun ||= Date.now() - startedAt > RAN_MS || code !== CANNOT_START;
    if (stopping || code === 0 || !hasRun) return code ?? 0;
    if (Date.now() - startedAt > LONGEST_PAUSE_MS) pauseMs = firstPauseMs;
    process.stderr.write(`The desk died (${signal ?? `code ${code}`}); it is started again.\n`);
    await pause(pauseMs);
  }
}

/** Exit code of a desk that says in a sentence why it does not start. */
export const CANNOT_START = 2;
