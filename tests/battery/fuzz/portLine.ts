import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { MessagePortMain } from 'electron';
import { openDesk } from '#app/desk/openDesk';
import { portPipe } from '#shell/portPipe';
import { connect } from '#wire/client';
import { serve } from '#wire/host';
import { memoryPipes } from '#wire/memoryPipe';
import type { Pipe } from '#wire/pipe';
import { callLine, type Wire } from './callLine.ts';
import { wordsOf } from './deskWords.ts';
import { bent, insiderCall, type Words } from './inputs.ts';
import { one, type Random } from './payloads.ts';

export interface PortResult {
  readonly portCalls: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly untyped: readonly string[];
  readonly unanswered: number;
  /** Lines that a frame which is none did not end. Must be 0. */
  readonly notEnded: number;
  /** What the host admitted as a mistake of its own, by call. Must be empty. */
  readonly mistakes: readonly string[];
  /** A field that the fuzz tried to put on every object. */
  readonly polluted: boolean;
  readonly alive: boolean;
}

const OWNER = { role: 'owner', via: 'desktop', name: 'owner' } as const;
const CALLS_A_LINE = 200;
const PATIENCE_MS = 20_000;

/** Electron's port as the shell sees it, over Node's own: the same copying of the same values. */
class PortOfMain extends EventEmitter implements Pick<MessagePortMain, 'start' | 'close' | 'postMessage'> {
  private readonly port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.on('message', (data: unknown) => this.emit('message', { data }));
    port.on('close', () => this.emit('close'));
  }
  start(): void {
    this.port.start();
  }
  close(): void {
    this.port.close();
  }
  postMessage(message: unknown): void {
    this.port.postMessage(message);
  }
}

/** The window's end of the shell's line to a desk in this process: frames with every value that a port can copy. */
export async function openPortLine(random: Random, seed: number) {
  const home = mkdtempSync(join(tmpdir(), 'strikedesk-fuzz-port-'));
  const before = process.env['STRIKEDESK_HOME'];
  process.env['STRIKEDESK_HOME'] = home;
  const desk = await openDesk({
    STRIKEDESK_SECRETS: 'environment',
    STRIKEDESK_SIMULATION_SEED: String(seed),
    STRIKEDESK_SIMULATION_SPEED: '10',
    STRIKEDESK_FAILSAFE_RELEASE_HOLD_SECONDS: '0',
  });
  if (before === undefined) delete process.env['STRIKEDESK_HOME'];
  else process.env['STRIKEDESK_HOME'] = before;
  const answers: Record<string, number> = {};
  const untyped: string[] = [];
  const mistakes: string[] = [];
  const onError = (where: string, error: unknown): void => void mistakes.push(`${where}: ${String(error).slice(0, 200)}`);
  let words: Words | null = null;
  let portCalls = 0;
  let unanswered = 0;
  let notEnded = 0;

  /** The shell's own way: a channel, one end served as the owner, the other one the window's. */
  function openWire(): Wire & { spoil(frame: unknown): Promise<boolean> } {
    const { port1, port2 } = new MessageChannel();
    serve(pipeOf(port1), desk.handlers, { caller: OWNER, onError });
    return {
      send: (frame) => port2.postMessage(frame),
      onFrame: (listener) => void port2.on('message', listener),
      onClosed: (listener) => void port2.once('close', listener),
      /** Whether the host ends the line for it. */
      spoil: (frame) =>
        new Promise((resolve) => {
          port2.once('close', () => resolve(true));
          setTimeout(() => resolve(false), PATIENCE_MS).unref();
          // Still listening: Node tells of the end of a port only to somebody who does.
          port2.removeAllListeners('message');
          port2.on('message', () => {});
          port2.postMessage(frame);
        }),
    };
  }

  function call(id: number) {
    const frame = insiderCall(random, id, words ?? {});
    return random() < 0.4 ? frame : { ...frame, input: bent(random, frame.input, () => one(random, CLONABLE)(random)) };
  }

  return {
    async attack(calls: number): Promise<number> {
      words ??= await inMemory(desk.handlers, onError, (client) => wordsOf(client, [''], ['0'.repeat(32)]));
      for (let left = calls; left > 0; left -= CALLS_A_LINE) {
        const wire = openWire();
        const result = await callLine(wire, Math.min(left, CALLS_A_LINE), call, (_, answer) => {
          answers[`port ${answer}`] = (answers[`port ${answer}`] ?? 0) + 1;
        });
        portCalls += result.answered;
        unanswered += result.sent - result.answered;
        untyped.push(...result.untyped.slice(0, 10));
        if (!(await wire.spoil(noFrame(random)))) notEnded += 1;
      }
      return calls;
    },
    async finish(): Promise<PortResult> {
      const halted = await inMemory(desk.handlers, onError, async (client) => {
        await client.command('killSwitch.throw', { commandId: 'fuzz-last-stop', verb: 'freeze', reason: 'the fuzz ends' });
        return (await client.query('killSwitch.history', {}))[0]?.to === 'HALTED';
      }).catch(() => false);
      const { ok } = desk.desk.parts.journal.verify();
      return {
        portCalls,
        answers,
        untyped,
        unanswered,
        notEnded,
        mistakes: mistakes.slice(0, 10),
        polluted: 'polluted' in Object.prototype,
        alive: halted && ok,
      };
    },
    async close(): Promise<void> {
      await desk.stop('the fuzz ends');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function pipeOf(port: MessagePort): Pipe {
  // The shell reads these four of Electron's port alone.
  return portPipe(new PortOfMain(port) as unknown as MessagePortMain);
}

async function inMemory<Answer>(
  handlers: Parameters<typeof serve>[1],
  onError: (where: string, error: unknown) => void,
  ask: (client: ReturnType<typeof connect>) => Promise<Answer>,
): Promise<Answer> {
  const [window, host] = memoryPipes();
  serve(host, handlers, { caller: OWNER, onError });
  const client = connect(window);
  try {
    return await ask(client);
  } finally {
    client.close();
  }
}

/** What a port can copy and JSON cannot carry, or not as it is; each made only when it is drawn, since some are large. */
const CLONABLE: readonly ((random: Random) => unknown)[] = [
  () => new Map<unknown, unknown>([['commandId', 'fuzz-map-00001']]),
  () => new Set([1, 2, 3]),
  () => 10n ** 30n,
  () => 0n,
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new RangeError('an error as a value'),
  () => new Uint8Array(16),
  () => new Float64Array([Number.NaN, 1]),
  () => new ArrayBuffer(8),
  () => /x+/gu,
  () => {
    const cycle: Record<string, unknown> = { commandId: 'fuzz-cycle-0001' };
    cycle['self'] = cycle;
    return cycle;
  },
  () => {
    const ring: unknown[] = [];
    ring.push(ring);
    return ring;
  },
  (random) => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 500; level++) deep = random() < 0.5 ? [deep] : { deep };
    return deep;
  },
  () => Object(1),
  () => Object('boxed'),
  () => Object(1n),
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -0,
  () => undefined,
  () => new Array(1_000_000),
  () => Object.assign(new Array(3), { 2: 3 }),
  () => 'x'.repeat(200_000),
  () => JSON.parse('{"__proto__":{"polluted":true}}'),
  () => JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
  () => Object.create(null),
  () => ({
    get getter() {
      return 'read while it is copied';
    },
  }),
];

/** No frame at all, or one that nearly is. */
function noFrame(random: Random): unknown {
  return one<unknown>(random, [
    new Map([['kind', 'call']]),
    null,
    7n,
    'call',
    [],
    { kind: 'call' },
    { kind: 'call', id: 1n, name: 'desk.about', input: {} },
    { kind: 'call', id: 0, name: 'desk.about', input: {} },
    { kind: 'call', id: 1, name: new Date(0), input: {} },
    { kind: 'subscribe', id: 1, name: 'x'.repeat(81), input: {} },
    { kind: 'unsubscribe', id: Number.NaN },
    { kind: 'call', id: 1, name: 'desk.about', input: {}, more: 1 },
    JSON.parse('{"__proto__":{"kind":"call"},"id":1}'),
  ]);
}
