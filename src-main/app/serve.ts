import '#adapters/runtime/runtimeCheck';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSessions } from '#host/web/sessions';
import { makeTokens, roleOf } from '#host/web/tokens';
import { startWebServer } from '#host/web/webServer';
import { commandLine } from './commandLine.ts';
import { openDesk } from './desk/openDesk.ts';
import { CANNOT_START, supervise } from './supervise.ts';

const USAGE = `npm run -s serve -- [--port <n>] [--seed <n>] [--speed <n>] [--start <YYYY-MM-DD>] [--supervised] [--json]
  Serves the desk to a browser on this machine. --port 0 takes any free port. --supervised starts it again when it dies.`;

/** A supervised desk that died is started again after this pause. */
const FIRST_PAUSE_MS = 1_000;

const ANOTHER_LINK =
  process.platform === 'win32' ? 'for more windows type the token' : `kill -USR2 ${process.pid} prints another link`;

/** Options of the command line stand above the settings file, as variables do. */
const OVERRIDES = {
  port: 'STRIKEDESK_SERVER_PORT',
  seed: 'STRIKEDESK_SIMULATION_SEED',
  speed: 'STRIKEDESK_SIMULATION_SPEED',
  start: 'STRIKEDESK_SIMULATION_START',
} as const;

async function main(): Promise<void> {
  const { values } = commandLine(USAGE, {
    options: {
      port: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      start: { type: 'string' },
      json: { type: 'boolean', default: false },
      supervised: { type: 'boolean', default: false },
    },
  });
  if (values.supervised) {
    const args = process.argv.slice(2).filter((argument) => argument !== '--supervised');
    process.exit(await supervise(args, FIRST_PAUSE_MS));
  }
  const root = fileURLToPath(new URL('../../out/renderer', import.meta.url));
  if (!existsSync(`${root}/index.html`))
    throw new Error('The window is not built. Run npm run build (npm run serve does it by itself).');
  const environment: Record<string, string | undefined> = { ...process.env };
  for (const option of ['port', 'seed', 'speed', 'start'] as const)
    if (values[option] !== undefined) environment[OVERRIDES[option]] = values[option];
  const tokens = makeTokens();
  const desk = await openDesk(environment, { isOwnersToken: (text) => roleOf(text, tokens) === 'owner' });
  const elapsedMs = (): number => performance.now();
  const { port, sessionHours, linkMinutes } = desk.settings().server;
  const sessions = createSessions({
    tokens,
    sessionMs: sessionHours * 3_600_000,
    linkMs: linkMinutes * 60_000,
    elapsedMs,
  });
  const server = await startWebServer({
    handlers: desk.handlers,
    sessions,
    elapsedMs,
    root,
    port,
    lock: desk.desk.signInLock,
    onError: (where, error) => desk.log.error({ where, error: String(error) }, 'failed'),
  });
  // The link's code works once, and stands in the part of an address that browsers never send.
  const newLink = (): string => `${server.url}#token=${sessions.newLink()}`;
  const say = (json: object, text: string): void => void process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : text);
  const url = newLink();
  say(
    { url, token: tokens.owner, roles: { operator: tokens.operator, viewer: tokens.viewer } },
    `Strikedesk serves at ${server.url}\nOpen ${url}\n(opens it once, within ${linkMinutes} minutes; ${ANOTHER_LINK})\nor sign in there with the token ${tokens.owner}\nStop with Ctrl+C.\n`,
  );
  // Not by a key in the terminal: a desk in the background that reads from it is stopped by the system.
  process.on('SIGUSR2', () => {
    const link = newLink();
    say({ url: link }, `Open ${link}\n`);
  });

  let isStopping = false;
  const stop = (reason: string): void => {
    // A terminal and a supervisor both hand on the same Ctrl+C: the second one must not cut the first one's end short.
    if (isStopping) return;
    isStopping = true;
    void server
      .close()
      .then(() => desk.stop(reason))
      .then(
        (left) => {
          process.stderr.write(`Stopped: ${left}.\n`);
          process.exit(0);
        },
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', () => stop('stopped from the keyboard'));
  process.on('SIGTERM', () => stop('stopped by the system'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(CANNOT_START);
});
