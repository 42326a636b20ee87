import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { openJournalReader } from '#adapters/journal/journal';
import { signIn, startDesk } from '#support/deskProcess';
import { callLine, firstIdOf, type Wire } from './callLine.ts';
import { wordsOf } from './deskWords.ts';
import { insiderCall, type Words } from './inputs.ts';
import { brokenText, fittingText, type Random } from './payloads.ts';

export interface InsidersResult {
  readonly ownerCalls: number;
  readonly operatorCalls: number;
  /** By role and what became of it. */
  readonly answers: Readonly<Record<string, number>>;
  /** Commands that were done at least once, of those that the contract has. */
  readonly acted: readonly string[];
  /** Must be empty. */
  readonly untyped: readonly string[];
  /** Calls that nothing came back of. Must be 0. */
  readonly unanswered: number;
  /** Megabytes of the desk's process: the middle of its second quarter and of its last; null where the system does not tell. */
  readonly memoryMb: { readonly early: number; readonly late: number } | null;
  readonly memoryLevel: boolean;
  /** It obeys a stop after all of it, its journal's chain is whole, and it ends in order. */
  readonly alive: boolean;
}

/** Growth that a journal, its caches and a day's trades may cost. */
const MOST_GROWTH = 1.5;
const MEMORY_EACH = 100;
/** What is held and worked is looked up anew after so many calls. */
const WORDS_EACH = 20;

/** A desk of its own, where an owner and an operator send whatever the contract takes, and what it nearly takes. What they do is done. */
export async function openInsiders(random: Random, seed: number) {
  const home = mkdtempSync(join(tmpdir(), 'strikedesk-fuzz-insiders-'));
  const desk = await startDesk(home, ['--seed', String(seed), '--speed', '10'], {
    // Wrong proofs are part of the subject.
    STRIKEDESK_SERVER_WRONG_TOKENS: '1000000',
    STRIKEDESK_FAILSAFE_RELEASE_HOLD_SECONDS: '0',
  });
  const client = await signIn(desk.url, desk.token);
  const proofs = [desk.token, desk.token, desk.roles.operator, '000000', ''];
  const answers: Record<string, number> = {};
  const acted = new Set<string>();
  const untyped: string[] = [];
  const memory: number[] = [];
  const done = { owner: 0, operator: 0 };
  let nonces: readonly string[] = ['0'.repeat(32)];
  let words: Words = {};
  let rounds = 0;
  let unanswered = 0;

  async function line(role: 'owner' | 'operator', calls: number): Promise<void> {
    const wire = await openWire(desk.url, role === 'owner' ? desk.token : desk.roles.operator);
    const result = await callLine(
      wire,
      calls,
      (id) => insiderCall(random, id, { ...words, nonce: nonces }),
      (name, answer, output) => {
        const key = `${role} ${answer}`;
        answers[key] = (answers[key] ?? 0) + 1;
        if (answer === 'done') acted.add(name);
        if (answer === 'done' && name === 'killSwitch.beginRelease') nonces = [firstIdOf(output) ?? ''];
      },
    );
    done[role] += result.answered;
    unanswered += result.sent - result.answered;
    untyped.push(...result.untyped.slice(0, 10));
    wire.spoil(brokenText(random));
  }

  /** Somebody stopped it: what follows would all be refused for that. */
  async function releaseAgain(): Promise<void> {
    const [last] = await client.query('killSwitch.history', {});
    if (!last || last.to === 'ACTIVE') return;
    const id = `fuzz-release-${rounds}`;
    const { ids } = await client.command('killSwitch.beginRelease', { commandId: `${id}-hold` });
    const wish = { commandId: id, word: 'RESUME', nonce: ids[0] ?? '', reason: 'the fuzz goes on', proof: desk.token };
    await client.command('killSwitch.release', wish);
  }

  return {
    /** Some calls of the owner and fewer of the operator; answers how many. */
    async attack(calls: number): Promise<number> {
      await releaseAgain();
      if (rounds % WORDS_EACH === 0) words = await wordsOf(client, proofs, nonces);
      rounds += 1;
      const before = done.owner + done.operator;
      for (let left = calls; left > 0; left -= MEMORY_EACH) {
        await line(left % (3 * MEMORY_EACH) === 0 ? 'operator' : 'owner', Math.min(left, MEMORY_EACH));
        const megabytes = memoryOf(desk.child.pid);
        if (megabytes !== null) memory.push(megabytes);
      }
      return done.owner + done.operator - before;
    },
    async finish(): Promise<InsidersResult> {
      const stop = { commandId: 'fuzz-last-stop', verb: 'freeze', reason: 'the fuzz ends' } as const;
      const stopped = await client.command('killSwitch.throw', stop).catch(() => null);
      const [last] = await client.query('killSwitch.history', {}).catch(() => []);
      client.close();
      await desk.kill('SIGTERM');
      const journal = openJournalReader(join(home, 'journal.db'));
      const { ok } = journal.reader.verify();
      journal.close();
      const quarter = Math.ceil(memory.length / 4);
      const memoryMb =
        memory.length === 0
          ? null
          : { early: middleOf(memory.slice(quarter, 2 * quarter + 1)), late: middleOf(memory.slice(-quarter)) };
      return {
        ownerCalls: done.owner,
        operatorCalls: done.operator,
        answers,
        acted: [...acted].sort(),
        untyped,
        unanswered,
        memoryMb,
        memoryLevel: memoryMb === null || memoryMb.late <= memoryMb.early * MOST_GROWTH,
        alive: stopped !== null && last?.to === 'HALTED' && ok && desk.child.exitCode === 0,
      };
    },
    async close(): Promise<void> {
      await desk.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A signed-in line; `spoil` ends it with a text that is no frame. */
function openWire(url: string, token: string): Promise<Wire & { spoil(text: string): void }> {
  const { origin } = new URL(url);
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/wire`, { origin });
  const listeners = new Set<(frame: unknown) => void>();
  let welcomed = false;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed ${code}`)));
    socket.on('open', () => socket.send(JSON.stringify({ kind: 'authenticate', token })));
    socket.on('message', (data) => {
      const frame: unknown = JSON.parse(String(data));
      if (welcomed) for (const listener of listeners) listener(frame);
      else {
        welcomed = true;
        resolve({
          send: (out) => socket.send(fittingText(out)),
          onFrame: (listener) => void listeners.add(listener),
          onClosed: (listener) => void socket.on('close', listener),
          spoil(text) {
            listeners.clear();
            socket.send(text);
            setTimeout(() => socket.close(), 20);
          },
        });
      }
    });
  });
}

/** Megabytes that a process holds; null where /proc does not tell. */
function memoryOf(pid: number | undefined): number | null {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return null;
  }
}

function middleOf(numbers: readonly number[]): number {
  return Math.round([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);
}
