import { type ChildProcess, spawn } from 'node:child_process';
import WebSocket from 'ws';
import { type Client, connect } from '#wire/client';
import type { Pipe } from '#wire/pipe';

export interface DeskProcess {
  readonly url: string;
  readonly token: string;
  readonly roles: { readonly operator: string; readonly viewer: string };
  readonly child: ChildProcess;
  /** Everything that the process wrote. */
  output(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `npm run serve`'s process on a data folder of its own and waits for its first line. */
export function startDesk(
  home: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<DeskProcess> {
  const child = spawn(process.execPath, ['src-main/app/serve.ts', '--port', '0', '--json', ...args], {
    env: { ...process.env, STRIKEDESK_SECRETS: 'environment', ...environment, STRIKEDESK_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  return new Promise((resolve, reject) => {
    let first = '';
    child.stderr.on('data', (text: Buffer) => {
      output += text.toString();
    });
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString();
      if (first !== '') return;
      if (!output.includes('\n')) return;
      first = output.slice(0, output.indexOf('\n'));
      const line: { url: string; token: string; roles: DeskProcess['roles'] } = JSON.parse(first);
      resolve({
        ...line,
        child,
        output: () => output,
        kill: (signal) =>
          new Promise((done) => {
            if (child.exitCode !== null || child.signalCode !== null) return done();
            child.once('exit', () => done());
            child.kill(signal);
          }),
      });
    });
    child.once('exit', (code) => reject(new Error(`the desk ended (${code}): ${output}`)));
  });
}

/** Signs in over the WebSocket as the window's page does; `headers` replace what the browser would say. Rejects with the close code when it is refused. */
export function signIn(url: string, token: string, headers: Readonly<Record<string, string>> = {}): Promise<Client> {
  const socket = new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/wire`, {
    headers: { origin: new URL(url).origin, ...headers },
  });
  const frames = new Set<(frame: unknown) => void>();
  const closers = new Set<(reason: string) => void>();
  const pipe: Pipe = {
    send: (frame) => socket.send(JSON.stringify(frame)),
    onFrame(listener) {
      frames.add(listener);
      return () => frames.delete(listener);
    },
    onClosed(listener) {
      closers.add(listener);
      return () => closers.delete(listener);
    },
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ kind: 'authenticate', token })));
    socket.on('error', reject);
    socket.on('close', (code, reason) => {
      reject(new Error(`closed ${code}`));
      for (const listener of closers) listener(reason.toString());
    });
    let welcomed = false;
    socket.on('message', (data) => {
      const frame: unknown = JSON.parse(String(data));
      if (welcomed) for (const listener of frames) listener(frame);
      else {
        welcomed = true;
        resolve(connect(pipe));
      }
    });
  });
}
