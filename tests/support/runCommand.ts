import { spawn } from 'node:child_process';

/** What a command of the program wrote, and how it ended. */
export interface CommandRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The last line on stdout, parsed. */
  json(): Record<string, unknown>;
}

/** Runs one of the program's entries (`src-main/app/<entry>.ts`) under the same Node as the test. */
export function runCommand(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandRun> {
  const child = spawn(process.execPath, [`src-main/app/${entry}.ts`, ...args], { env: { ...process.env, ...environment } });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString();
  });
  return new Promise((resolve) =>
    child.on('exit', (code) => resolve({ code, out, err, json: () => JSON.parse(out.trim().split('\n').at(-1) ?? '') })),
  );
}
