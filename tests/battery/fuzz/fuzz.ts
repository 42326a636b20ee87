import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { openJournalReader } from '#adapters/journal/journal';
import { type DeskProcess, startDesk } from '#support/deskProcess';
import { TOKEN } from '#support/telegramStandIn';
import { type InsidersResult, openInsiders } from './insiders.ts';
import { brokenText, callFrame, fittingText, one, type Random, seeded } from './payloads.ts';
import { openPhoneLine, phoneEnvironment } from './phoneLine.ts';
import { openPortLine, type PortResult } from './portLine.ts';

export interface FuzzResult {
  readonly ok: boolean;
  readonly seed: number;
  readonly payloads: number;
  readonly payloadsPerSecond: number;
  readonly unauthenticated: number;
  /** Frames that somebody without a token was sent. Must be 0. */
  readonly strangersAnswered: number;
  readonly viewerCalls: number;
  readonly http: number;
  /** Telegram updates: strangers, groups, forwards, edits, repetitions, old and broken ones, and what the owner may say in vain. */
  readonly phone: number;
  /** Of these, how many the desk says it did not act upon. */
  readonly phoneRefused: number;
  /** The paired owner's /kill, after all of them, still threw the switch. */
  readonly phoneStops: boolean;
  /** Mistakes of the program that the phone's line met, by its log. Must be 0. */
  readonly phoneErrors: number;
  /** Files and outputs with the bot's token in them. Must be 0. */
  readonly tokenLeaks: number;
  /** Rows in the journal that only somebody's act makes. Must be 0. */
  readonly stateChanges: number;
  /** The first of them, to see whose they were. */
  readonly changes: readonly string[];
  /** Answers that admit a mistake of the program. Must be 0. */
  readonly internalFailures: number;
  readonly serverErrors: number;
  /** An owner's and an operator's lines, at a desk of their own where they may act. */
  readonly insiders: InsidersResult;
  /** The window's line through Electron's port, at a desk of its own, with every value that a port copies. */
  readonly port: PortResult;
  readonly alive: boolean;
  readonly answers: Readonly<Record<string, number>>;
}

/** Calls on one line at once: below what the server allows, so that each is really looked at. */
const IN_FLIGHT = 100;
/** A viewer's line is opened anew after so many calls. */
const CALLS_A_LINE = 2_000;
/** In each round, beside the viewer's calls. */
const INSIDERS_CALLS = 300;
const PORT_CALLS = 400;
const STRANGERS = 60;
/** Strangers at once: below what the server admits. */
const AT_ONCE = 20;
const ACTS = [
  'CommandAnswered',
  'SettingChanged',
  'KillStateChanged',
  'LiveStepTaken',
  'LiveArmed',
  'NoteEdited',
  'StrategyModeChanged',
];

const STRANGER_ANSWERED = 'stranger was answered';
/** Batches of a hundred Telegram updates in each round. */
const PHONE_BATCHES = 3;

/** Whose acts these are when the program does them by itself: at its start, or when its own triggers fire. */
const ITSELF: ReadonlySet<string> = new Set(['start', 'engine']);

/**
 * Throws `n` payloads at real desks. At the first, in a process of its own: without a token, with a viewer's, over plain HTTP,
 * and over a paired phone's line; nobody there may change anything: the journal is searched for acts, the answers for mistakes of
 * the program, and the desk must still live. At two others an owner, an operator and a window with a port may do what the
 * contract takes: every call has an answer of a known form, none admits a mistake, and the desk obeys afterwards.
 */
export async function fuzz(n: number, seed: number): Promise<FuzzResult> {
  const home = mkdtempSync(join(tmpdir(), 'strikedesk-fuzz-'));
  const random = seeded(seed);
  const answers: Record<string, number> = {};
  const count = (name: string): void => {
    answers[name] = (answers[name] ?? 0) + 1;
  };
  // Wrong tokens are the subject here: the lock would only keep them from being tried.
  const line = await openPhoneLine(random);
  const desk = await startDesk(home, ['--seed', String(seed)], {
    STRIKEDESK_SERVER_WRONG_TOKENS: '1000000',
    ...phoneEnvironment(line.url),
  });
  const insiders = await openInsiders(random, seed);
  const port = await openPortLine(random, seed);
  const done = { unauthenticated: 0, viewerCalls: 0, http: 0, phone: 0 };
  const inside = { insiders: 0, port: 0 };
  const sum = (): number => done.unauthenticated + done.viewerCalls + done.http + done.phone + inside.insiders + inside.port;
  const started = performance.now();
  try {
    const setUp = await line.pair(desk);
    while (sum() < n) {
      inside.insiders += await insiders.attack(INSIDERS_CALLS);
      inside.port += await port.attack(PORT_CALLS);
      for (let batch = 0; batch < PHONE_BATCHES; batch++) done.phone += await line.attack();
      const left = n - sum();
      const calls = Math.min(CALLS_A_LINE, Math.max(1, left - 2 * STRANGERS));
      done.viewerCalls += await viewerLine(desk, random, calls, count);
      for (let turn = 0; turn < STRANGERS; turn += AT_ONCE) {
        const few = Array.from({ length: AT_ONCE });
        await Promise.all(few.map(() => stranger(desk, random, count)));
        await Promise.all(few.map(async () => count(`http ${await rawRequest(desk, random)}`)));
        done.unauthenticated += AT_ONCE;
        done.http += AT_ONCE;
      }
    }
    const seconds = (performance.now() - started) / 1_000;
    const [ofInsiders, ofPort] = [await insiders.finish(), await port.finish()];
    const alive = desk.child.exitCode === null && (await viewerLine(desk, random, 1, () => {})) === 1;
    const phoneRefused = await line.refused();
    const journal = openJournalReader(join(home, 'journal.db'));
    const acts = journal.reader.events({ kinds: ACTS, text: null, beforeSeq: null, limit: 10_000 }).rows;
    const changed = acts.filter(({ seq, fact }) => seq > setUp && !('by' in fact && ITSELF.has(fact.by)));
    const stateChanges = changed.length;
    const changes = changed.slice(-10).map(({ seq, fact }) => `${seq} ${JSON.stringify(fact).slice(0, 300)}`);
    journal.close();
    const phoneStops = await line.stopsStill();
    await desk.kill('SIGTERM');
    const log = readFileSync(join(home, 'strikedesk.log'), 'utf8');
    const phoneErrors = log.split('\n').filter((row) => /"where":"phone/.test(row)).length;
    const texts = [
      log,
      desk.output(),
      ...['journal.db', 'settings.jsonc', 'phone.json'].map((name) => contentOf(join(home, name))),
    ];
    const tokenLeaks = texts.filter((text) => text.includes(TOKEN.split(':')[1] ?? TOKEN)).length;
    const internalFailures = [answers, ofInsiders.answers, ofPort.answers]
      .flatMap((counted) => Object.entries(counted))
      .reduce((all, [name, times]) => all + (/\binternal$/.test(name) ? times : 0), 0);
    const serverErrors = Object.entries(answers).reduce((sum, [name, times]) => (/^http 5/.test(name) ? sum + times : sum), 0);
    const strangersAnswered = answers[STRANGER_ANSWERED] ?? 0;
    const payloads = sum();
    const quiet = stateChanges + internalFailures + serverErrors + phoneErrors + tokenLeaks + strangersAnswered === 0;
    const insidersOk =
      ofInsiders.alive &&
      ofInsiders.memoryLevel &&
      ofInsiders.untyped.length + ofInsiders.unanswered === 0 &&
      ofInsiders.ownerCalls > 0;
    const portOk =
      ofPort.alive &&
      !ofPort.polluted &&
      ofPort.untyped.length + ofPort.unanswered + ofPort.notEnded + ofPort.mistakes.length === 0;
    const ok = alive && quiet && insidersOk && portOk && phoneStops && phoneRefused > done.phone / 2 && payloads >= n;
    return {
      ok,
      seed,
      payloads,
      payloadsPerSecond: Math.round(payloads / seconds),
      ...done,
      strangersAnswered,
      insiders: ofInsiders,
      port: ofPort,
      phoneRefused,
      phoneStops,
      phoneErrors,
      tokenLeaks,
      stateChanges,
      changes,
      internalFailures,
      serverErrors,
      alive,
      answers,
    };
  } finally {
    await insiders.close();
    await port.close();
    await desk.kill('SIGKILL');
    await line.close();
    rmSync(home, { recursive: true, force: true });
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function open(desk: DeskProcess): WebSocket {
  const socket = new WebSocket(`${new URL(desk.url).origin.replace('http', 'ws')}/wire`, { origin: new URL(desk.url).origin });
  socket.on('error', () => {});
  return socket;
}

/** A viewer's line: `calls` calls with anything in them, each answered; now and then the line ends with a broken frame. */
function viewerLine(desk: DeskProcess, random: Random, calls: number, count: (answer: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const socket = open(desk);
    let sent = 0;
    let answered = 0;
    const more = (): void => {
      while (sent < calls && sent - answered < IN_FLIGHT) {
        sent += 1;
        socket.send(fittingText(frameOf(random, sent)));
      }
      if (answered >= calls) socket.send(brokenText(random));
      if (answered >= calls) setTimeout(() => socket.close(), 20);
    };
    socket.on('open', () => socket.send(JSON.stringify({ kind: 'authenticate', token: desk.roles.viewer })));
    socket.on('close', () => resolve(answered));
    const finished = new Set<number>();
    socket.on('message', (data) => {
      const frame: { kind: string; id?: number; failure?: { code: string } } = JSON.parse(String(data));
      if (frame.kind !== 'authenticated') {
        const id = frame.id ?? 0;
        if (finished.has(id)) return;
        finished.add(id);
        answered += 1;
        count(frame.failure?.code ?? frame.kind);
        if (frame.kind === 'item') socket.send(JSON.stringify({ kind: 'unsubscribe', id }));
      }
      more();
    });
  });
}

/** A well-formed call; a subscription only to what does not exist, since a live one need not answer at once. */
function frameOf(random: Random, id: number): object {
  const frame = callFrame(random, id);
  return typeof frame === 'object' && frame !== null ? { ...frame, kind: 'call' } : {};
}

/** Somebody without a token: a broken first frame, a wrong token, or a call before signing in. */
function stranger(desk: DeskProcess, random: Random, count: (answer: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = open(desk);
    const first = random();
    const token = one(random, ['', 'x', 'x'.repeat(200), 'null', desk.token.slice(0, -1), `${desk.token} `]);
    socket.on('open', () => {
      socket.send(
        first < 0.4 ? brokenText(random) : JSON.stringify(first < 0.7 ? { kind: 'authenticate', token } : callFrame(random, 1)),
      );
      socket.send(
        JSON.stringify({
          kind: 'call',
          id: 1,
          name: 'killSwitch.throw',
          input: { commandId: 'fuzz-0000', verb: 'freeze', reason: 'x' },
        }),
      );
    });
    socket.on('message', () => count(STRANGER_ANSWERED));
    socket.on('close', (code) => {
      count(`stranger closed ${code}`);
      resolve();
    });
  });
}

/** One raw request; answers with its status, or 0 when the line was just closed. */
function rawRequest(desk: DeskProcess, random: Random): Promise<number> {
  const { port, host } = new URL(desk.url);
  const method = one(random, ['GET', 'POST', 'PUT', 'OPTIONS', 'G\u0000T', 'TRACE']);
  const path = one(random, [
    '/',
    '/wire',
    '/../settings.jsonc',
    '/%2e%2e/journal.db',
    '/?token=x',
    '/%zz',
    `/${'a'.repeat(9_000)}`,
    '*',
  ]);
  const name = one(random, [host, 'evil.example', `localhost:${port}`, '']);
  const extra = one(random, [
    '',
    'Origin: http://evil.example\r\n',
    'Upgrade: websocket\r\nConnection: Upgrade\r\n',
    'Content-Length: -1\r\n',
  ]);
  return new Promise((resolve) => {
    const line = connectTcp(Number(port), '127.0.0.1');
    let text = '';
    const end = (): void => {
      line.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0));
    };
    line.setTimeout(2_000, end);
    line.on('error', end);
    line.on('close', end);
    line.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (text.includes('\r\n\r\n')) end();
    });
    line.write(`${method} ${path} HTTP/1.1\r\nHost: ${name}\r\n${extra}\r\n`);
  });
}
